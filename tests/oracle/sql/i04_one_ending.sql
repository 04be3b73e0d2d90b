-- I4 every upload ends once, and stays ended
create temporary view terminal (state) as
  values ('completed'), ('failed'), ('cancelled'), ('dropped'), ('duplicate'), ('disabled');
create temporary view pointing as
  select o.*, coalesce(o.cancelled_by, o.duplicate_of, o.dropped_for) as pointer
    from devy.operation o;
select 'more than one terminal event between two replays: ' || o.id
  from operation o
 where (select count(*) from operation_event e
         where e.operation_id = o.id and e.state in (select state from terminal)) > o.replays + 1;
select 'terminal without an end, or an end without being terminal: ' || id
  from operation where (finished_at is not null) <> (state in (select state from terminal));
select 'illegal move in the history of ' || operation_id || ': ' || before || ' to ' || state
  from (select operation_id, state, at, lag(state) over (partition by operation_id order by seq) as before
          from operation_event) h
 where before is not null and before <> state and not (
      (before = 'received' and state in ('verified', 'disabled', 'dropped', 'duplicate', 'cancelled'))
   or (before = 'verified' and state in ('scheduled', 'cancelled', 'disabled', 'dropped', 'duplicate'))
   or (before in ('scheduled', 'processing') and state in
         ('processing', 'completed', 'failed', 'cancelled', 'held', 'dropped', 'verified'))
   or (before = 'held' and state in ('verified', 'cancelled', 'disabled'))
   or (before in (select t.state from terminal t) and state = 'verified')
   -- Version 1 dropped what a refused replay asked for: its records came with an upgrade.
   or (before in (select t.state from terminal t) and state = 'dropped'
       and at < (select max(applied_at) from schema_version where version = 2)));
select 'pointer to nothing, to itself or to another resource: ' || o.id
  from pointing o left join operation p on p.id = o.pointer
 where o.pointer is not null and (p.id is null or p.id = o.id or p.resource_id <> o.resource_id);
-- What one direction does says nothing of the other, but for the time that an answer to a write told.
select 'pointer to an operation of the other direction: ' || o.id
  from pointing o join operation p on p.id = o.pointer
 where p.direction <> o.direction
   and not (o.dropped_for is not null and p.attempt > 0 and p.event_at > o.event_at);
select 'asked to stop by an operation of the other direction: ' || o.id
  from operation o join operation p on p.id = o.cancel_requested_by
 where p.direction <> o.direction;
select 'pointer the wrong way in time: ' || o.id
  from pointing o join operation p on p.id = o.pointer
 where o.replays = 0 and p.replays = 0
   and ((o.cancelled_by is not null and p.arrival < o.arrival)
     or (o.duplicate_of is not null and p.arrival > o.arrival)
     or (o.dropped_for is not null and o.attempt = 0 and p.arrival > o.arrival));
with recursive chain as (
  select id as start, id, state::text, pointer, 0 as depth
    from pointing where state in ('cancelled', 'duplicate', 'dropped')
  union all
  select c.start, p.id, p.state::text, p.pointer, c.depth + 1
    from chain c join pointing p on p.id = c.pointer where c.depth < 10000)
select 'chain of pointers without an end: ' || start
  from chain group by start
having not bool_or(pointer is null and state not in ('duplicate', 'dropped'));
select 'resource whose newest or completed operation is not its own: ' || r.id
  from resource r
 where (newest_operation_id is not null and not exists (
          select from operation o
           where o.id = newest_operation_id and o.resource_id = r.id and o.direction = 'inbound'))
    or (newest_outbound_id is not null and not exists (
          select from operation o
           where o.id = newest_outbound_id and o.resource_id = r.id and o.direction = 'outbound'))
    or (completed_operation_id is not null and not exists (
          select from operation o where o.id = completed_operation_id and o.resource_id = r.id))
    or (completed_event_by is not null and not exists (
          select from operation o
           where o.id = completed_event_by and o.resource_id = r.id and o.event_at >= r.completed_event_at));
