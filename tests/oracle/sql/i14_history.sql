-- I14 the history of each upload is whole
select 'gap in the events of ' || o.id
  from operation o
  left join lateral (select count(*) as n, min(seq) as low, max(seq) as high
                       from operation_event e where e.operation_id = o.id) e on true
 where (e.n, e.low, e.high) is distinct from (o.event_count::bigint, 1, o.event_count);
select 'last event does not tell the state of ' || o.id
  from operation o join operation_event e on e.operation_id = o.id and e.seq = o.event_count
 where e.state <> o.state or e.step is distinct from o.step;
select 'equal interruptions in a row that are not one row: ' || operation_id
  from (select operation_id, outcome, lag(outcome) over w as outcome_before,
               (error_code, step) is not distinct from
                 (lag(error_code) over w, lag(step) over w) as is_equal
          from attempt window w as (partition by operation_id order by fence)) a
 where outcome = 'interrupted' and outcome_before = 'interrupted' and is_equal
   -- The operation has ended with the last of them, or was replayed between the two.
   and exists (select from operation o
                where o.id = a.operation_id and o.finished_at is null and o.replays = 0);
select 'events of no operation: ' || operation_id
  from operation_event e where not exists (select from operation o where o.id = e.operation_id)
 group by operation_id;
select 'attempts of no operation: ' || operation_id
  from attempt a where not exists (select from operation o where o.id = a.operation_id)
 group by operation_id;
