#include "core/platform/queue/lease.hpp"

#include "core/platform/queue/lease_time.hpp"

namespace devy::queue {

constexpr pg::Statement fence_lease{"fence_lease", R"sql(
  select operation_fence(
    p_resource_id => $1::bigint,
    p_operation_id => $2::uuid,
    p_fence => $3::bigint,
    p_worker => $5::text,
    p_ttl => make_interval(secs => $4::double precision)))sql",
                                    true};

void fence(pg::Connection& connection, const Lease& lease, std::chrono::milliseconds ttl) {
  connection.execute(fence_lease, pg::Params(lease.resource, lease.operation.text(), lease.fence,
                                             seconds_of(ttl), lease.worker));
}

// This statement never waits: a locked lease row belongs to a fenced transaction, which has renewed
// it itself and keeps rescue away until it ends; in that case only the committed row is read.
constexpr pg::Statement beat_lease{"beat_lease", R"sql(
  with free as materialized (
    select l.resource_id
      from lease l
     where l.resource_id = $1::bigint
       and l.operation_id = $2::uuid
       and l.fence = $3::bigint
       and l.worker = $5::text
       for no key update skip locked
  ), renewed as (
    update lease l
       set lease_expires_at = clock_timestamp() + make_interval(secs => $4::double precision)
      from free
     where l.resource_id = free.resource_id
  )
  select exists (select 1 from lease
                  where resource_id = $1::bigint
                    and operation_id = $2::uuid
                    and fence = $3::bigint
                    and worker = $5::text) as is_held,
         exists (select 1 from operation
                  where id = $2::uuid
                    and cancel_requested_at is not null
                    and cancel_requested_by is null) as is_cancel_requested)sql",
                                   true};

Beat heartbeat(pg::Connection& connection, const Lease& lease, std::chrono::milliseconds ttl) {
  const auto result =
      connection.one(beat_lease, pg::Params(lease.resource, lease.operation.text(), lease.fence,
                                            seconds_of(ttl), lease.worker));
  return {result[0].boolean("is_held"), result[0].boolean("is_cancel_requested")};
}

}  // namespace devy::queue
