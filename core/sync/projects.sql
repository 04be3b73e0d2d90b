-- Projects, their members and their connections: what people do with them. Whether one may, the callers have
-- checked (project_role_of, project_is_visible). The work that an act brings is an operation of the connection's
-- resource, of kind connection_sync; what it does says the connection's state.

create or replace function project_add(p_account_id uuid, p_slug text, p_title text, p_is_private boolean)
returns uuid language sql set search_path = devy, pg_temp as $$
  insert into project (account_id, slug, title, is_private)
  values (p_account_id, p_slug, coalesce(p_title, p_slug), coalesce(p_is_private, false))
  returning id
$$;
comment on function project_add is 'Makes a project. Raises unique_violation for an address that is taken, check_violation for one that is none.';

-- What is null stays as it is.
create or replace function project_edit(
  p_id uuid, p_title text, p_is_private boolean, p_conflict text, p_on_task_delete text)
returns void language plpgsql set search_path = devy, pg_temp as $$
begin
  update project
     set title = coalesce(p_title, title), is_private = coalesce(p_is_private, is_private),
         conflict = coalesce(p_conflict, conflict), on_task_delete = coalesce(p_on_task_delete, on_task_delete)
   where id = p_id;
  if not found then raise exception 'unknown project %', p_id using errcode = 'DV003'; end if;
end $$;

-- Deletes a project with all that it holds. At GitHub nothing changes. One that is connected is kept
-- (DV015): its repositories are disconnected first.
create or replace function project_delete(p_id uuid) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  perform from project where id = p_id for update;
  if not found then raise exception 'unknown project %', p_id using errcode = 'DV003'; end if;
  if exists (select from project_repository where project_id = p_id and state <> 'disconnected') then
    raise exception 'the project is connected' using errcode = 'DV015';
  end if;
  perform resource_switch(l.resource_id, false)
    from sync_link l join project_repository c on c.id = l.connection_id
   where c.project_id = p_id
   order by l.resource_id;
  delete from record_version v using comment m, task t
   where v.record_id = m.id and m.task_id = t.id and t.project_id = p_id;
  delete from record_version v using task t where v.record_id = t.id and t.project_id = p_id;
  delete from sync_link l using project_repository c where c.id = l.connection_id and c.project_id = p_id;
  delete from task where project_id = p_id;
  delete from project where id = p_id;
end $$;
comment on function project_delete is 'Deletes a project that is connected to no repository, with its tasks and comments.';

-- His role in a project; its owner is an admin. Null: he has none.
create or replace function project_role_of(p_project_id uuid, p_account_id uuid) returns text
language sql stable set search_path = devy, pg_temp as $$
  select case when p.account_id = p_account_id then 'admin'
              else (select m.role from project_member m
                     where m.project_id = p.id and m.account_id = p_account_id) end
    from project p where p.id = p_project_id
$$;

-- Everybody sees a project that is not private and that no private repository was ever connected to: what
-- GitHub makes private is hidden with the same commit that tells so.
create or replace function project_is_visible(p_project_id uuid, p_account_id uuid) returns boolean
language sql stable set search_path = devy, pg_temp as $$
  select coalesce(
    (select not p.is_private
            and not exists (
                  select from project_repository c join github.repository r on r.id = c.repository_id
                   where c.project_id = p.id
                     and (r.private is not false or coalesce(r.visibility, 'public') <> 'public'))
       from project p where p.id = p_project_id), false)
    or project_role_of(p_project_id, p_account_id) is not null
    or exists (select from account where id = p_account_id and is_operator)
$$;
comment on function project_is_visible is 'Whether an account, or with null anybody, may know that the project exists.';

create or replace function project_member_set(p_project_id uuid, p_account_id uuid, p_role text) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  perform from project where id = p_project_id for key share;
  if not found then raise exception 'unknown project %', p_project_id using errcode = 'DV003'; end if;
  insert into project_member (project_id, account_id, role)
  select p_project_id, p_account_id, p_role
   where not exists (select from project where id = p_project_id and account_id = p_account_id)
  on conflict (project_id, account_id) do update set role = excluded.role;
end $$;
comment on function project_member_set is 'Adds a member, or changes his role. The owner is an admin anyway, and gets no row.';

-- False: he was none.
create or replace function project_member_remove(p_project_id uuid, p_account_id uuid) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from project_member where project_id = p_project_id and account_id = p_account_id;
  return found;
end $$;

-- Records the work of a connection, unless such work waits already. It is never superseded by less: all
-- of them do whatever the connection's state asks for when they run.
create or replace function connection_record(
  p_connection_id uuid, p_source text, p_priority smallint, p_requested_by text default null,
  p_reason text default null)
returns uuid language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
  v_id uuid;
begin
  select resource_id into c from project_repository where id = p_connection_id;
  if not found then raise exception 'unknown connection %', p_connection_id using errcode = 'DV003'; end if;
  perform from resource where id = c.resource_id for no key update;
  select id into v_id from operation
   where resource_id = c.resource_id and direction = 'inbound' and state in ('received', 'verified')
   order by arrival desc limit 1;
  if found then return v_id; end if;
  v_id := gen_random_uuid();
  perform operation_ingest(v_id, c.resource_id, 'connection_sync', p_source, null, null, null, '', true, p_priority,
                           12, null, p_requested_by, p_reason, null, 'work', 'inbound');
  return v_id;
end $$;
comment on function connection_record is 'Records an operation connection_sync, or finds the one that waits.';

-- Connects a repository, or connects it again: links are kept then, so that what happened meanwhile on both
-- sides is merged and nothing is doubled. Of one that is connected, what is sent at first is changed. Raises
-- unique_violation when another project has the repository. p_name is "owner/name", as whoever asks knows it;
-- p_is_approved: the number of tasks that become issues need not be confirmed.
create or replace function connection_connect(
  p_project_id uuid, p_repository_id bigint, p_export text, p_by uuid, p_name text default null,
  p_is_approved boolean default false, p_requested_by text default null,
  out o_connection uuid, out o_operation uuid)
language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
  v_owner text;
  v_resource bigint;
begin
  select 'sync/' || a.username into v_owner
    from project p join account a on a.id = p.account_id where p.id = p_project_id for key share of p;
  if not found then raise exception 'unknown project %', p_project_id using errcode = 'DV003'; end if;
  select * into c from project_repository
   where project_id = p_project_id and repository_id = p_repository_id for no key update;
  if not found then
    o_connection := gen_random_uuid();
    insert into resource (kind, key, owner) values ('connection', o_connection::text, v_owner)
    returning id into v_resource;
    insert into project_repository (id, project_id, repository_id, resource_id, name, export, connected_by, is_export_approved)
    values (o_connection, p_project_id, p_repository_id, v_resource, p_name, coalesce(p_export, 'none'), p_by, p_is_approved);
  else
    o_connection := c.id;
    update project_repository
       set export = coalesce(p_export, export), name = coalesce(p_name, name),
           is_export_approved = p_is_approved or (is_export_approved and export = coalesce(p_export, export)),
           connected_by = case when state = 'disconnected' then p_by else connected_by end,
           state = case when c.state in ('disconnected', 'blocked') then 'connecting'
                        when c.state = 'synced' and p_export <> c.export then 'exporting'
                        else c.state end,
           reason = case when c.state in ('disconnected', 'blocked') then null else reason end,
           former_state = case when c.state in ('disconnected', 'blocked') then null else former_state end,
           cursor = case when c.state in ('disconnected', 'blocked', 'synced') then null else cursor end,
           done = case when c.state in ('disconnected', 'blocked') then 0 else done end,
           total = case when c.state in ('disconnected', 'blocked') then null else total end
     where id = c.id;
  end if;
  o_operation := connection_record(o_connection, 'operator', 100::smallint, p_requested_by);
end $$;
comment on function connection_connect is 'Connects a repository to a project, and records the operation that does the rest.';

-- Ends a connection: from now on nothing is synced. The operation that is recorded ends what waits for its
-- tasks and comments as disabled.
create or replace function connection_disconnect(
  p_connection_id uuid, p_reason text, p_requested_by text default null) returns uuid
language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
begin
  select * into c from project_repository where id = p_connection_id for no key update;
  if not found then raise exception 'unknown connection %', p_connection_id using errcode = 'DV003'; end if;
  if c.state = 'disconnected' then
    update project_repository set reason = p_reason where id = c.id and reason is distinct from p_reason;
    return null;
  end if;
  update project_repository
     set state = 'disconnected', reason = p_reason, former_state = null, cursor = null, verify_at = null
   where id = c.id;
  return connection_record(p_connection_id, 'operator', 90::smallint, p_requested_by, p_reason);
end $$;
comment on function connection_disconnect is 'Disconnects a repository; null: it was so already. Tasks, comments and links stay.';

-- A connection that cannot go on; it keeps the step with which it goes on when that has changed.
create or replace function connection_block(p_connection_id uuid, p_reason text) returns void
language sql set search_path = devy, pg_temp as $$
  update project_repository
     set former_state = case when state = 'blocked' then former_state else state end, state = 'blocked', reason = p_reason
   where id = p_connection_id and state not in ('disconnected', 'suspended')
$$;
comment on function connection_block is 'Says why a connection does not go on before a person acts.';

-- A person has seen why it is blocked, and lets it go on with the step where it was.
create or replace function connection_approve(p_connection_id uuid, p_by text) returns uuid
language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
begin
  select * into c from project_repository where id = p_connection_id for no key update;
  if not found then raise exception 'unknown connection %', p_connection_id using errcode = 'DV003'; end if;
  if c.state <> 'blocked' then
    raise exception 'the connection is not blocked' using errcode = 'DV015';
  end if;
  update project_repository
     -- The last step sends what could not be sent meanwhile.
     set state = case coalesce(c.former_state, 'connecting') when 'synced' then 'exporting' else coalesce(c.former_state, 'connecting') end,
         former_state = null, reason = null,
         is_export_approved = is_export_approved or c.reason = 'export_unconfirmed',
         approved_at = clock_timestamp()
   where id = c.id;
  if c.reason = 'mass_delete' then perform sync_held_approve(p_connection_id, p_by); end if;
  return connection_record(p_connection_id, 'operator', 90::smallint, p_by, 'approved: ' || c.reason);
end $$;
comment on function connection_approve is 'Lets a blocked connection go on.';

-- All is compared again: GitHub's lists are read, and whatever differs is merged.
create or replace function connection_sync(p_connection_id uuid, p_by text) returns uuid
language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
begin
  select * into c from project_repository where id = p_connection_id for no key update;
  if not found then raise exception 'unknown connection %', p_connection_id using errcode = 'DV003'; end if;
  if c.state in ('disconnected', 'suspended') then
    raise exception 'the connection is %', c.state using errcode = 'DV015';
  end if;
  if c.state = 'blocked' and c.reason in ('mass_delete', 'export_unconfirmed') then
    raise exception 'the connection is blocked: %', c.reason using errcode = 'DV015';
  end if;
  update project_repository
     set state = case when c.state = 'synced' then 'loading' when c.state = 'blocked' then coalesce(c.former_state, 'connecting')
                      else c.state end,
         cursor = case when c.state = 'synced' then null else cursor end,
         reason = null, former_state = null
   where id = c.id;
  return connection_record(p_connection_id, 'operator', 100::smallint, p_by);
end $$;
comment on function connection_sync is 'Has everything of a connection read and compared again; one that is blocked tries again.';

-- Records, links and the mirror's rows are compared soon.
create or replace function connection_verify(p_connection_id uuid, p_by text) returns uuid
language plpgsql set search_path = devy, pg_temp as $$
begin
  update project_repository set verify_at = clock_timestamp() where id = p_connection_id and state = 'synced';
  return connection_record(p_connection_id, 'operator', 100::smallint, p_by);
end $$;
