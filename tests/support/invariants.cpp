#include "tests/support/invariants.hpp"

#include <sstream>

#include "tests/support/psql.hpp"

namespace devy::testing {
namespace {

constexpr std::string_view invariants = R"sql(
set search_path = devy;
with recursive terminal (state) as (
  values ('completed'), ('failed'), ('cancelled'), ('dropped'), ('duplicate'), ('disabled')),
pointing as (
  select o.*, coalesce(o.cancelled_by, o.duplicate_of, o.dropped_for) as pointer from operation o),
chain as (
  select id as start, id, state, pointer, 0 as depth
    from pointing where state in ('cancelled', 'duplicate', 'dropped')
  union all
  select c.start, p.id, p.state, p.pointer, c.depth + 1
    from chain c join pointing p on p.id = c.pointer where c.depth < 10000),
history as (
  select operation_id, seq, state, lag(state) over (partition by operation_id order by seq) as before
    from operation_event),
tries as (
  select a.*, lag(fence) over by_fence as fence_before, lag(ended_at) over by_fence as ended_before,
         row_number() over by_fence as place
    from attempt a window by_fence as (partition by resource_id order by fence)),
broken (invariant, violations) as (
  select 'more than one running operation of a resource', count(*) from (
    select from operation where state in ('scheduled', 'processing')
     group by resource_id having count(*) > 1) x
  union all
  select 'more than one waiting operation of a resource', count(*) from (
    select from operation where state in ('received', 'verified', 'held')
     group by resource_id having count(*) > 1) x
  union all
  select 'running without its lease, or a lease without its running operation', count(*)
    from (select id, resource_id from operation where state in ('scheduled', 'processing')) o
    full join (select operation_id, resource_id from lease where operation_id is not null) l
      on l.operation_id = o.id and l.resource_id = o.resource_id
   where o.id is null or l.operation_id is null
  union all
  select 'lease without worker or end, or a free one with them', count(*) from lease
   where (operation_id is null) <> (worker is null)
      or (operation_id is null) <> (lease_expires_at is null)
  union all
  select 'pointer to nothing, to itself or to another resource', count(*)
    from pointing o left join operation p on p.id = o.pointer
   where o.pointer is not null
     and (p.id is null or p.id = o.id or p.resource_id <> o.resource_id)
  union all
  select 'pointer the wrong way in time', count(*)
    from pointing o join operation p on p.id = o.pointer
   where o.replays = 0 and p.replays = 0
     and ((o.cancelled_by is not null and p.arrival < o.arrival)
       or (o.duplicate_of is not null and p.arrival > o.arrival)
       or (o.dropped_for is not null and o.attempt = 0 and p.arrival > o.arrival))
  union all
  select 'chain of pointers without an end', count(*) from (
    select start from chain group by start
    having not bool_or(pointer is null and state not in ('duplicate', 'dropped'))) x
  union all
  select 'cancelled without who or why', count(*) from operation
   where state = 'cancelled' and cancelled_by is null and cancel_reason is null
  union all
  select 'fences that do not grow, or attempts that overlap', count(*) from tries
   where place > 1
     and (fence <= fence_before or ended_before is null or ended_before > started_at)
  union all
  select 'lease fence behind its attempts', count(*) from lease l
   where l.fence < (select max(fence) from attempt a where a.resource_id = l.resource_id)
  union all
  select 'attempt on another resource than its operation', count(*)
    from attempt a join operation o on o.id = a.operation_id where o.resource_id <> a.resource_id
  union all
  select 'attempt counter above its maximum', count(*) from operation where attempt > max_attempts
  union all
  select 'open attempt of an operation that does not run', count(*)
    from attempt a join operation o on o.id = a.operation_id
   where a.ended_at is null and o.state not in ('scheduled', 'processing')
  union all
  select 'running operation without exactly its open attempt', count(*)
    from operation o join lease l on l.operation_id = o.id
   where (select count(*) from attempt a
           where a.operation_id = o.id and a.ended_at is null and a.fence = l.fence) <> 1
  union all
  select 'terminal without an end, or an end without being terminal', count(*) from operation
   where (finished_at is not null) <> (state in (select state from terminal))
  union all
  select 'gap in the events', count(*) from operation o
   where (select count(*) from operation_event e where e.operation_id = o.id) <> o.event_count
      or (select max(seq) from operation_event e where e.operation_id = o.id) <> o.event_count
      or (select min(seq) from operation_event e where e.operation_id = o.id) <> 1
  union all
  select 'last event does not tell the state', count(*)
    from operation o join operation_event e on e.operation_id = o.id and e.seq = o.event_count
   where e.state <> o.state or e.step is distinct from o.step
  union all
  select 'more than one terminal event between two replays', count(*) from operation o
   where (select count(*) from operation_event e
           where e.operation_id = o.id and e.state in (select state from terminal)) > o.replays + 1
  union all
  select 'illegal move in the history', count(*) from history h
   where h.before is not null and h.before <> h.state and not (
        (h.before = 'received' and h.state in ('verified', 'disabled', 'dropped', 'duplicate', 'cancelled'))
     or (h.before = 'verified' and h.state in ('scheduled', 'cancelled', 'disabled', 'dropped', 'duplicate'))
     or (h.before in ('scheduled', 'processing') and h.state in ('processing', 'completed', 'failed',
           'cancelled', 'held', 'dropped', 'verified'))
     or (h.before = 'held' and h.state in ('verified', 'cancelled', 'disabled'))
     or (h.before in (select state from terminal) and h.state in ('verified', 'dropped')))
  union all
  select 'failed without code and text', count(*) from operation
   where state = 'failed' and (error_code is null or error_text is null)
  union all
  select 'resource whose newest or completed operation is not its own', count(*)
    from resource r
   where (newest_operation_id is not null and not exists (
            select 1 from operation o where o.id = newest_operation_id and o.resource_id = r.id))
      or (completed_operation_id is not null and not exists (
            select 1 from operation o where o.id = completed_operation_id and o.resource_id = r.id))
)
select invariant || ': ' || violations from broken where violations > 0;
)sql";

}  // namespace

std::vector<std::string> broken_queue_invariants(const std::string& conninfo) {
  std::istringstream lines(psql(conninfo, invariants));
  std::vector<std::string> broken;
  for (std::string line; std::getline(lines, line);)
    if (line.find(": ") != std::string::npos) broken.push_back(line);
  return broken;
}

}  // namespace devy::testing
