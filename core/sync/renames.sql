-- Labels and milestones that were renamed or deleted at GitHub. Records whose base has them hear of it by the rows of
-- their issues (sync_rows_changed); those that were given one here, and have not sent it yet, are changed here, so
-- that nothing is sent under a name that is no more.

-- p_to: null: it was deleted. A label that has another name here keeps that.
create or replace function sync_name_changed(p_connection_id uuid, p_is_label boolean, p_from text, p_to text)
returns void language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  c_records_max constant integer := 500;
begin
  if p_is_label then
    update project_repository
       set labels = case when p_to is null then labels - p_from else (labels - p_from) || jsonb_build_object(p_to, labels -> p_from) end
     where id = p_connection_id and labels ? p_from;
    if found then return; end if;
  end if;
  with named as materialized (
    select t.id from task t left join sync_link l on l.id = t.id
     where t.connection_id = p_connection_id and t.deleted_at is null
       and case when p_is_label then p_from = any (t.labels) and not coalesce(l.base -> 'labels' ? p_from, false)
                else t.milestone = p_from and l.base ->> 'milestone' is distinct from p_from end
     order by t.id limit c_records_max for update of t
  ), changed as (
    update task t
       set labels = case when p_is_label
                         then array(select distinct x from unnest(array_replace(t.labels, p_from, p_to)) x where x is not null order by x)
                         else t.labels end,
           milestone = case when p_is_label then t.milestone else p_to end,
           version = t.version + 1, updated_at = clock_timestamp()
      from named n where t.id = n.id
    returning t.*
  )
  insert into record_version (record_id, version, origin, fields)
  select c.id, c.version, 'github',
         sync_task_fields(c.id) || jsonb_build_object('labels', (select coalesce(jsonb_agg(x order by x collate "C"), '[]') from unnest(c.labels) x),
                                                      'milestone', c.milestone)
    from changed c;
end $$;
comment on function sync_name_changed is 'A label or a milestone has another name at GitHub, or is no more: so it is in what was not sent yet.';
