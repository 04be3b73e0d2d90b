-- What people do with tasks and comments. Each act writes the record, its version, what is owed to GitHub, and the
-- operation that will send it, in one transaction that waits for nobody. Whether one may, the callers have checked
-- (project_role_of); texts are normal, and without what only we may write (core/sync/store/edit_store.cpp).
--
-- DV003: there is no such record · DV016: it has another version · DV017: its state forbids it (the message begins with a
-- code, and says why) · DV018: the key was used for another request.

-- The version that somebody has edited, under the record's lock.
create or replace function record_version_expect(p_version integer, p_expected integer) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  if p_expected is not null and p_expected <> p_version then
    raise exception 'it has version % by now', p_version using errcode = 'DV016';
  end if;
end $$;

-- Whether a record has a pair that can still be written to, which is locked.
create or replace function sync_link_lock(p_id uuid) returns boolean
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_is_living boolean;
begin
  select l.gone_at is null and c.state <> 'disconnected' into v_is_living
    from sync_link l join project_repository c on c.id = l.connection_id
   where l.id = p_id for update of l;
  return coalesce(v_is_living, false);
end $$;

-- Something is owed for a record, and is sent as soon as can be. Null: later, or never.
create or replace function sync_owe(p_id uuid, p_by uuid) returns uuid
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  -- A comment that was refused and is changed is to be made again.
  update sync_link
     set owed = owed + 1, refused = case when kind = 'comment' and github_key is null then '{}' else refused end
   where id = p_id and gone_at is null;
  if not found then return null; end if;
  return sync_outbound_record(p_id, 90::smallint, 'operator', (select username from account where id = p_by));
end $$;

-- Its accounts, in place of those that it had. Whom GitHub alone knows stays.
create or replace function task_assign(p_id uuid, p_accounts uuid[]) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  delete from task_assignee where task_id = p_id and account_id <> all (p_accounts);
  insert into task_assignee (task_id, account_id) select distinct p_id, n.id from unnest(p_accounts) as n (id)
      on conflict do nothing;
end $$;

create or replace function task_add(
  p_id uuid, p_project_id uuid, p_author_id uuid, p_connection_id uuid, p_title text, p_body text, p_labels text[],
  p_milestone text, p_assignees uuid[], p_list text, p_request_key text, p_request_digest bytea,
  out o_id uuid, out o_number integer, out o_version integer, out o_is_new boolean, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_known task;
  v_connection uuid := p_connection_id;
begin
  update project set next_number = next_number + 1 where id = p_project_id returning next_number - 1 into o_number;
  if not found then raise exception 'unknown project %', p_project_id using errcode = 'DV003'; end if;
  if p_request_key is not null then
    select * into v_known from task where project_id = p_project_id and request_key = p_request_key;
    if found then
      -- The number was taken in vain.
      update project set next_number = next_number - 1 where id = p_project_id;
      if v_known.request_digest is distinct from p_request_digest then
        raise exception 'the key was used for another task' using errcode = 'DV018';
      end if;
      o_id := v_known.id; o_number := v_known.number; o_version := v_known.version; o_is_new := false;
      select id into o_operation from operation
       where resource_id = (select resource_id from sync_link where id = o_id) and direction = 'outbound'
       order by arrival limit 1;
      return;
    end if;
  end if;
  if v_connection is null then
    select (array_agg(id))[1] into v_connection from project_repository
     where project_id = p_project_id and state <> 'disconnected' having count(*) = 1;
  elsif not exists (select from project_repository where id = v_connection and project_id = p_project_id and state <> 'disconnected') then
    raise exception 'not_connected: the repository is not connected to the project' using errcode = 'DV017';
  end if;
  o_id := p_id; o_version := 1; o_is_new := true;
  insert into task (id, project_id, number, connection_id, author_id, title, body, labels, milestone, list, request_key, request_digest)
  values (p_id, p_project_id, o_number, v_connection, p_author_id, p_title, p_body,
          array(select distinct l from unnest(coalesce(p_labels, '{}')) l order by l), p_milestone, coalesce(p_list, 'inbox'),
          p_request_key, p_request_digest);
  perform task_assign(p_id, coalesce(p_assignees, '{}'));
  insert into record_version (record_id, version, origin, author_id, fields)
  values (p_id, 1, 'local', p_author_id, sync_task_fields(p_id));
  if v_connection is null then return; end if;
  perform sync_link_of_record(p_id, 'task', v_connection, null);
  o_operation := sync_owe(p_id, p_author_id);
end $$;
comment on function task_add is 'Makes a task, which is to become an issue where the project has a repository.';

-- p_fields: {"title", "body", "state", "state_reason", "labels", "milestone", "assignees": accounts, "list", "is_archived"},
-- those alone that change.
create or replace function task_edit(
  p_id uuid, p_editor_id uuid, p_version integer, p_fields jsonb, out o_version integer, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  t task;
  v_is_linked boolean;
  v_before jsonb;
  v_after jsonb;
  v_state text;
begin
  v_is_linked := sync_link_lock(p_id);
  select * into t from task where id = p_id and deleted_at is null for update;
  if not found then raise exception 'unknown task %', p_id using errcode = 'DV003'; end if;
  perform record_version_expect(t.version, p_version);
  v_state := coalesce(p_fields ->> 'state', t.state);
  if t.is_merged and v_state <> t.state then
    raise exception 'merged: a pull request that was merged stays closed' using errcode = 'DV017';
  end if;
  v_before := sync_task_fields(p_id);
  update task set
    title = coalesce(p_fields ->> 'title', title), body = coalesce(p_fields ->> 'body', body), state = v_state,
    state_reason = case when v_state = 'open' then null
                        when p_fields ? 'state_reason' then coalesce(p_fields ->> 'state_reason', 'completed')
                        when t.state = 'closed' then t.state_reason
                        else 'completed' end,
    closed_at = case when v_state = 'open' then null else coalesce(t.closed_at, clock_timestamp()) end,
    labels = case when p_fields ? 'labels'
                  then array(select distinct l from jsonb_array_elements_text(p_fields -> 'labels') l order by l) else labels end,
    milestone = case when p_fields ? 'milestone' then p_fields ->> 'milestone' else milestone end,
    list = case when p_fields ? 'list' then p_fields ->> 'list'
                when v_state = t.state then t.list
                when v_state = 'closed' then 'done'
                when t.is_pull_request then 'pull_requests'
                else 'inbox' end,
    is_archived = case when p_fields ? 'is_archived' then (p_fields ->> 'is_archived')::boolean
                       else t.is_archived and v_state = 'closed' end
   where id = p_id;
  if p_fields ? 'assignees' then
    perform task_assign(p_id, array(select a::uuid from jsonb_array_elements_text(p_fields -> 'assignees') a));
  end if;
  v_after := sync_task_fields(p_id);
  o_version := t.version;
  if v_after = v_before and t is not distinct from (select n from task n where n.id = p_id)
     and not p_fields ? 'assignees' then return; end if;
  o_version := t.version + 1;
  update task set version = o_version, updated_at = clock_timestamp(), edited_by = p_editor_id where id = p_id;
  insert into record_version (record_id, version, origin, author_id, fields) values (p_id, o_version, 'local', p_editor_id, v_after);
  if v_is_linked and v_after <> v_before then o_operation := sync_owe(p_id, p_editor_id); end if;
end $$;
comment on function task_edit is 'Changes some fields of a task; those that GitHub has are owed to it.';

create or replace function task_delete(p_id uuid, p_editor_id uuid, p_version integer, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  t task;
  l sync_link;
  v_is_linked boolean;
  v_closes boolean;
begin
  v_is_linked := sync_link_lock(p_id);
  select * into t from task where id = p_id and deleted_at is null for update;
  if not found then raise exception 'unknown task %', p_id using errcode = 'DV003'; end if;
  perform record_version_expect(t.version, p_version);
  update task set deleted_at = clock_timestamp(), version = version + 1, updated_at = clock_timestamp(), edited_by = p_editor_id
   where id = p_id;
  insert into record_version (record_id, version, origin, author_id, fields)
  values (p_id, t.version + 1, 'local', p_editor_id, sync_task_fields(p_id));
  if not v_is_linked then return; end if;
  select * into l from sync_link where id = p_id;
  select on_task_delete = 'close' into v_closes from project where id = t.project_id;
  -- One whose creation nobody knows the end of is looked for first.
  if l.intent is not null or (l.github_key is not null and v_closes and t.state = 'open') then
    o_operation := sync_owe(p_id, p_editor_id);
  else
    update sync_link set gone_at = clock_timestamp(), gone_reason = 'unlinked', owed = 0 where id = p_id;
  end if;
end $$;
comment on function task_delete is 'Deletes a task. Its issue is closed as not planned, or left, as the project wants it; later events make no new task of it.';

create or replace function comment_add(
  p_id uuid, p_task_id uuid, p_author_id uuid, p_body text, p_request_key text, p_request_digest bytea,
  out o_id uuid, out o_version integer, out o_is_new boolean, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  t task;
  v_known comment;
  v_is_linked boolean;
begin
  v_is_linked := sync_link_lock(p_task_id);
  select * into t from task where id = p_task_id and deleted_at is null for update;
  if not found then raise exception 'unknown task %', p_task_id using errcode = 'DV003'; end if;
  if p_request_key is not null then
    select * into v_known from comment where task_id = p_task_id and request_key = p_request_key;
    if found then
      if v_known.request_digest is distinct from p_request_digest then
        raise exception 'the key was used for another comment' using errcode = 'DV018';
      end if;
      o_id := v_known.id; o_version := v_known.version; o_is_new := false;
      select id into o_operation from operation
       where resource_id = (select resource_id from sync_link where id = o_id) and direction = 'outbound'
       order by arrival limit 1;
      return;
    end if;
  end if;
  if t.is_locked and v_is_linked then
    raise exception 'locked: its conversation is locked at GitHub' using errcode = 'DV017';
  end if;
  o_id := p_id; o_version := 1; o_is_new := true;
  -- Behind all that are there, so that the order of sending is that of their times.
  insert into comment (id, task_id, author_id, body, request_key, request_digest, created_at)
  values (p_id, p_task_id, p_author_id, p_body, p_request_key, p_request_digest, clock_timestamp());
  insert into record_version (record_id, version, origin, author_id, fields)
  values (p_id, 1, 'local', p_author_id, sync_comment_fields(p_id));
  if not v_is_linked then return; end if;
  perform sync_link_of_record(p_id, 'comment', t.connection_id, p_task_id);
  o_operation := sync_owe(p_id, p_author_id);
end $$;
comment on function comment_add is 'Makes a comment on a task. It goes to GitHub once its task is there, and the comments before it.';

create or replace function comment_edit(
  p_id uuid, p_editor_id uuid, p_version integer, p_body text, out o_version integer, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  m comment;
  v_is_linked boolean;
begin
  v_is_linked := sync_link_lock(p_id);
  select * into m from comment where id = p_id and deleted_at is null for update;
  if not found then raise exception 'unknown comment %', p_id using errcode = 'DV003'; end if;
  perform record_version_expect(m.version, p_version);
  o_version := m.version;
  if m.body = p_body then return; end if;
  o_version := m.version + 1;
  update comment set body = p_body, version = o_version, updated_at = clock_timestamp(), edited_by = p_editor_id where id = p_id;
  insert into record_version (record_id, version, origin, author_id, fields)
  values (p_id, o_version, 'local', p_editor_id, sync_comment_fields(p_id));
  if v_is_linked then o_operation := sync_owe(p_id, p_editor_id); end if;
end $$;

create or replace function comment_delete(p_id uuid, p_editor_id uuid, p_version integer, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  m comment;
  l sync_link;
  v_is_linked boolean;
begin
  v_is_linked := sync_link_lock(p_id);
  select * into m from comment where id = p_id and deleted_at is null for update;
  if not found then raise exception 'unknown comment %', p_id using errcode = 'DV003'; end if;
  perform record_version_expect(m.version, p_version);
  update comment set deleted_at = clock_timestamp(), version = version + 1, updated_at = clock_timestamp(), edited_by = p_editor_id
   where id = p_id;
  insert into record_version (record_id, version, origin, author_id, fields)
  values (p_id, m.version + 1, 'local', p_editor_id, sync_comment_fields(p_id));
  if not v_is_linked then return; end if;
  select * into l from sync_link where id = p_id;
  if l.github_key is not null or l.intent is not null then
    o_operation := sync_owe(p_id, p_editor_id);
    return;
  end if;
  update sync_link set gone_at = clock_timestamp(), gone_reason = 'unlinked', owed = 0 where id = p_id;
  perform sync_outbound_record(n, 90::smallint, 'operator', null) from sync_next_comment(m.task_id) n where n is not null;
end $$;
comment on function comment_delete is 'Deletes a comment here, and then at GitHub. Its text stays among its versions.';

-- An earlier version, or one that lost, is the record's again. Of a lost version only the fields that lost come back.
create or replace function record_restore(
  p_record_id uuid, p_version integer, p_editor_id uuid, out o_version integer, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_is_linked boolean := sync_link_lock(p_record_id);
  v record;
  v_before jsonb;
  v_is_task boolean;
begin
  select version, true into o_version, v_is_task from task where id = p_record_id and deleted_at is null for update;
  if not found then
    select version, false into o_version, v_is_task from comment where id = p_record_id and deleted_at is null for update;
    if not found then raise exception 'unknown record %', p_record_id using errcode = 'DV003'; end if;
  end if;
  select * into v from record_version where record_id = p_record_id and version = p_version;
  if not found then raise exception 'unknown version %', p_version using errcode = 'DV003'; end if;
  v_before := case when v_is_task then sync_task_fields(p_record_id) else sync_comment_fields(p_record_id) end;
  if v_is_task and (v.fields ->> 'state') <> (v_before ->> 'state')
     and exists (select from task where id = p_record_id and is_merged) then
    raise exception 'merged: a pull request that was merged stays closed' using errcode = 'DV017';
  end if;
  -- It has been seen, whatever becomes of it.
  update record_version set is_lost = false where record_id = p_record_id and version = p_version and is_lost;
  if v_before || v.fields = v_before then return; end if;
  o_version := o_version + 1;
  if v_is_task then
    perform sync_task_write(p_record_id, o_version, v_before || v.fields, clock_timestamp());
    update task set edited_by = p_editor_id where id = p_record_id;
  else
    update comment set body = v.fields ->> 'body', version = o_version, updated_at = clock_timestamp(), edited_by = p_editor_id
     where id = p_record_id;
  end if;
  insert into record_version (record_id, version, origin, author_id, fields)
  values (p_record_id, o_version, 'local', p_editor_id, v_before || v.fields);
  if v_is_linked then o_operation := sync_owe(p_record_id, p_editor_id); end if;
end $$;
comment on function record_restore is 'Makes an earlier version the record''s again ("use mine").';

-- A person wants GitHub to be looked at now, and what it refused to be tried again.
create or replace function sync_ask(p_record_id uuid, p_by text) returns uuid
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  if not sync_link_lock(p_record_id) then
    if exists (select from task where id = p_record_id) or exists (select from comment where id = p_record_id) then
      raise exception 'not_synced: it is synced with no repository' using errcode = 'DV017';
    end if;
    raise exception 'unknown record %', p_record_id using errcode = 'DV003';
  end if;
  update sync_link set owed = owed + (refused <> '{}')::integer, refused = '{}' where id = p_record_id;
  return sync_outbound_record(p_record_id, 90::smallint, 'operator', p_by, true);
end $$;
comment on function sync_ask is 'Has a record compared with GitHub now.';
