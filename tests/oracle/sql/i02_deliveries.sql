-- I2 what was acknowledged is stored
-- A day at most: pruning leaves that alone. Where it does not, nothing is asked from before the oldest
-- delivery that is left.
select 'accepted push without its upload: ' || guid
  from delivery d
 where verdict = 'accepted' and event = 'push' and received_at > now() - interval '1 day'
   and not exists (select from upload u where u.delivery_guid = d.guid);
select 'upload of a delivery that is not stored: ' || operation_id
  from upload u join operation o on o.id = u.operation_id
 where delivery_guid is not null and o.created_at > now() - interval '1 day'
   and o.created_at > (select coalesce(min(received_at), '-infinity') from delivery)
   and not exists (select from delivery d where d.guid = u.delivery_guid);
