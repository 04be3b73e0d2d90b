-- I7 one runs and one waits in each direction of each resource, at most
select 'more than one running operation of resource ' || resource_id
  from operation where state in ('scheduled', 'processing')
 group by resource_id having count(*) > 1;
select 'more than one waiting operation of resource ' || resource_id || ', ' || direction
  from operation where state in ('received', 'verified', 'held')
 group by resource_id, direction having count(*) > 1;
select 'two open attempts of resource ' || resource_id
  from attempt where ended_at is null group by resource_id having count(*) > 1;
