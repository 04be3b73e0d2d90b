#include "core/platform/queue/gate.hpp"

#include <algorithm>

#include "core/platform/base/time_text.hpp"

namespace devy::queue {

constexpr pg::Statement set_owner_gate{"set_owner_gate", R"sql(
  select owner_gate_set(
    p_owner => $1::text,
    p_direction => $2::text,
    p_not_before => $3::timestamptz,
    p_reason => $4::text,
    p_is_serial => $5::boolean))sql"};

void set_gate(pg::Connection& connection, const Gate& gate) {
  connection.execute(set_owner_gate, pg::Params(gate.owner, to_string(gate.direction),
                                                base::format_rfc3339(gate.not_before), gate.reason,
                                                gate.is_serial));
}

constexpr pg::Statement lift_owner_gate{"lift_owner_gate", R"sql(
  select owner_gate_lift(p_owner => $1::text, p_direction => $2::text))sql"};

void lift_gate(pg::Connection& connection, std::string_view owner, Direction direction) {
  connection.execute(lift_owner_gate, pg::Params(owner, to_string(direction)));
}

// In the order of their times: the first that holds something back is the answer.
constexpr pg::Statement find_next_gate{"find_next_gate", R"sql(
  select extract(epoch from g.not_before - clock_timestamp())::double precision * 1000 as opens_ms
    from owner_gate g
   where g.not_before > clock_timestamp()
     and g.not_before < 'infinity'
     and exists (select 1
                   from operation o
                  where o.state = 'verified'
                    and o.lane = $1::text
                    and o.owner = g.owner
                    and o.direction = g.direction)
   order by g.not_before
   limit 1)sql"};

std::optional<std::chrono::milliseconds> next_gate(pg::Connection& connection,
                                                   std::string_view lane) {
  const auto found = connection.maybe(find_next_gate, pg::Params(lane));
  if (!found) return std::nullopt;
  const double opens_ms = std::clamp((*found)[0].real("opens_ms"), 0.0, 1e9);
  return std::chrono::milliseconds(static_cast<long>(opens_ms) + 1);
}

}  // namespace devy::queue
