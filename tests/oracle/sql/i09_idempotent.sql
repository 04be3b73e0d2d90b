-- I9 the same event twice changes nothing the second time
select 'upload ' || v.operation_id || ' wrote a post twice: ' || v.post_id
  from revision v join operation o on o.id = v.operation_id and o.replays = 0
 group by v.operation_id, v.post_id having count(*) > 1;
select 'a delivery made two uploads that are no duplicates: ' || u.delivery_guid
  from upload u join operation o on o.id = u.operation_id and o.state <> 'duplicate'
 where u.delivery_guid is not null
 group by o.resource_id, o.direction, u.delivery_guid having count(*) > 1;
select 'an event was taken twice: ' || event_id
  from operation where event_id is not null and state <> 'duplicate'
 group by resource_id, direction, event_id having count(*) > 1;
select 'an upload completed twice without a replay: ' || a.operation_id
  from attempt a join operation o on o.id = a.operation_id
 where a.outcome = 'completed' group by a.operation_id, o.replays having count(*) > o.replays + 1;
