-- Files that arrive, change and go. Whoever receives files calls, in one transaction and in this order:
-- file_begin for each, file_content_hold for each content (by digest), links the bytes, file_complete for
-- each file, and file_owner_charge.

create or replace function file_begin(
  p_id uuid, p_owner_id uuid, p_token_digest bytea, p_name text, p_declared_type text, p_metadata jsonb,
  p_request_key text) returns void language sql set search_path = devy, pg_temp as $$
  insert into file (id, owner_id, token_digest, name, declared_type, metadata, request_key, state, is_temporary)
  values (p_id, p_owner_id, p_token_digest, p_name, p_declared_type, p_metadata, p_request_key, 'receiving',
          p_token_digest is not null);
$$;
comment on function file_begin is 'Notes a file whose bytes come.';

-- An unreferenced permanent file of the same owner, name and bytes. Of two that are sent at the same time the
-- second waits here until the first one's transaction has ended.
create or replace function file_same(p_owner_id uuid, p_name text, p_sha256 bytea) returns uuid
language plpgsql set search_path = devy, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_owner_id::text || encode(p_sha256, 'hex') || p_name, 0));
  return (select f.id from file f
           where f.owner_id = p_owner_id and f.name = p_name and f.sha256 = p_sha256 and f.state = 'permanent'
             -- Sending lost bytes again heals them, so they have to be stored.
             and exists (select from content c where c.sha256 = p_sha256 and c.state <> 'lost')
             and not exists (select from file_reference r where r.file_id = f.id)
           order by f.created_at limit 1);
end $$;
comment on function file_same is 'The file that an owner has already.';

-- Locks the row of a content, which is made where it is missing: until the transaction ends, nobody else links
-- or unlinks its bytes. o_state: what it was before, or absent. o_generation: of the bytes that are linked now.
-- o_is_linked: whether they are to be linked on this node; else they are in S3, or on their way there from another
-- node. p_storage: where bytes go that come, or come back.
create or replace function file_content_hold(
  p_sha256 bytea, p_size bigint, p_node text, p_storage text, out o_state text, out o_generation integer,
  out o_is_linked boolean)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v content;
begin
  loop
    insert into content (sha256, size, storage, state, node) values (p_sha256, p_size, p_storage, 'staged', p_node)
        on conflict do nothing returning generation into o_generation;
    if found then o_state := 'absent'; o_is_linked := true; return; end if;
    -- Else it was deleted between the two statements.
    select * into v from content where sha256 = p_sha256 for update;
    exit when found;
  end loop;
  if v.size <> p_size then
    raise exception 'two contents of one digest: % and % bytes', v.size, p_size using errcode = 'DV014';
  end if;
  o_state := v.state;
  if v.state in ('doomed', 'deleting', 'lost') then
    update content
       set generation = nextval('content_generation'), unused_since = null, state = 'staged', storage = p_storage,
           node = p_node, multipart_id = null, verified_at = null
     where sha256 = p_sha256 returning generation into o_generation;
    o_is_linked := true;
  else
    update content set unused_since = null where sha256 = p_sha256;
    o_generation := v.generation;
    o_is_linked := v.storage = 'disk' or (v.state = 'staged' and v.node = p_node);
  end if;
end $$;
comment on function file_content_hold is 'The lock under which bytes are linked.';

-- The bytes are linked and safe, so the file is whole. A temporary one expires with its token. Of S3 they are
-- stored once they are there.
create or replace function file_complete(p_id uuid, p_sha256 bytea, p_size bigint, p_media_type text) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  update content
     set state = case storage when 'disk' then 'stored' else state end, unused_since = null,
         verified_at = clock_timestamp()
   where sha256 = p_sha256 and state <> 'stored' and (storage = 'disk' or verified_at is null);
  update file
     set sha256 = p_sha256, received_sha256 = p_sha256, size = p_size, media_type = p_media_type,
         state = case when is_temporary then 'temporary' else 'permanent' end, completed_at = clock_timestamp(),
         expires_at = (select t.expires_at from file_token t where t.digest = token_digest)
   where id = p_id;
end $$;
comment on function file_complete is 'Ends the receiving of a file.';

create or replace function file_change(p_id uuid, p_owner_id uuid, p_name text, p_metadata jsonb) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  update file set name = coalesce(p_name, name), metadata = coalesce(p_metadata, metadata)
   where id = p_id and owner_id = p_owner_id and state <> 'deleted';
  return found;
end $$;
comment on function file_change is 'Another name, other metadata; null: as it was. False: he has no such file.';

-- Outcomes: deleted · ended: it was an open upload, whose bytes in staging are the caller's to delete · in_use ·
-- absent: he has no such file. A null owner is an operator.
create or replace function file_delete(p_id uuid, p_owner_id uuid, p_by text) returns text
language plpgsql set search_path = devy, pg_temp as $$
declare
  v file;
begin
  select * into v from file
   where id = p_id and (p_owner_id is null or owner_id = p_owner_id)
     and state in ('receiving', 'temporary', 'permanent') for update;
  if not found then return 'absent'; end if;
  if v.state = 'receiving' then
    perform file_upload_end(p_id, null, (select fence from file_upload where file_id = p_id), null);
    update file set deleted_by = p_by where id = p_id and state = 'deleted';
    return 'ended';
  end if;
  if exists (select from file_reference where file_id = p_id) then return 'in_use'; end if;
  update file set state = 'deleted', deleted_at = clock_timestamp(), deleted_by = p_by where id = p_id;
  perform file_owner_charge(v.owner_id, -v.size, -1, 0, 0);
  return 'deleted';
end $$;
comment on function file_delete is 'Deletes a file that nothing uses; its bytes stay a while.';

create or replace view file_seen as
  select f.id, f.owner_id, o.login as owner_login, f.token_digest, f.request_key, f.name, f.state, f.size, f.sha256,
         case f.state when 'receiving' then u.received else f.size end as received, u.length as announced,
         encode(f.sha256, 'hex') as sha256_hex, coalesce(encode(f.token_digest, 'hex'), '') as token_hex,
         coalesce(f.media_type, '') as media_type, f.metadata,
         coalesce(f.error_code, '') as error_code, coalesce(c.state::text, '') as content_state, f.created_at,
         f.expires_at,
         array(select r.kind from file_reference r where r.file_id = f.id order by r.kind, r.key) as reference_kinds,
         array(select r.key from file_reference r where r.file_id = f.id order by r.kind, r.key) as reference_keys,
         coalesce(c.storage, '') as content_storage, coalesce(c.generation, 0) as content_generation,
         coalesce(c.node::text, '') as content_node
    from file f
    join file_owner o on o.id = f.owner_id
    left join content c on c.sha256 = f.sha256
    left join file_upload u on u.file_id = f.id and f.state = 'receiving';
comment on view file_seen is 'Files with what belongs to them, as the program reads them.';
