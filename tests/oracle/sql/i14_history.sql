-- I14 the history of each upload is whole
select 'gap in the events of ' || o.id
  from operation o
  left join lateral (select count(*) as n, min(seq) as low, max(seq) as high
                       from operation_event e where e.operation_id = o.id) e on true
 where (e.n, e.low, e.high) is distinct from (o.event_count::bigint, 1, o.event_count);
select 'last event does not tell the state of ' || o.id
  from operation o join operation_event e on e.operation_id = o.id and e.seq = o.event_count
 where e.state <> o.state or e.step is distinct from o.step;
select 'events of no operation: ' || operation_id
  from operation_event e where not exists (select from operation o where o.id = e.operation_id)
 group by operation_id;
select 'attempts of no operation: ' || operation_id
  from attempt a where not exists (select from operation o where o.id = a.operation_id)
 group by operation_id;
