-- What GitHub tells becomes operations of records, lane `work`: of deliveries, in the transaction that stores them,
-- and of rows of the mirror that changed otherwise.

-- Which repositories are a project's, or once were: deliveries about others are none of ours.
create or replace function sync_known(p_repositories bigint[]) returns table (o_repository_id bigint, o_connection_id uuid)
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select r.id, (sync_connection_of(r.id)).id
    from (select distinct unnest(p_repositories) as id) r
   where exists (select from project_repository c where c.repository_id = r.id)
$$;
comment on function sync_known is 'The connections of repositories, by GitHub''s ids; of one that was disconnected the last.';

-- Whether an event is from before a write of ours, and nothing newer of GitHub waits or runs: it may be all that is
-- left of an edit that the write took the place of, and is looked at.
create or replace function sync_was_overwritten(p_link uuid, p_event_at timestamptz) returns boolean
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select exists (
    select from sync_link l
      join resource r on r.id = l.resource_id
      join operation w on w.id = r.completed_event_by
     where l.id = p_link and w.direction = 'outbound' and p_event_at < r.completed_event_at
       and not exists (select from operation o where o.resource_id = r.id and o.direction = 'inbound'
                                                 and o.state in ('verified', 'held', 'scheduled', 'processing')))
$$;

-- Records an operation for each entry: of a task (number) or of a comment (key, number of its issue). Where a
-- connection was disconnected, only what has a pair gets one, which ends as disabled. An entry that is_extra is a
-- task that a comment's delivery also tells of: recorded only as long as the task does not exist.
create or replace function sync_inbound_record(
  p_id uuid[], p_connection_id uuid[], p_kind text[], p_key bigint[], p_number bigint[], p_marker text[],
  p_guid uuid[], p_installation bigint[], p_action text[], p_event_at timestamptz[], p_revision text[],
  p_is_extra boolean[], p_is_forced boolean[], p_source text)
returns table (o_place bigint, o_id uuid) language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  e record;
  v_is_living boolean;
  v_task uuid;
  v_link uuid;
  v_links uuid[] := '{}';
  v_places bigint[] := '{}';
  v_forced boolean[] := '{}';
begin
  for e in
    select * from unnest(p_connection_id, p_kind, p_key, p_number, p_marker, p_is_extra)
      with ordinality as n (connection_id, kind, key, number, marker, is_extra, place) order by n.place
  loop
    select c.state <> 'disconnected' into v_is_living from project_repository c where c.id = e.connection_id;
    continue when not found;
    if e.kind = 'task' then
      v_link := case when v_is_living then sync_link_ensure(e.connection_id, 'task', e.key, null, e.marker)
                     else sync_link_find(e.connection_id, 'task', e.key, null) end;
      continue when e.is_extra and exists (select from task t where t.id = v_link);
    elsif v_is_living then
      v_task := sync_link_ensure(e.connection_id, 'task', e.number);
      v_link := sync_link_ensure(e.connection_id, 'comment', e.key, v_task, e.marker);
    else
      v_link := sync_link_find(e.connection_id, 'comment', e.key, null);
    end if;
    continue when v_link is null;
    v_links := v_links || v_link;
    v_places := v_places || e.place;
    v_forced := v_forced || (p_is_forced[e.place] or sync_was_overwritten(v_link, p_event_at[e.place]));
  end loop;
  if v_links = '{}' then return; end if;
  -- A row that came back: what was heard of its end counts no more.
  update resource r set completed_event_at = null, completed_event_by = null
    from unnest(v_links, v_places) n (link, place)
    join sync_link l on l.id = n.link
   where p_is_forced[n.place] and r.id = l.resource_id;
  return query
  with ingested as materialized (
    select v_places[i.o_place] as place, v_links[i.o_place] as link, i.o_id as id, i.o_is_new as is_new
      from operations_ingest(
             p_id => array(select p_id[n] from unnest(v_places) n),
             p_kind => array(select p_kind[n] || '_sync' from unnest(v_places) n),
             p_resource_kind => array(select p_kind[n] from unnest(v_places) n),
             p_key => v_links::text[],
             p_owner => array_fill(null::text, array[cardinality(v_links)]),
             p_event_id => array(select p_guid[n]::text from unnest(v_places) n),
             p_event_at => array(select p_event_at[n] from unnest(v_places) n),
             p_revision => array(select p_revision[n] from unnest(v_places) n),
             p_variant => array_fill(''::text, array[cardinality(v_links)]),
             p_lane => array_fill('work'::text, array[cardinality(v_links)]),
             p_direction => array_fill('inbound'::text, array[cardinality(v_links)]),
             p_priority => array_fill(110::smallint, array[cardinality(v_links)]),
             p_max_attempts => array_fill(12, array[cardinality(v_links)]),
             p_source => p_source,
             p_is_forced => v_forced) i
  ), noted as (
    insert into sync_operation (operation_id, link_id, connection_id, github_installation_id, delivery_guid, action,
                                github_key, github_updated_at)
    select i.id, i.link, p_connection_id[i.place], p_installation[i.place], p_guid[i.place], p_action[i.place],
           p_key[i.place], nullif(p_event_at[i.place], 'infinity')
      from ingested i
     where i.is_new
        on conflict do nothing
  )
  select i.place, i.id from ingested i;
end $$;
comment on function sync_inbound_record is 'Records inbound operations of tasks and comments, and makes their pairs.';

-- Of rows of the mirror that changed in this transaction: those of living connections whose first sync does not
-- wait for the mirror (it reads all rows then), with what they say now. p_action: as in the change feed.
create or replace function sync_rows_changed(p_relation text[], p_id bigint[], p_action text[])
returns table (o_connection_id uuid, o_kind text, o_key bigint, o_number bigint, o_is_restored boolean,
               o_is_gone boolean, o_at timestamptz, o_row jsonb, o_base_digest text, o_is_same_otherwise boolean, o_link uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with changed as materialized (
    select 'task' as kind, i.repository_id, i.number::bigint as key, i.number::bigint as number, bool_or(n.action = 'restore') as is_restored
      from unnest(p_relation, p_id, p_action) n (relation, id, action)
      join github.issue i on n.relation = 'issue' and i.id = n.id
     group by 1, 2, 3, 4
    union all
    select 'task', p.repository_id, p.number, p.number, bool_or(n.action = 'restore')
      from unnest(p_relation, p_id, p_action) n (relation, id, action)
      join github.pull_request p on n.relation = 'pull_request' and p.id = n.id
     group by 1, 2, 3, 4
    union all
    select 'comment', c.repository_id, c.id, c.number, bool_or(n.action = 'restore')
      from unnest(p_relation, p_id, p_action) n (relation, id, action)
      join github.issue_comment c on n.relation = 'issue_comment' and c.id = n.id
     where c.number is not null
     group by 1, 2, 3, 4
    union all
    -- No event of an issue tells that its milestone has another title.
    select 'task', i.repository_id, i.number, i.number, false
      from unnest(p_relation, p_id, p_action) n (relation, id, action)
      join github.milestone m on n.relation = 'milestone' and m.id = n.id and n.action <> 'insert'
      join github.issue i on i.repository_id = m.repository_id and i.milestone_number = m.number
     group by 1, 2, 3, 4
  )
  select c.id, n.kind, n.key, n.number, n.is_restored, s.o_deleted_at is not null, s.o_at, s.o_fields,
         -- A pair whose base is not certain is none that heard nothing.
         case when l.id is not null then coalesce(l.base_digest, '-') end,
         coalesce(s.o_flags = sync_task_flags(l.id) and l.gone_at is null, n.kind = 'comment' and l.gone_at is null), l.id
    from (select kind, repository_id, key, number, bool_or(is_restored) as is_restored from changed
           where number is not null group by 1, 2, 3, 4) n
    join project_repository c on c.repository_id = n.repository_id
                             and c.state not in ('connecting', 'loading', 'disconnected')
   cross join lateral sync_said(n.kind, n.repository_id, n.key) s
    left join sync_link l on l.connection_id = c.id and l.kind = n.kind and l.github_key = n.key
   where l.gone_reason is distinct from 'unlinked'
   order by c.id, n.kind desc, n.key;
end $$;
comment on function sync_rows_changed is 'What rows of the mirror that changed mean for records; a pull request is the task of its issue.';
