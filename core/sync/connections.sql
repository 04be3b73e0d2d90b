-- Connections at work: the steps of a first sync, and what happens to them by itself.

-- ---- steps

-- Moves a connection to its next step, unless somebody has moved it elsewhere meanwhile. False: he has.
create or replace function connection_step(
  p_connection_id uuid, p_from text, p_to text, p_cursor jsonb, p_done integer, p_total integer) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  update project_repository
     set state = p_to, cursor = p_cursor, done = coalesce(p_done, done),
         total = case when p_from = p_to then coalesce(p_total, total) else p_total end,
         reason = null, former_state = null
   where id = p_connection_id and state = p_from;
  return found;
end $$;
comment on function connection_step is 'One step of the first sync on, or further in the same.';

-- Makes pairs of things at GitHub that have none, many at once; p_parent: of a comment the pair of its issue. One
-- that somebody else makes meanwhile is his. Those with a marker may be ours, and are looked up one by one.
create or replace function connection_links_make(
  p_connection_id uuid, p_kind text, p_key bigint[], p_parent uuid[], p_marker text[])
returns void language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_owner constant text := sync_owner(p_connection_id);
begin
  perform sync_link_ensure(p_connection_id, p_kind, n.key, n.parent, n.marker)
    from unnest(p_key, p_parent, p_marker) n (key, parent, marker) where n.marker is not null;
  with new as materialized (
    select n.key, n.parent, gen_random_uuid() as id
      from unnest(p_key, p_parent, p_marker) n (key, parent, marker)
     -- Looked up one by one: until the tables' statistics are right a join would read all pairs each time.
     where (select k.id from sync_link k
             where k.connection_id = p_connection_id and k.kind = p_kind and k.github_key = n.key) is null
  ), made as (
    insert into resource (kind, key, owner) select p_kind, new.id::text, v_owner from new order by new.key
    returning id, key
  )
  insert into sync_link (id, kind, resource_id, connection_id, parent_id, github_key)
  select new.id, p_kind, made.id, p_connection_id, new.parent, new.key
    from new join made on made.key = new.id::text
   order by new.key
      on conflict on constraint sync_link_key do nothing;
end $$;

-- Pairs of issues and pull requests behind a number, made where there are none; of those that have ended, too, if
-- they had a pair. In the order of their numbers.
create or replace function connection_issue_links(p_connection_id uuid, p_after bigint, p_limit integer)
returns table (o_key bigint, o_link uuid) language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_repository constant bigint := (select repository_id from project_repository where id = p_connection_id);
  v record;
begin
  select coalesce(array_agg(i.number::bigint order by i.number), '{}') as keys,
         coalesce(array_agg(i.number::bigint order by i.number) filter (where i.deleted_at is null), '{}') as living,
         coalesce(array_agg(sync_marker_in(i.body) order by i.number) filter (where i.deleted_at is null), '{}') as markers
    into v
    from (select x.number, x.body, x.deleted_at from github.issue x
           where x.repository_id = v_repository and x.number > p_after
           order by x.number limit p_limit) i;
  perform connection_links_make(p_connection_id, 'task', v.living, null, v.markers);
  return query
  select n.key, (select k.id from sync_link k
                  where k.connection_id = p_connection_id and k.kind = 'task' and k.github_key = n.key)
    from unnest(v.keys) n (key)
   order by n.key;
end $$;
comment on function connection_issue_links is 'A batch of a repository''s issues for the first sync, as pairs.';

-- Likewise of comments behind a place, in the order of their issues' numbers; those of issues without a pair have none.
create or replace function connection_comment_links(
  p_connection_id uuid, p_after_number bigint, p_after_id bigint, p_limit integer)
returns table (o_number bigint, o_key bigint, o_link uuid) language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_repository constant bigint := (select repository_id from project_repository where id = p_connection_id);
  v record;
begin
  select coalesce(array_agg(m.number::bigint order by m.number, m.id), '{}') as numbers,
         coalesce(array_agg(m.id order by m.number, m.id), '{}') as keys,
         coalesce(array_agg(m.id order by m.number, m.id) filter (where m.is_living), '{}') as living,
         coalesce(array_agg(m.parent order by m.number, m.id) filter (where m.is_living), '{}') as parents,
         coalesce(array_agg(sync_marker_in(m.body) order by m.number, m.id) filter (where m.is_living), '{}') as markers
    into v
    from (select x.number, x.id, x.body, x.parent, x.deleted_at is null and x.parent is not null as is_living
            from (select c.number, c.id, c.body, c.deleted_at,
                         (select k.id from sync_link k
                           where k.connection_id = p_connection_id and k.kind = 'task' and k.github_key = c.number) as parent
                    from github.issue_comment c
                   where c.repository_id = v_repository and c.number >= p_after_number
                     and (c.number, c.id) > (p_after_number, p_after_id)
                   order by c.number, c.id limit p_limit) x) m;
  perform connection_links_make(p_connection_id, 'comment', v.living, v.parents, v.markers);
  return query
  select n.number, n.key, (select k.id from sync_link k
                            where k.connection_id = p_connection_id and k.kind = 'comment' and k.github_key = n.key)
    from unnest(v.numbers, v.keys) n (number, key)
   order by n.number, n.key;
end $$;
comment on function connection_comment_links is 'A batch of a repository''s comments for the first sync, as pairs.';

-- A marker of ours in a text, if it may be one; whose it is says its pair.
create or replace function sync_marker_in(p_text text) returns text language sql immutable as $$
  select case when strpos(p_text, '<!-- devy:') > 0
              then substring(p_text from '<!-- devy:(?:task|comment):[0-9a-f-]{36}:[0-9a-f]{16} -->\s*$') end
$$;

-- Pairs and the mirror's rows side by side, behind a key: what verifying compares. Without o_link the mirror has it
-- alone; without o_said GitHub has it no more.
create or replace function connection_pairs(p_connection_id uuid, p_kind text, p_after bigint, p_limit integer)
returns table (o_key bigint, o_link uuid, o_said text, o_is_gone boolean, o_base text, o_base_digest text, o_local text,
               o_is_pending boolean)
language plpgsql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_repository constant bigint := (select repository_id from project_repository where id = p_connection_id);
begin
  return query
  select n.key, l.id, case when s.o_deleted_at is null then s.o_fields::text end,
         coalesce(l.gone_at is not null, false), l.base::text, l.base_digest,
         case p_kind when 'task' then sync_task_fields(l.id) else sync_comment_fields(l.id) end::text,
         coalesce(l.owed > 0 or l.refused <> '{}' or l.intent is not null or exists (
           select from operation o where o.resource_id = l.resource_id and o.finished_at is null), false)
    from (
      select k.github_key as key from sync_link k
       where k.connection_id = p_connection_id and k.kind = p_kind and k.github_key > p_after
      union
      select x.key from (
        select i.number::bigint as key from github.issue i
         where p_kind = 'task' and i.repository_id = v_repository and i.number > p_after and i.deleted_at is null
        union all
        select m.id from github.issue_comment m
         where p_kind = 'comment' and m.repository_id = v_repository and m.id > p_after and m.deleted_at is null
           and m.number is not null) x
      order by 1 limit p_limit) n
    left join sync_link l on l.connection_id = p_connection_id and l.kind = p_kind and l.github_key = n.key
    left join lateral sync_said(p_kind, v_repository, n.key) s on true
   order by n.key;
end $$;

-- Has each of these brought together again: what GitHub says is merged, and what it was never told is sent.
create or replace function connection_repair(p_connection_id uuid, p_kind text[], p_key bigint[], p_is_unsent boolean[])
returns integer language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  e record;
  v_repaired integer;
begin
  for e in
    select l.id from unnest(p_kind, p_key, p_is_unsent) n (kind, key, is_unsent)
      join sync_link l on l.connection_id = p_connection_id and l.kind = n.kind and l.github_key = n.key
     where n.is_unsent order by l.id
  loop
    update sync_link set owed = 1 where id = e.id and owed = 0;
    perform sync_outbound_record(e.id, 160::smallint, 'repair', null);
  end loop;
  with asked as (
    select array_agg(gen_random_uuid()) as id, array_agg(p_connection_id) as connection_id, array_agg(n.kind) as kind,
           array_agg(n.key) as key, array_agg(coalesce(m.number::bigint, n.key)) as number,
           array_agg(null::text) as marker, array_agg(null::uuid) as guid, array_agg(null::bigint) as installation,
           array_agg(null::text) as action, array_agg(null::timestamptz) as event_at, array_agg(null::text) as revision,
           array_agg(false) as is_no, array_agg(true) as is_yes
      from unnest(p_kind, p_key, p_is_unsent) n (kind, key, is_unsent)
      left join github.issue_comment m on n.kind = 'comment' and m.id = n.key
     where not n.is_unsent
  )
  select count(*) into v_repaired
    from asked a cross join lateral sync_inbound_record(
           a.id, a.connection_id, a.kind, a.key, a.number, a.marker, a.guid, a.installation, a.action, a.event_at,
           a.revision, a.is_no, a.is_yes, 'repair') r
   where a.id is not null;
  return v_repaired + (select count(*) from unnest(p_is_unsent) u where u)::integer;
end $$;
comment on function connection_repair is 'Records operations that bring records and GitHub together again.';

-- Tasks of ours that are to become issues: those that no connection has.
create or replace function connection_exportable(p_connection_id uuid, p_limit integer) returns setof uuid
language sql stable set search_path = devy, pg_temp as $$
  select t.id
    from project_repository c
    join task t on t.project_id = c.project_id and t.connection_id is null and t.deleted_at is null
     and (c.export = 'all' or (c.export = 'open' and t.state = 'open'))
   where c.id = p_connection_id and c.export <> 'none'
   order by t.number
   limit p_limit
$$;

-- Has a batch of them, and their comments, become the connection's; each is owed to GitHub. Returns how many
-- tasks. Their operations are the caller's to record.
create or replace function connection_export(p_connection_id uuid, p_limit integer) returns setof uuid
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_tasks uuid[];
begin
  v_tasks := array(select connection_exportable(p_connection_id, p_limit));
  update task set connection_id = p_connection_id where id = any (v_tasks);
  perform sync_link_of_record(t.id, 'task', p_connection_id, null) from task t where t.id = any (v_tasks);
  perform sync_link_of_record(m.id, 'comment', p_connection_id, m.task_id)
    from comment m where m.task_id = any (v_tasks) and m.deleted_at is null;
  update sync_link set owed = 1
   where connection_id = p_connection_id and (id = any (v_tasks) or parent_id = any (v_tasks)) and github_key is null and owed = 0;
  return query select unnest(v_tasks);
end $$;
comment on function connection_export is 'Links a batch of our own tasks with a repository where they are to be made.';

-- What waits to be sent and has no operation, as after a time without a connection: each gets one, a batch behind an
-- id. Returns the last id; null: there are no more.
create or replace function connection_send_owed(p_connection_id uuid, p_after uuid, p_limit integer) returns uuid
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_links uuid[];
begin
  v_links := array(
    select l.id from sync_link l
     where l.connection_id = p_connection_id and l.gone_at is null and l.owed > 0
       and (p_after is null or l.id > p_after)
       and not exists (select from operation o
                        where o.resource_id = l.resource_id and o.direction = 'outbound' and o.finished_at is null and o.state <> 'held')
     order by l.id limit p_limit);
  perform sync_outbound_record(n.id, 160::smallint, 'reconcile', null) from unnest(v_links) as n (id);
  return v_links[cardinality(v_links)];
end $$;
comment on function connection_send_owed is 'Has sent what is owed to GitHub and that nothing would send.';

-- Switches the resources of a connection's tasks and comments, at most that many; returns how many it switched. What
-- waits for one that is switched off ends as disabled.
create or replace function connection_switch(p_connection_id uuid, p_is_enabled boolean, p_limit integer)
returns integer language plpgsql set search_path = devy, pg_temp as $$
declare
  v_resources bigint[];
begin
  v_resources := array(
    select r.id from sync_link k join resource r on r.id = k.resource_id
     where k.connection_id = p_connection_id and r.is_enabled <> p_is_enabled
     order by r.id limit p_limit);
  perform resource_switch(n.id, p_is_enabled) from unnest(v_resources) as n (id);
  return cardinality(v_resources);
end $$;
comment on function connection_switch is 'Switches syncing of a connection''s records on or off, a batch at a time.';

-- ---- what happens by itself

-- Connections whose records are due to be compared, and those in the middle of a step that nothing carries on.
create or replace function connections_due(p_verify_every interval, p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_id uuid;
  v_recorded integer := 0;
begin
  for v_id in
    select c.id from project_repository c
     where (c.state = 'synced' and c.verify_at < clock_timestamp() and p_verify_every > interval '0'
            or c.state in ('connecting', 'loading', 'tasks', 'comments', 'exporting'))
       and not exists (select from operation o where o.resource_id = c.resource_id and o.finished_at is null)
       -- One that has just failed is left alone for a while.
       and not exists (select from operation o where o.resource_id = c.resource_id and o.state in ('failed', 'cancelled')
                          and o.finished_at > clock_timestamp() - interval '1 hour')
     order by c.verify_at nulls first limit p_limit
  loop
    perform connection_record(v_id, 'reconcile', 160::smallint);
    v_recorded := v_recorded + 1;
  end loop;
  return v_recorded;
end $$;

-- Tasks that have been closed for so long are put away. That is of this site alone.
create or replace function tasks_archive(p_after interval, p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_archived integer;
begin
  update task set is_archived = true
   where id in (select id from task
                 where state = 'closed' and not is_archived and closed_at < clock_timestamp() - p_after
                 limit p_limit for update skip locked);
  get diagnostics v_archived = row_count;
  return v_archived;
end $$;

-- Versions beyond the newest fifty of a record go, and those that lost 180 days ago.
create or replace function versions_prune(p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_pruned integer;
begin
  delete from record_version v
   where (v.record_id, v.version) in (
     (select o.record_id, o.version
        from task t join record_version o on o.record_id = t.id and o.version <= t.version - 50 and not o.is_lost
       where t.version > 50 limit p_limit)
     union all
     (select o.record_id, o.version
        from comment m join record_version o on o.record_id = m.id and o.version <= m.version - 50 and not o.is_lost
       where m.version > 50 limit p_limit)
     union all
     (select o.record_id, o.version from record_version o
       where o.is_lost and o.at < clock_timestamp() - interval '180 days' limit p_limit));
  get diagnostics v_pruned = row_count;
  return v_pruned;
end $$;
