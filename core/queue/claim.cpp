#include "core/queue/lease.hpp"
#include "core/queue/lease_time.hpp"
#include "core/queue/read_row.hpp"

namespace devy::queue {

// Every eligibility test is inside the candidates, so that a row is locked only to be taken. Two
// passes: first operations of owners below their share, and only when there is none, any. The lease
// is taken by compare-and-set; who loses takes nothing and looks again.
constexpr pg::Statement claim_operation{"claim_operation", R"sql(
  with busy as materialized (
    select o.owner, count(*) as running
      from lease l
      join operation o on o.id = l.operation_id
     where l.operation_id is not null
     group by o.owner
  ), fair as materialized (
    select o.id, o.resource_id
      from operation o
     where o.state = 'verified'
       and o.run_at <= now()
       and ($5::uuid is null or o.id = $5::uuid)
       and not exists (select 1 from queue_control where paused_until > now())
       and not exists (select 1 from lease l
                        where l.resource_id = o.resource_id and l.operation_id is not null)
       and not exists (select 1 from resource r
                        where r.id = o.resource_id
                          and (not r.is_enabled or r.paused_until is not null)
                          and (not r.is_enabled or r.paused_until > now()))
       and not exists (select 1 from busy b where b.owner = o.owner and b.running >= $4::integer)
     order by o.priority, o.run_at, o.arrival
     limit $3::integer
       for update of o skip locked
  ), any_owner as materialized (
    select o.id, o.resource_id
      from operation o
     where (select count(*) from fair) = 0
       and exists (select 1 from busy b where b.running >= $4::integer)
       and o.state = 'verified'
       and o.run_at <= now()
       and ($5::uuid is null or o.id = $5::uuid)
       and not exists (select 1 from queue_control where paused_until > now())
       and not exists (select 1 from lease l
                        where l.resource_id = o.resource_id and l.operation_id is not null)
       and not exists (select 1 from resource r
                        where r.id = o.resource_id
                          and (not r.is_enabled or r.paused_until is not null)
                          and (not r.is_enabled or r.paused_until > now()))
     order by o.priority, o.run_at, o.arrival
     limit $3::integer
       for update of o skip locked
  ), candidate as (
    select id, resource_id from fair
    union all
    select id, resource_id from any_owner
  ), taken as (
    insert into lease as l (resource_id, fence, operation_id, worker, lease_expires_at)
    select resource_id, 1, id, $1::text,
           clock_timestamp() + make_interval(secs => $2::double precision)
      from candidate
        on conflict (resource_id) do update
       set fence = l.fence + 1,
           operation_id = excluded.operation_id,
           worker = excluded.worker,
           lease_expires_at = excluded.lease_expires_at
     where l.operation_id is null
    returning l.resource_id, l.operation_id, l.fence
  ), claimed as (
    update operation o
       set state = 'scheduled',
           attempt = o.attempt + 1,
           started_at = coalesce(o.started_at, clock_timestamp())
      from taken t
     where o.id = t.operation_id
    returning o.*, t.fence
  ), tried as (
    insert into attempt (operation_id, fence, resource_id, number, worker, started_at)
    select id, fence, resource_id, attempt, $1::text, clock_timestamp()
      from claimed
  )
  select id, resource_id, fence, kind, step, fetched_revision, announced_revision, attempt,
         max_attempts, is_forced, is_approved
    from claimed)sql"};

std::vector<Lease> claim(pg::Connection& connection, const base::Clock& clock,
                         const ClaimOptions& options) {
  const auto sent_at = clock.monotonic_now();
  const auto only = options.only ? std::optional(options.only->text()) : std::nullopt;
  const auto result =
      connection.query(claim_operation, pg::Params(options.worker, seconds_of(options.ttl),
                                                   options.limit, options.owner_running_max, only));
  std::vector<Lease> leases;
  for (const auto row : result) {
    Lease lease;
    lease.operation = read_id(row, "id");
    lease.resource = row.integer("resource_id");
    lease.fence = row.integer("fence");
    lease.kind = row.text("kind");
    lease.step = row.maybe_text("step");
    lease.fetched_revision = row.maybe_text("fetched_revision");
    lease.announced_revision = row.maybe_text("announced_revision");
    lease.attempt = static_cast<int>(row.integer("attempt"));
    lease.max_attempts = static_cast<int>(row.integer("max_attempts"));
    lease.is_forced = row.truth("is_forced");
    lease.is_approved = row.truth("is_approved");
    lease.trusted_until = trusted_until(sent_at, options.ttl);
    leases.push_back(std::move(lease));
  }
  return leases;
}

}  // namespace devy::queue
