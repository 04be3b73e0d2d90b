-- What nobody has any more goes: in steps, each with a limit of rows, in transactions of the caller's that
-- begin with his fence (files.md, section 7). Rows that somebody else has locked are left to the next round.

-- Uploads whose time is over, of one node. Those that were whole lose only what made them resumable; those that
-- were not keep their rows with their files, so that whoever goes on with one late is told. Returns how many ended.
create or replace function file_expire_uploads(p_node text, p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_ids uuid[];
  v_count integer;
  r record;
begin
  v_ids := array(
    select f.id from file_upload u join file f on f.id = u.file_id
     where u.node = p_node and u.expires_at <= clock_timestamp() and f.state in ('receiving', 'temporary', 'permanent')
     order by u.expires_at limit p_limit for update of f skip locked);
  -- In statements of their own, which see what came before the locks: one that has gone on stays.
  with gone as (
    delete from file_upload u using file f
     where u.file_id = any (v_ids) and u.expires_at <= clock_timestamp() and f.id = u.file_id and f.state <> 'receiving'
    returning u.file_id)
  select count(*) into v_count from gone;
  for r in
    with expired as (
      update file f set state = 'deleted', deleted_at = clock_timestamp(), deleted_by = 'expired'
        from file_upload u
       where f.id = any (v_ids) and f.state = 'receiving' and u.file_id = f.id and u.expires_at <= clock_timestamp()
      returning f.owner_id, coalesce(u.length, u.received) as reserved)
    select owner_id, sum(reserved)::bigint as reserved, count(*) as files from expired group by owner_id order by owner_id
  loop
    update file_owner set bytes_reserved = greatest(bytes_reserved - r.reserved, 0) where id = r.owner_id;
    v_count := v_count + r.files;
  end loop;
  return v_count;
end $$;
comment on function file_expire_uploads is 'Ends uploads that nobody has gone on with.';

-- Temporary files that nobody has persisted in time. Returns how many.
create or replace function file_expire_files(p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_ids uuid[];
  v_count integer;
  r record;
begin
  v_ids := array(
    select id from file where state = 'temporary' and expires_at <= clock_timestamp()
     order by expires_at limit p_limit for update skip locked);
  -- Whoever refers to a file locks its row: by now all references are to be seen.
  with expired as (
    update file f set state = 'deleted', deleted_at = clock_timestamp(), deleted_by = 'expired'
     where id = any (v_ids) and not exists (select from file_reference u where u.file_id = f.id)
    returning id)
  select array(select id from expired), (select count(*) from expired) into v_ids, v_count;
  for r in
    select owner_id, sum(size)::bigint as bytes, count(*) as files from file
     where id = any (v_ids) group by owner_id order by owner_id
  loop
    perform file_owner_charge(r.owner_id, -r.bytes, -r.files, 0, 0);
  end loop;
  return v_count;
end $$;
comment on function file_expire_files is 'Deletes temporary files whose time is over, and gives their owners the room back.';

-- Tokens are kept 7 days more, so that whoever sends one late is told why. Returns how many went.
create or replace function file_expire_tokens(p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  c_kept constant interval := '7 days';
  v_digests bytea[];
begin
  v_digests := array(
    select t.digest from file_token t
     where t.expires_at <= clock_timestamp() - c_kept
       and not exists (select from file f where f.token_digest = t.digest
                          and f.state in ('receiving', 'assembling', 'checking', 'temporary'))
     order by t.expires_at limit p_limit for update skip locked);
  perform from file where token_digest = any (v_digests) order by id for update;
  update file set token_digest = null where token_digest = any (v_digests);
  delete from file_token where digest = any (v_digests);
  return cardinality(v_digests);
end $$;
comment on function file_expire_tokens is 'Forgets tokens that expired a week ago.';

-- The rows of files that were deleted, or rejected, that long ago. Contents that no file has afterwards are
-- marked: nothing else takes a file away from its content. Returns how many rows went.
create or replace function file_purge(p_keep interval, p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_ids uuid[];
  v_contents bytea[];
begin
  v_ids := array(
    select id from file where state = 'deleted' and deleted_at <= clock_timestamp() - p_keep
     order by deleted_at limit p_limit for update skip locked);
  if cardinality(v_ids) < p_limit then
    v_ids := v_ids || array(
      select id from file where state = 'rejected' and created_at <= clock_timestamp() - p_keep
       order by created_at limit p_limit - cardinality(v_ids) for update skip locked);
  end if;
  v_ids := array(select f.id from file f where f.id = any (v_ids)
                    and not exists (select from file_reference r where r.file_id = f.id));
  v_contents := array(select distinct sha256 from file where id = any (v_ids) and sha256 is not null);
  -- Two who each take one of the last two files away would each see the other's: the lock comes first.
  perform from content where sha256 = any (v_contents) order by sha256 for update;
  delete from file where id = any (v_ids);
  update content c set unused_since = clock_timestamp()
   where c.sha256 = any (v_contents) and c.unused_since is null
     and not exists (select from file f where f.sha256 = c.sha256);
  return cardinality(v_ids);
end $$;
comment on function file_purge is 'Forgets files that were deleted long enough ago.';

-- Contents of one node, and of S3, that no file has. Whoever uploads the same bytes before they are deleted takes
-- them over (file_content_hold). Returns how many.
create or replace function file_doom(p_node text, p_with_s3 boolean, p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_contents bytea[];
  v_count integer;
begin
  v_contents := array(
    select sha256 from content
     where unused_since is not null and state in ('stored', 'lost')
       and ((storage = 'disk' and node = p_node) or (storage = 's3' and p_with_s3))
     order by unused_since limit p_limit for update skip locked);
  -- Not in the statement that locks: it sees the files of before the lock.
  update content c set unused_since = null
   where c.sha256 = any (v_contents) and exists (select from file f where f.sha256 = c.sha256);
  update content c set state = 'doomed' where c.sha256 = any (v_contents) and c.unused_since is not null;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
comment on function file_doom is 'Marks contents that are to be deleted.';

-- The row of a doomed content goes, and the caller unlinks its bytes before he commits: whoever links the same
-- bytes waits for him. o: deleted · used: a file has it again · absent: it is not doomed any more.
create or replace function file_content_delete(p_sha256 bytea, p_node text) returns text
language plpgsql set search_path = devy, pg_temp as $$
begin
  perform from content
   where sha256 = p_sha256 and state = 'doomed' and node = p_node and storage = 'disk' for update;
  if not found then return 'absent'; end if;
  -- In a statement of its own, which sees what the lock has waited for.
  if exists (select from file where sha256 = p_sha256) then
    update content set state = 'stored', unused_since = null where sha256 = p_sha256;
    return 'used';
  end if;
  delete from content where sha256 = p_sha256;
  return 'deleted';
end $$;
comment on function file_content_delete is 'Deletes the row of a doomed content, under whose lock the bytes go, too.';

-- Bytes on a disk that no row knows get the row of a doomed content, which is their lock. Whoever is linking
-- them has a row already, for which this waits. Returns how many rows were made.
create or replace function file_orphans_doom(p_contents bytea[], p_sizes bigint[], p_node text) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_count integer;
begin
  insert into content (sha256, size, storage, state, node, unused_since)
  select o.sha256, o.size, 'disk', 'doomed', p_node, clock_timestamp()
    from unnest(p_contents, p_sizes) as o (sha256, size) order by o.sha256
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
comment on function file_orphans_doom is 'Gives bytes without a row one, with which they are deleted.';

-- What the clean-up of a node would do now.
create or replace function file_cleanup_due(
  p_node text, p_keep interval, out o_uploads bigint, out o_files bigint, out o_tokens bigint, out o_purged bigint,
  out o_contents bigint, out o_bytes bigint)
language sql stable set search_path = devy, pg_temp as $$
  select (select count(*) from file_upload u join file f on f.id = u.file_id
           where u.node = p_node and u.expires_at <= clock_timestamp()
             and f.state in ('receiving', 'temporary', 'permanent')),
         (select count(*) from file where state = 'temporary' and expires_at <= clock_timestamp()),
         (select count(*) from file_token where expires_at <= clock_timestamp() - interval '7 days'),
         (select count(*) from file where state = 'deleted' and deleted_at <= clock_timestamp() - p_keep),
         (select count(*) from content
           where (unused_since is not null or state = 'doomed') and (node = p_node or storage = 's3')),
         (select coalesce(sum(size), 0)::bigint from content
           where (unused_since is not null or state = 'doomed') and (node = p_node or storage = 's3'));
$$;

-- o: restored · absent: there is no such deleted file · temporary: its bytes were to be kept for a while only ·
-- over_bytes, over_files, blocked: its owner has no room. Whoever gets another than restored rolls back.
create or replace function file_restore(p_id uuid, p_bytes_max bigint, p_files_max bigint) returns text
language plpgsql set search_path = devy, pg_temp as $$
declare
  v file;
  v_outcome text;
begin
  select * into v from file where id = p_id and state = 'deleted' for update;
  if not found then return 'absent'; end if;
  if v.is_temporary or v.sha256 is null then return 'temporary'; end if;
  update file set state = 'permanent', deleted_at = null, deleted_by = null where id = p_id;
  v_outcome := file_owner_charge(v.owner_id, v.size, 1, p_bytes_max, p_files_max);
  return case v_outcome when 'good' then 'restored' else v_outcome end;
end $$;
comment on function file_restore is 'Makes a deleted file a permanent one again, as long as its row and bytes are there.';

-- Whether an operation is held, and has been for an hour: another one takes its place, so that only the bytes a
-- person is asked about wait for him, and he is asked anew.
create or replace function file_is_held_long(p_operation operation) returns boolean
language sql stable set search_path = devy, pg_temp as $$
  select p_operation.state = 'held' and p_operation.started_at < clock_timestamp() - interval '1 hour';
$$;
comment on function file_is_held_long is 'Whether the clean-up goes on beside an operation that waits for a person.';

-- Records an operation of the clean-up or the scrubbing of a node, unless one is under way.
create or replace function file_node_record(
  p_id uuid, p_kind text, p_node text, p_source text, p_priority smallint, p_requested_by text, out o_id uuid,
  out o_is_joined boolean)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_resource_kind text := case p_kind when 'file_cleanup' then 'file_node' else p_kind end;
  v_resource bigint;
begin
  insert into resource (kind, key, owner) values (v_resource_kind, p_node, 'files') on conflict do nothing;
  select id into v_resource from resource where kind = v_resource_kind and key = p_node for no key update;
  select o.id into o_id from operation o
   where o.resource_id = v_resource and o.state in ('received', 'verified', 'held', 'scheduled', 'processing')
     and (p_source <> 'reconcile' or not file_is_held_long(o))
   order by o.arrival desc limit 1;
  o_is_joined := found;
  if o_is_joined then return; end if;
  o_id := p_id;
  perform operation_ingest(p_id, v_resource, p_kind, p_source, null, null, null, '', false, p_priority, 12, null,
                           p_requested_by, null, 'files', 'files:' || p_node);
end $$;
comment on function file_node_record is 'Records an operation on the files of a node, unless one is under way.';
