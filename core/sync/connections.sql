-- Connections at work: the steps of a first sync, installations of the GitHub App, users' tokens, and what
-- operations look like in the design's words.

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

-- Issues and pull requests behind a number, as the mirror has them, with the link that each has.
create or replace function connection_issues(p_connection_id uuid, p_after integer, p_limit integer)
returns table (o_number integer, o_github_id bigint, o_updated_at timestamptz, o_created_at timestamptz,
               o_closed_at timestamptz, o_user_id bigint, o_title text, o_body text, o_state text, o_state_reason text,
               o_labels text[], o_milestone text, o_assignees bigint[], o_is_pull_request boolean, o_is_merged boolean,
               o_is_draft boolean, o_is_locked boolean, o_link uuid)
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select i.number, i.id, i.updated_at, i.created_at, i.closed_at, i.user_id, i.title, coalesce(i.body, ''),
         coalesce(i.state, 'open'), i.state_reason,
         array(select l.label_name from github.issue_label l
                where l.repository_id = i.repository_id and l.number = i.number order by l.label_name),
         (select m.title from github.milestone m
           where m.repository_id = i.repository_id and m.number = i.milestone_number and m.deleted_at is null),
         array(select a.user_id from github.assignee a
                where a.repository_id = i.repository_id and a.number = i.number order by a.user_id),
         coalesce(i.is_pull_request, false), coalesce(p.merged, p.merged_at is not null, false), coalesce(p.draft, false),
         coalesce(i.locked, false), k.id
    from project_repository c
    join github.issue i on i.repository_id = c.repository_id and i.number > p_after and i.deleted_at is null
    left join github.pull_request p on p.repository_id = i.repository_id and p.number = i.number and p.deleted_at is null
    left join sync_link k on k.connection_id = c.id and k.kind = 'task' and k.github_key = i.number
   where c.id = p_connection_id
   order by i.number
   limit p_limit
$$;
comment on function connection_issues is 'A batch of a repository''s issues and pull requests for the first sync.';

-- Makes tasks of issues that have none, in the order given, each with its link and its first version; those that
-- somebody linked meanwhile are passed over. An entry has: record (its id), number, github_id, github_updated_at, base, base_digest,
-- github_author_id, created_at, closed_at, fields (as record_version has them), is_pull_request, is_merged,
-- is_draft, is_locked. Returns how many were made.
create or replace function connection_tasks_make(p_connection_id uuid, p_operation_id uuid, p_tasks jsonb)
returns integer language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
  v_new jsonb;
  v_number integer;
  v_made integer;
begin
  select r.id, r.project_id, s.owner into c
    from project_repository r join resource s on s.id = r.resource_id where r.id = p_connection_id;
  select coalesce(jsonb_agg(n.entry order by n.place), '[]') into v_new
    from jsonb_array_elements(p_tasks) with ordinality as n (entry, place)
   where not exists (select from sync_link k where k.connection_id = c.id and k.kind = 'task'
                        and k.github_key = (n.entry ->> 'number')::bigint);
  v_made := jsonb_array_length(v_new);
  if v_made = 0 then return 0; end if;
  insert into resource (kind, key, owner) select 'task', m.id::text, c.owner from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m order by m.place;
  insert into sync_link (id, kind, resource_id, connection_id, github_key, github_id, github_updated_at, base, base_digest)
  select m.id, 'task', s.id, c.id, (m.entry ->> 'number')::bigint, (m.entry ->> 'github_id')::bigint,
         (m.entry ->> 'github_updated_at')::timestamptz, m.entry -> 'base', m.entry ->> 'base_digest'
    from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m join resource s on s.kind = 'task' and s.key = m.id::text
   order by m.place;
  update project set next_number = next_number + v_made where id = c.project_id returning next_number - v_made into v_number;
  insert into task (
    id, project_id, number, connection_id, github_author_id, title, body, state, state_reason, labels, milestone,
    is_pull_request, is_merged, is_draft, is_locked, list, created_at, updated_at, closed_at)
  select m.id, c.project_id, v_number - 1 + row_number() over (order by m.place), c.id,
         (m.entry ->> 'github_author_id')::bigint, m.entry -> 'fields' ->> 'title', m.entry -> 'fields' ->> 'body',
         m.entry -> 'fields' ->> 'state',
         case when m.entry -> 'fields' ->> 'state' = 'closed' then nullif(m.entry -> 'fields' ->> 'state_reason', '') end,
         array(select jsonb_array_elements_text(m.entry -> 'fields' -> 'labels')), m.entry -> 'fields' ->> 'milestone',
         (m.entry ->> 'is_pull_request')::boolean, (m.entry ->> 'is_merged')::boolean, (m.entry ->> 'is_draft')::boolean,
         (m.entry ->> 'is_locked')::boolean,
         case when m.entry -> 'fields' ->> 'state' = 'closed' then 'done'
              when (m.entry ->> 'is_pull_request')::boolean then 'pull_requests' else 'inbox' end,
         coalesce((m.entry ->> 'created_at')::timestamptz, clock_timestamp()),
         coalesce((m.entry ->> 'github_updated_at')::timestamptz, clock_timestamp()), (m.entry ->> 'closed_at')::timestamptz
    from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m;
  insert into task_assignee (task_id, account_id, github_user_id)
  select m.id, a.id, case when a.id is null then u.id end
    from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m
    cross join lateral (select distinct x::bigint as id from jsonb_array_elements_text(m.entry -> 'fields' -> 'assignees') x) u
    left join account a on a.github_id = u.id;
  insert into record_version (record_id, version, origin, github_author_id, fields, operation_id)
  select m.id, 1, 'github', (m.entry ->> 'github_author_id')::bigint, m.entry -> 'fields', p_operation_id from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m;
  return v_made;
end $$;
comment on function connection_tasks_make is 'Makes tasks of a batch of issues, without any request.';

-- Comments behind a place, in the order of their issues' numbers, of issues that are tasks.
create or replace function connection_comments(p_connection_id uuid, p_after_number integer, p_after_id bigint, p_limit integer)
returns table (o_number integer, o_id bigint, o_updated_at timestamptz, o_created_at timestamptz, o_user_id bigint,
               o_body text, o_task uuid, o_link uuid)
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select m.number, m.id, m.updated_at, m.created_at, m.user_id, coalesce(m.body, ''), t.id, k.id
    from project_repository c
    join github.issue_comment m
      on m.repository_id = c.repository_id and m.deleted_at is null and m.number >= p_after_number
     and (m.number, m.id) > (p_after_number, p_after_id)
    left join sync_link t on t.connection_id = c.id and t.kind = 'task' and t.github_key = m.number
    left join sync_link k on k.connection_id = c.id and k.kind = 'comment' and k.github_key = m.id
   where c.id = p_connection_id
   order by m.number, m.id
   limit p_limit
$$;
comment on function connection_comments is 'A batch of a repository''s comments for the first sync.';

-- Makes comments, as connection_tasks_make makes tasks. An entry has: record (its id), id, task, github_updated_at, base,
-- base_digest, github_author_id, created_at, body.
create or replace function connection_comments_make(p_connection_id uuid, p_operation_id uuid, p_comments jsonb)
returns integer language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
  v_new jsonb;
  v_made integer;
begin
  select r.id, s.owner into c
    from project_repository r join resource s on s.id = r.resource_id where r.id = p_connection_id;
  select coalesce(jsonb_agg(n.entry order by n.place), '[]') into v_new
    from jsonb_array_elements(p_comments) with ordinality as n (entry, place)
    join task t on t.id = (n.entry ->> 'task')::uuid
   where not exists (select from sync_link k where k.connection_id = c.id and k.kind = 'comment'
                        and k.github_key = (n.entry ->> 'id')::bigint);
  v_made := jsonb_array_length(v_new);
  if v_made = 0 then return 0; end if;
  insert into resource (kind, key, owner) select 'comment', m.id::text, c.owner from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m order by m.place;
  insert into sync_link (id, kind, resource_id, connection_id, parent_id, github_key, github_updated_at, base, base_digest)
  select m.id, 'comment', s.id, c.id, (m.entry ->> 'task')::uuid, (m.entry ->> 'id')::bigint,
         (m.entry ->> 'github_updated_at')::timestamptz, m.entry -> 'base', m.entry ->> 'base_digest'
    from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m join resource s on s.kind = 'comment' and s.key = m.id::text
   order by m.place;
  insert into comment (id, task_id, github_author_id, body, created_at, updated_at)
  select m.id, (m.entry ->> 'task')::uuid, (m.entry ->> 'github_author_id')::bigint, m.entry ->> 'body',
         coalesce((m.entry ->> 'created_at')::timestamptz, clock_timestamp()),
         coalesce((m.entry ->> 'github_updated_at')::timestamptz, clock_timestamp())
    from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m;
  insert into record_version (record_id, version, origin, github_author_id, fields, operation_id)
  select m.id, 1, 'github', (m.entry ->> 'github_author_id')::bigint, jsonb_build_object('body', m.entry -> 'body'), p_operation_id
    from (select (n.entry ->> 'record')::uuid as id, n.place, n.entry from jsonb_array_elements(v_new) with ordinality as n (entry, place)) m;
  return v_made;
end $$;

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
  v_owner text;
begin
  select s.owner into v_owner from project_repository c join resource s on s.id = c.resource_id where c.id = p_connection_id;
  v_tasks := array(select connection_exportable(p_connection_id, p_limit));
  update task set connection_id = p_connection_id where id = any (v_tasks);
  insert into resource (kind, key, owner)
  select 'task', t.id::text, v_owner from task t where t.id = any (v_tasks) order by t.number
  on conflict (kind, key) do nothing;
  insert into sync_link (id, kind, resource_id, connection_id, owed)
  select t.id, 'task', s.id, p_connection_id, 1
    from task t join resource s on s.kind = 'task' and s.key = t.id::text
   where t.id = any (v_tasks);
  insert into resource (kind, key, owner)
  select 'comment', m.id::text, v_owner from comment m where m.task_id = any (v_tasks) and m.deleted_at is null order by m.created_at, m.id
  on conflict (kind, key) do nothing;
  insert into sync_link (id, kind, resource_id, connection_id, parent_id, owed)
  select m.id, 'comment', s.id, p_connection_id, m.task_id, 1
    from comment m join resource s on s.kind = 'comment' and s.key = m.id::text
   where m.task_id = any (v_tasks) and m.deleted_at is null;
  return query select unnest(v_tasks);
end $$;
comment on function connection_export is 'Links a batch of our own tasks with a repository where they are to be made.';

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

-- ---- installations

-- Notes what a delivery of the App says of one of its installations, and switches the connections that it concerns:
-- a suspended one keeps its step, what was removed is disconnected, and what is there again goes on if that was
-- why. Returns the operations that were recorded.
create or replace function installation_event(
  p_id bigint, p_account_id bigint, p_login text, p_account_type text, p_action text, p_permissions jsonb,
  p_gained bigint[], p_lost bigint[])
returns setof uuid language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
  v_state constant text := case p_action when 'suspend' then 'suspended' when 'deleted' then 'deleted' else 'active' end;
begin
  insert into installation as i (id, github_account_id, login, account_type, state, permissions)
  values (p_id, p_account_id, p_login, coalesce(p_account_type, 'User'), v_state, coalesce(p_permissions, '{}'))
  on conflict (id) do update
    set github_account_id = excluded.github_account_id, login = excluded.login, account_type = excluded.account_type,
        state = case when p_action in ('suspend', 'unsuspend', 'deleted', 'created') then excluded.state else i.state end,
        permissions = coalesce(p_permissions, i.permissions), seen_at = clock_timestamp();
  if p_action = 'suspend' then
    perform owner_gate_set('installation/' || p_id, 'outbound', 'infinity', 'installation suspended');
  elsif p_action in ('unsuspend', 'created', 'deleted') then
    perform owner_gate_lift('installation/' || p_id, 'outbound');
  end if;
  for c in
    select n.id, n.state, n.reason, n.repository_id, n.former_state
      from project_repository n
      left join github.repository r on r.id = n.repository_id
     where r.installation = p_id or n.repository_id = any (coalesce(p_gained, '{}') || coalesce(p_lost, '{}'))
     order by n.id for no key update of n
  loop
    if p_action = 'suspend' then
      update project_repository
         set former_state = case when c.state = 'blocked' then c.former_state else c.state end, state = 'suspended',
             reason = 'installation_suspended'
       where id = c.id and c.state not in ('disconnected', 'suspended');
    elsif p_action = 'deleted' or c.repository_id = any (p_lost) then
      if c.state <> 'disconnected' then
        return next connection_disconnect(
          c.id, case when p_action = 'deleted' then 'installation_removed' else 'repository_removed' end, 'GitHub');
      end if;
    elsif c.state = 'suspended' and p_action in ('unsuspend', 'created')
          or c.state = 'disconnected' and c.reason in ('installation_removed', 'repository_removed')
             and (c.repository_id = any (p_gained) or p_action = 'created')
          or c.state = 'blocked' and c.reason = 'permission_missing' and p_action = 'new_permissions_accepted' then
      -- A repository that another project has by now is that one's.
      if c.state = 'disconnected' and exists (
           select from project_repository o where o.repository_id = c.repository_id and o.state <> 'disconnected') then
        continue;
      end if;
      update project_repository
         set state = case when c.state = 'suspended' and c.former_state not in ('connecting') then 'loading' else 'connecting' end,
             reason = null, former_state = null, cursor = null
       where id = c.id;
      return next connection_record(c.id, 'webhook', 110::smallint);
    end if;
  end loop;
end $$;
comment on function installation_event is 'Notes what became of an installation, and what that means for connections.';

-- ---- users' tokens

create or replace function user_token_keep(
  p_account_id uuid, p_login text, p_token bytea, p_refresh bytea, p_token_ends_at timestamptz,
  p_refresh_ends_at timestamptz)
returns void language sql set search_path = devy, pg_temp as $$
  insert into user_token (account_id, login, token, refresh, token_ends_at, refresh_ends_at)
  values (p_account_id, p_login, p_token, p_refresh, p_token_ends_at, p_refresh_ends_at)
  on conflict (account_id) do update
    set login = excluded.login, token = excluded.token, refresh = excluded.refresh, token_ends_at = excluded.token_ends_at,
        refresh_ends_at = excluded.refresh_ends_at, created_at = clock_timestamp()
$$;
comment on function user_token_keep is 'Keeps a user''s sealed token of GitHub in place of the one before.';

create or replace function user_token_erase(p_account_id uuid) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from user_token where account_id = p_account_id;
  return found;
end $$;

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

-- ---- figures

create or replace function sync_figures()
returns table (o_name text, o_label text, o_value double precision) language sql stable set search_path = devy, pg_temp as $$
  select 'links', case when k.gone_at is not null then 'gone' when k.base is null then 'unsent'
                       when k.owed > 0 then 'owed' when k.refused <> '{}' then 'refused' else 'equal' end, count(*)
    from sync_link k group by 2
  union all
  select 'connections', state, count(*) from project_repository group by 2
  union all
  select 'backlog', o.direction, count(*)
    from operation o where o.kind in ('task_sync', 'comment_sync') and o.finished_at is null group by 2
  union all
  -- A gate explains an age: what is held back counts no age.
  select 'backlog_age', o.direction, extract(epoch from clock_timestamp() - min(o.waiting_since))
    from operation o
   where o.kind in ('task_sync', 'comment_sync') and o.state = 'verified'
     and not exists (select from owner_gate g where g.owner = o.owner and g.direction = o.direction and g.not_before > clock_timestamp())
   group by 2
  union all
  select 'gates', direction, count(*) from owner_gate where not_before > clock_timestamp() group by 2
$$;
comment on function sync_figures is 'What metrics and doctor say of sync.';

-- ---- operations in the design's words

create or replace view task_sync_operation as
select o.id, case o.state when 'scheduled' then 'queued' when 'processing' then 'processing' when 'failed' then 'errored'
                          when 'cancelled' then 'canceled' when 'completed' then 'completed' when 'dropped' then 'dropped'
                          when 'duplicate' then 'duplicate' when 'disabled' then 'disabled' else 'queued' end as state,
       o.direction, s.github_installation_id as github_app_installation_id, s.github_updated_at, o.cancelled_by as canceled_by,
       o.duplicate_of, o.dropped_for, s.link_id as task_id, k.github_id as github_issue_id,
       coalesce(s.github_key, k.github_key) as github_issue_external_id, s.action, s.outcome, s.fields, s.delivery_guid,
       coalesce(o.error_text, o.cancel_reason, o.reason) as reason, o.created_at, o.run_at, o.finished_at
  from operation o
  join sync_operation s on s.operation_id = o.id
  left join sync_link k on k.id = s.link_id
 where o.kind = 'task_sync';
comment on view task_sync_operation is 'Operations on tasks, in the words of the design.';

create or replace view comment_sync_operation as
select o.id, case o.state when 'scheduled' then 'queued' when 'processing' then 'processing' when 'failed' then 'errored'
                          when 'cancelled' then 'canceled' when 'completed' then 'completed' when 'dropped' then 'dropped'
                          when 'duplicate' then 'duplicate' when 'disabled' then 'disabled' else 'queued' end as state,
       o.direction, s.github_installation_id as github_app_installation_id, s.github_updated_at, o.cancelled_by as canceled_by,
       o.duplicate_of, o.dropped_for, s.link_id as comment_id, k.parent_id as task_id,
       coalesce(s.github_key, k.github_key) as github_comment_id, coalesce(s.github_key, k.github_key) as github_comment_external_id,
       s.action, s.outcome, s.fields, s.delivery_guid,
       coalesce(o.error_text, o.cancel_reason, o.reason) as reason, o.created_at, o.run_at, o.finished_at
  from operation o
  join sync_operation s on s.operation_id = o.id
  left join sync_link k on k.id = s.link_id
 where o.kind = 'comment_sync';
comment on view comment_sync_operation is 'Operations on comments, in the words of the design.';
