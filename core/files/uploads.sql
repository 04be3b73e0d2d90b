-- Uploads that can be resumed (files.md, sections 3 to 5). An upload is known by its file's id and the digest of
-- the key in its URL. Its owner's bytes_reserved has its length or, until that is said, what was received. One
-- that is whole keeps its row for a day, for senders that missed the last answer.

-- So long an upload lives without anything coming.
create or replace function file_upload_life() returns interval
language sql immutable set search_path = devy, pg_temp as $$ select interval '24 hours' $$;
comment on function file_upload_life is 'How long an upload waits for its next bytes.';

-- Holds bytes of an owner's quota; negative: gives them back. o_outcome as of file_owner_charge.
create or replace function file_owner_reserve(
  p_owner_id uuid, p_bytes bigint, p_files bigint, p_bytes_max bigint, p_files_max bigint)
returns text language plpgsql set search_path = devy, pg_temp as $$
declare
  v file_owner;
begin
  update file_owner set bytes_reserved = bytes_reserved + p_bytes where id = p_owner_id returning * into strict v;
  return case when p_bytes <= 0 and p_files <= 0 then 'good'
    else file_owner_judge(v, p_files, p_bytes_max, p_files_max) end;
end $$;
comment on function file_owner_reserve is 'Holds a part of a quota for what is to come.';

-- After file_begin. o_promised: bytes that all open uploads of the node are still to bring, this one among them.
create or replace function file_upload_begin(
  p_id uuid, p_owner_id uuid, p_node text, p_key_digest bytea, p_length bigint, p_metadata_sent text,
  p_life_max interval, p_bytes_max bigint, p_files_max bigint, out o_outcome text, out o_expires_at timestamptz,
  out o_promised bigint) language plpgsql set search_path = devy, pg_temp as $$
begin
  insert into file_upload (file_id, owner_id, node, key_digest, length, metadata_sent, expires_at)
  values (p_id, p_owner_id, p_node, p_key_digest, p_length, p_metadata_sent,
          clock_timestamp() + least(file_upload_life(), p_life_max))
  returning expires_at into o_expires_at;
  select coalesce(sum(u.length - u.received), 0) into o_promised
    from file_upload u
   where u.node = p_node and u.received < u.length and u.expires_at > clock_timestamp();
  o_outcome := file_owner_reserve(p_owner_id, coalesce(p_length, 0), 1, p_bytes_max, p_files_max);
end $$;
comment on function file_upload_begin is 'Notes an upload whose bytes come later, in one request or many.';

-- o_outcome: open · complete · gone: deleted, refused or expired · absent.
create or replace function file_upload_find(
  p_id uuid, p_key_digest bytea, out o_outcome text, out o_node text, out o_length bigint, out o_received bigint,
  out o_metadata_sent text, out o_expires_at timestamptz)
language plpgsql stable set search_path = devy, pg_temp as $$
declare
  v_state text;
begin
  select f.state, u.node, u.length, u.received, u.metadata_sent, u.expires_at
    into v_state, o_node, o_length, o_received, o_metadata_sent, o_expires_at
    from file_upload u join file f on f.id = u.file_id
   where u.file_id = p_id and u.key_digest = p_key_digest;
  o_outcome := case
    when not found then 'absent'
    when o_expires_at <= clock_timestamp() or v_state in ('deleted', 'rejected') then 'gone'
    when v_state = 'receiving' then 'open'
    else 'complete' end;
end $$;
comment on function file_upload_find is 'The upload that a URL names.';

-- Makes the caller the only writer of an upload. p_length: what its sender says now; null: nothing. o_outcome:
-- those of file_upload_find · offset: bytes come at another place · length: it has another already, or more was
-- received · those of file_owner_charge in place of open.
create or replace function file_upload_acquire(
  p_id uuid, p_key_digest bytea, p_offset bigint, p_length bigint, p_bytes_max bigint, p_files_max bigint,
  out o_outcome text, out o_fence bigint, out o_length bigint, out o_received bigint, out o_owner_id uuid)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_reserved text;
begin
  perform from file where id = p_id for update;
  select f.o_outcome, f.o_length, f.o_received into o_outcome, o_length, o_received
    from file_upload_find(p_id, p_key_digest) f;
  if o_outcome <> 'open' then return; end if;
  if o_received <> p_offset then o_outcome := 'offset'; return; end if;
  if p_length <> o_length or p_length < o_received then o_outcome := 'length'; return; end if;
  if exists (select from file_upload u join file_owner o on o.id = u.owner_id
              where u.file_id = p_id and o.blocked_at is not null) then
    o_outcome := 'blocked';
    return;
  end if;
  update file_upload set fence = fence + 1 where file_id = p_id returning fence, owner_id into o_fence, o_owner_id;
  -- A length that is reached already is written by who finishes the upload.
  if o_length is null and p_length > o_received then
    update file_upload set length = p_length where file_id = p_id;
    v_reserved := file_owner_reserve(o_owner_id, p_length - o_received, 0, p_bytes_max, p_files_max);
    if v_reserved <> 'good' then o_outcome := v_reserved; end if;
  end if;
  o_length := coalesce(o_length, p_length);
end $$;
comment on function file_upload_acquire is 'Begins to write into an upload.';

-- So much is safe on the disk. lost: somebody else writes now, or it has ended.
create or replace function file_upload_record(
  p_id uuid, p_fence bigint, p_received bigint, p_life_max interval, p_bytes_max bigint, p_files_max bigint,
  out o_outcome text, out o_expires_at timestamptz) language plpgsql set search_path = devy, pg_temp as $$
declare
  v file_upload;
  v_created_at timestamptz;
begin
  select created_at into v_created_at from file where id = p_id and state = 'receiving' for update;
  if found then select * into v from file_upload where file_id = p_id and fence = p_fence; end if;
  if v.file_id is null then o_outcome := 'lost'; return; end if;
  update file_upload
     set received = p_received,
         expires_at = least(clock_timestamp() + file_upload_life(), v_created_at + p_life_max)
   where file_id = p_id returning expires_at into o_expires_at;
  o_outcome := case when v.length is null and p_received <> v.received
    then file_owner_reserve(v.owner_id, p_received - v.received, 0, p_bytes_max, p_files_max)
    else 'good' end;
end $$;
comment on function file_upload_record is 'A checkpoint of an upload.';

-- All has come: the first statement of the transaction that stores the file. o_outcome: good · lost. What the
-- upload had reserved is to be given to file_upload_settle, the last statement.
create or replace function file_upload_finish(
  p_id uuid, p_fence bigint, p_length bigint, p_token_life interval, out o_outcome text, out o_owner_id uuid,
  out o_reserved bigint, out o_expires_at timestamptz) language plpgsql set search_path = devy, pg_temp as $$
declare
  v_token bytea;
begin
  o_outcome := 'lost';
  -- The files of a batch do not expire while others of it are on their way.
  select token_digest into v_token from file where id = p_id;
  update file_token set expires_at = greatest(expires_at, clock_timestamp() + p_token_life)
   where digest = v_token and used_at is null;
  update file f set expires_at = t.expires_at
    from file_token t
   where f.token_digest = v_token and f.state = 'temporary' and t.digest = v_token;
  perform from file where id = p_id and state = 'receiving' for update;
  if not found then return; end if;
  select u.owner_id, coalesce(u.length, u.received) into o_owner_id, o_reserved
    from file_upload u where u.file_id = p_id and u.fence = p_fence;
  if not found then return; end if;
  update file_upload
     set received = p_length, length = p_length, expires_at = clock_timestamp() + file_upload_life()
   where file_id = p_id returning expires_at into o_expires_at;
  o_outcome := 'good';
end $$;
comment on function file_upload_finish is 'Ends an upload that is whole.';

create or replace function file_upload_settle(
  p_owner_id uuid, p_reserved bigint, p_bytes bigint, p_bytes_max bigint, p_files_max bigint)
returns text language plpgsql set search_path = devy, pg_temp as $$
begin
  update file_owner set bytes_reserved = bytes_reserved - p_reserved where id = p_owner_id;
  return file_owner_charge(p_owner_id, p_bytes, 1, p_bytes_max, p_files_max);
end $$;
comment on function file_upload_settle is 'Counts what was reserved as used.';

-- Ends an upload without a file: with an error code it is rejected, else deleted. One that is whole already is
-- deleted as a file, unless something uses it. p_key_digest or p_fence says who may. o_outcome: ended · complete:
-- the file was whole, and has gone · in_use · gone · absent.
create or replace function file_upload_end(
  p_id uuid, p_key_digest bytea, p_fence bigint, p_error_code text) returns text
language plpgsql set search_path = devy, pg_temp as $$
declare
  v file_upload;
  v_state text;
begin
  select state into v_state from file where id = p_id for update;
  select * into v from file_upload
   where file_id = p_id and (key_digest = p_key_digest or fence = p_fence);
  if not found then return 'absent'; end if;
  if v_state in ('temporary', 'permanent') and p_fence is null and v.expires_at > clock_timestamp() then
    return case file_delete(p_id, v.owner_id, 'upload') when 'deleted' then 'complete' else 'in_use' end;
  end if;
  if v_state <> 'receiving' then return 'gone'; end if;
  update file_upload set fence = fence + 1 where file_id = p_id;
  if p_error_code is null then
    update file set state = 'deleted', deleted_at = clock_timestamp(), deleted_by = 'upload' where id = p_id;
  else
    update file set state = 'rejected', error_code = p_error_code where id = p_id;
  end if;
  perform file_owner_reserve(v.owner_id, -coalesce(v.length, v.received), 0, 0, 0);
  return case when v.expires_at <= clock_timestamp() then 'gone' else 'ended' end;
end $$;
comment on function file_upload_end is 'Gives up an upload.';

-- The bytes that are safe are not there: what was linked when a finish was cut off, or a disk that forgot.
create or replace function file_upload_restart(p_id uuid, p_fence bigint) returns void
language plpgsql set search_path = devy, pg_temp as $$
declare
  v file_upload;
begin
  perform from file where id = p_id for update;
  select * into v from file_upload where file_id = p_id and fence = p_fence;
  if not found then return; end if;
  update file_upload set received = 0 where file_id = p_id;
  if v.length is null then perform file_owner_reserve(v.owner_id, -v.received, 0, 0, 0); end if;
end $$;
comment on function file_upload_restart is 'Has an upload begin again.';

-- Of these files, those whose bytes are in staging because more is to come.
create or replace function file_uploads_open(p_ids uuid[]) returns setof uuid
language sql stable set search_path = devy, pg_temp as $$
  select u.file_id from file_upload u join file f on f.id = u.file_id
   where u.file_id = any (p_ids) and f.state = 'receiving';
$$;
comment on function file_uploads_open is 'Uploads that go on.';

-- Lets one more file into the batch of a token. o_outcome: good · unknown · used · expired · full.
create or replace function file_token_join(p_digest bytea, p_owner_id uuid, p_files_max bigint) returns text
language plpgsql set search_path = devy, pg_temp as $$
declare
  v file_token;
begin
  select * into v from file_token where digest = p_digest and owner_id = p_owner_id for update;
  return case
    when not found then 'unknown'
    when v.used_at is not null then 'used'
    when v.expires_at <= clock_timestamp() then 'expired'
    when (select count(*) from file where token_digest = p_digest and state not in ('deleted', 'rejected'))
      >= p_files_max then 'full'
    else 'good' end;
end $$;
comment on function file_token_join is 'Whether a batch takes another file.';
