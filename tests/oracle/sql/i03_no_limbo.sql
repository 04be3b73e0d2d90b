-- I3 nothing is in limbo
-- With --settled nothing may be open at all but what waits for a person.
select 'open though everything should have ended: ' || id || ' ' || state
  from operation
 where :'settled' = 'yes' and finished_at is null and state <> 'held';
select 'nobody took it for :grace: ' || o.id
  from operation o join resource r on r.id = o.resource_id
 where :'settled' <> 'yes' and o.state in ('received', 'verified')
   and o.run_at < clock_timestamp() - :'grace'::interval
   -- A gate may hold its owner back, or let one run at a time.
   and not exists (select from owner_gate g
                    where g.owner = o.owner and g.direction = o.direction
                      and (g.is_serial or g.not_before > clock_timestamp() - :'grace'::interval))
   and r.is_enabled and coalesce(r.paused_until, '-infinity') < clock_timestamp()
   and not exists (select from queue_control where paused_until > clock_timestamp());
select 'its lease ran out and nobody noticed: ' || operation_id
  from lease
 where operation_id is not null and lease_expires_at < clock_timestamp() - :'grace'::interval;
select 'running without its lease, or a lease without its running operation: '
       || coalesce(o.id, l.operation_id)
  from (select id, resource_id from operation where state in ('scheduled', 'processing')) o
  full join (select operation_id, resource_id from lease where operation_id is not null) l
    on l.operation_id = o.id and l.resource_id = o.resource_id
 where o.id is null or l.operation_id is null;
select 'lease without worker or end, or a free one with them: resource ' || resource_id
  from lease
 where (operation_id is null) <> (worker is null)
    or (operation_id is null) <> (lease_expires_at is null);
select 'lease with another owner, lane or direction than its operation: ' || o.id
  from lease l join operation o on o.id = l.operation_id
 where (l.owner, l.lane, l.direction) is distinct from (o.owner, o.lane::text, o.direction::text);
select 'open attempt of an operation that does not run: ' || o.id
  from attempt a join operation o on o.id = a.operation_id
 where a.ended_at is null and o.state not in ('scheduled', 'processing');
select 'running operation without exactly its open attempt: ' || o.id
  from operation o join lease l on l.operation_id = o.id
 where (select count(*) from attempt a
         where a.operation_id = o.id and a.ended_at is null and a.fence = l.fence) <> 1;
-- What is given back again and again fails after a day (queue.stalled_max); the interval between two
-- attempts is an hour at most.
select 'given back for longer than a day without a new step: ' || id
  from operation
 where finished_at is null and stalled_for > interval '1 day' + interval '2 hours';
select 'attempt counter above its maximum: ' || id from operation where attempt > max_attempts;
