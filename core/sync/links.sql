-- Pairs (sync_link) are found by the number of an issue or the id of a comment, by the marker in a text, or made.

-- The connection to which news of a repository belong: the living one, or the last that there was.
create or replace function sync_connection_of(p_repository_id bigint) returns project_repository
language sql stable set search_path = devy, pg_temp as $$
  select c from project_repository c
   where c.repository_id = p_repository_id
   order by c.state = 'disconnected', c.created_at desc
   limit 1
$$;

-- The pair of a thing at GitHub; null: there is none. What was made here, and whose answer has not come yet, is
-- known by its marker: its pair gets the number. The HMAC was made with our key when it was sent, and is compared
-- with what was sent.
create or replace function sync_link_find(p_connection_id uuid, p_kind text, p_github_key bigint, p_marker text)
returns uuid language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_id uuid;
begin
  select id into v_id from sync_link
   where connection_id = p_connection_id and kind = p_kind and github_key = p_github_key;
  if v_id is null and p_marker is not null then
    begin
      update sync_link set github_key = p_github_key
       where connection_id = p_connection_id and kind = p_kind and github_key is null and gone_at is null
         and intent ->> 'marker' = p_marker
      returning id into v_id;
    exception when unique_violation then
      select id into v_id from sync_link
       where connection_id = p_connection_id and kind = p_kind and github_key = p_github_key;
    end;
  end if;
  return v_id;
end $$;
comment on function sync_link_find is 'The pair of an issue (task) or a comment of a connection, by its number or id, or by the marker of an open creation.';

-- The pair of a record of ours: made where there is none.
create or replace function sync_link_of_record(p_id uuid, p_kind text, p_connection_id uuid, p_parent_id uuid)
returns void language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_resource bigint;
begin
  if exists (select from sync_link where id = p_id) then return; end if;
  insert into resource (kind, key, owner)
  values (p_kind, p_id::text, sync_owner(p_connection_id))
      on conflict (kind, key) do update set owner = excluded.owner
  returning id into v_resource;
  insert into sync_link (id, kind, resource_id, connection_id, parent_id)
  values (p_id, p_kind, v_resource, p_connection_id, p_parent_id)
      on conflict (id) do nothing;
end $$;
comment on function sync_link_of_record is 'Makes the pair of a record that is not at GitHub yet.';

-- For fair shares among the workers: "sync/alice".
create or replace function sync_owner(p_connection_id uuid) returns text
language sql stable set search_path = devy, pg_temp as $$
  select 'sync/' || coalesce(lower(r.owner_login), c.repository_id::text)
    from project_repository c left join github.repository r on r.id = c.repository_id
   where c.id = p_connection_id
$$;

-- Likewise, and makes it where there is none. A comment's parent is the pair of its issue.
create or replace function sync_link_ensure(
  p_connection_id uuid, p_kind text, p_github_key bigint, p_parent_id uuid default null, p_marker text default null)
returns uuid language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_id uuid := sync_link_find(p_connection_id, p_kind, p_github_key, p_marker);
  v_resource bigint;
begin
  if v_id is not null then return v_id; end if;
  v_id := gen_random_uuid();
  insert into resource (kind, key, owner) values (p_kind, v_id::text, sync_owner(p_connection_id))
  returning id into v_resource;
  insert into sync_link (id, kind, resource_id, connection_id, parent_id, github_key)
  values (v_id, p_kind, v_resource, p_connection_id, p_parent_id, p_github_key)
      on conflict on constraint sync_link_key do nothing;
  if found then return v_id; end if;
  -- Somebody else was first.
  delete from lease where resource_id = v_resource;
  delete from resource where id = v_resource;
  return sync_link_find(p_connection_id, p_kind, p_github_key, null);
end $$;
comment on function sync_link_ensure is 'sync_link_find, which makes the pair where there is none: the unique key decides races.';
