#pragma once
// Ways to break the product on purpose, in a test's own database only: chaos has to notice.

#include <string_view>

namespace devy::testing {

// Leases are asked for no fence any more: whoever has lost one goes on writing.
inline constexpr std::string_view without_fence = R"sql(
do $mutation$
declare
  checked constant text :=
    E'resource_id = p_resource_id and operation_id = p_operation_id and fence = p_fence\n'
    '     and worker = p_worker';
  name regprocedure;
begin
  for name in select oid from pg_proc
               where pronamespace = 'devy'::regnamespace
                 and proname in ('operation_fence', 'operation_finish') loop
    if position(checked in pg_get_functiondef(name)) = 0 then
      raise exception '% has no fence to take away', name;
    end if;
    execute replace(pg_get_functiondef(name), checked, 'resource_id = p_resource_id');
  end loop;
end $mutation$;
)sql";

}  // namespace devy::testing
