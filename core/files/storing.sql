-- Contents on their way to S3 and out of it (files.md, section 3). One operation `file_store` at a time works on a
-- content, whose resource is called by its digest; it runs on a node's lane, for the bytes are there.

-- Records that a content is to be stored, or deleted, unless that waits already. One that runs may have begun
-- with what it was before, so it is followed by another.
create or replace function file_store_record(
  p_id uuid, p_sha256 bytea, p_node text, p_source text, p_priority smallint, p_requested_by text) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_resource bigint;
begin
  loop
    insert into resource (kind, key, owner) values ('content', encode(p_sha256, 'hex'), 'files') on conflict do nothing;
    select id into v_resource from resource where kind = 'content' and key = encode(p_sha256, 'hex') for no key update;
    -- Else it was forgotten between the two statements.
    exit when found;
  end loop;
  if exists (select from operation o
              where o.resource_id = v_resource and o.state in ('received', 'verified', 'held', 'scheduled')) then
    return false;
  end if;
  perform operation_ingest(p_id, v_resource, 'file_store', p_source, null, null, null, '', false, p_priority, 12, null,
                           p_requested_by, null, 'files', 'files:' || p_node);
  return true;
end $$;
comment on function file_store_record is 'Records the operation that brings a content to S3, or out of it.';

-- An upload in parts was begun for it. False: it is not on its way any more, or as another generation.
create or replace function file_content_multipart(p_sha256 bytea, p_generation integer, p_multipart_id text)
returns boolean language plpgsql set search_path = devy, pg_temp as $$
begin
  update content set multipart_id = nullif(p_multipart_id, '')
   where sha256 = p_sha256 and generation = p_generation and state = 'staged' and storage = 's3';
  return found;
end $$;
comment on function file_content_multipart is 'Notes an upload in parts, before its first part.';

-- It is in S3: the caller unlinks what the node has of it before he commits. False: somebody else was first.
create or replace function file_content_stored(p_sha256 bytea, p_generation integer) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  update content set state = 'stored', node = null, multipart_id = null, verified_at = clock_timestamp()
   where sha256 = p_sha256 and generation = p_generation and state = 'staged' and storage = 's3';
  return found;
end $$;
comment on function file_content_stored is 'Ends the way of a content to S3.';

-- Its bytes are neither here nor there.
create or replace function file_content_lose(p_sha256 bytea, p_generation integer) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  update content set state = 'lost', multipart_id = null, verified_at = null
   where sha256 = p_sha256 and generation = p_generation and state = 'staged' and storage = 's3';
  return found;
end $$;
comment on function file_content_lose is 'Says that a content on its way to S3 is lost.';

-- To be committed before S3 is told to delete it. o: deleting · used: a file has it again · absent.
create or replace function file_content_deleting(p_sha256 bytea, p_generation integer) returns text
language plpgsql set search_path = devy, pg_temp as $$
begin
  perform from content
   where sha256 = p_sha256 and generation = p_generation and storage = 's3' and state in ('doomed', 'deleting')
     for update;
  if not found then return 'absent'; end if;
  -- In a statement of its own, which sees what the lock has waited for. Of one that is deleting nobody has a file:
  -- whoever comes takes it over, with another generation.
  if exists (select from file where sha256 = p_sha256) then
    update content set state = 'stored', unused_since = null where sha256 = p_sha256 and state = 'doomed';
    return 'used';
  end if;
  update content set state = 'deleting' where sha256 = p_sha256;
  return 'deleting';
end $$;
comment on function file_content_deleting is 'Says that S3 is being told to delete a content.';

create or replace function file_content_deleted(p_sha256 bytea, p_generation integer) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from content
   where sha256 = p_sha256 and generation = p_generation and state = 'deleting' and storage = 's3';
  return found;
end $$;
comment on function file_content_deleted is 'S3 has deleted a content.';

-- Contents that wait for S3: those that this node has, and those that are to be deleted. By digest.
create or replace function file_contents_pending(p_node text, p_behind bytea, p_limit integer) returns setof bytea
language sql stable set search_path = devy, pg_temp as $$
  select sha256 from content
   where storage = 's3' and ((state = 'staged' and node = p_node) or state in ('doomed', 'deleting'))
     and (p_behind is null or sha256 > p_behind)
   order by sha256 limit p_limit;
$$;
comment on function file_contents_pending is 'What an operation `file_store` has to do with.';

-- Contents on a node's disk that are to go to S3 from now on. They are served from the disk until they are there.
create or replace function file_contents_to_s3(p_node text, p_limit integer) returns setof bytea
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_contents bytea[];
begin
  v_contents := array(
    select sha256 from content where storage = 'disk' and node = p_node and state = 'stored' and unused_since is null
     order by sha256 limit p_limit for update skip locked);
  return query
    update content set storage = 's3', state = 'staged', generation = nextval('content_generation'),
           multipart_id = null, verified_at = clock_timestamp()
     where sha256 = any (v_contents) returning sha256::bytea;
end $$;
comment on function file_contents_to_s3 is 'Begins to move contents to S3.';

-- Its bytes are linked on that node, under the lock of its row. False: it is another generation, or gone.
create or replace function file_content_to_disk(p_sha256 bytea, p_generation integer, p_node text) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  update content set storage = 'disk', node = p_node, verified_at = clock_timestamp()
   where sha256 = p_sha256 and generation = p_generation and storage = 's3' and state = 'stored';
  return found;
end $$;
comment on function file_content_to_disk is 'Moves a content from S3 to a disk.';

-- Objects in S3 that no row knows get the row of a doomed content, which is their lock. Returns how many.
create or replace function file_objects_doom(p_contents bytea[], p_sizes bigint[], p_generations integer[]) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_count integer;
begin
  insert into content (sha256, size, storage, state, generation, unused_since)
  select o.sha256, o.size, 's3', 'doomed', o.generation, clock_timestamp()
    from unnest(p_contents, p_sizes, p_generations) as o (sha256, size, generation) order by o.sha256
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
comment on function file_objects_doom is 'Gives objects without a row one, with which they are deleted.';

-- Resources of contents whose operations are pruned: each content has its own. Returns how many went.
create or replace function file_resources_forget(p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_ids bigint[];
  v_count integer;
begin
  v_ids := array(
    select r.id from resource r join lease l on l.resource_id = r.id
     where r.kind = 'content' and not exists (select from operation o where o.resource_id = r.id)
     limit p_limit for update of l, r skip locked);
  -- In statements of their own, which see what the locks have waited for.
  delete from lease l
   where l.resource_id = any (v_ids) and not exists (select from operation o where o.resource_id = l.resource_id);
  delete from resource r
   where r.id = any (v_ids) and not exists (select from operation o where o.resource_id = r.id);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
comment on function file_resources_forget is 'Forgets resources that no operation is about any more.';

-- S3 refuses us: nobody asks it for a while.
create or replace function file_s3_pause_note(p_reason text, p_hint text, p_for interval) returns void
language sql set search_path = devy, pg_temp as $$
  insert into file_s3_pause as p (begun_at, not_before, reason, hint)
  values (clock_timestamp(), clock_timestamp() + p_for, p_reason, p_hint)
  on conflict (is_only) do update
     set not_before = excluded.not_before, reason = excluded.reason, hint = excluded.hint;
$$;
comment on function file_s3_pause_note is 'Pauses S3.';

create or replace function file_s3_pause_end() returns void
language sql set search_path = devy, pg_temp as $$
  delete from file_s3_pause;
$$;
comment on function file_s3_pause_end is 'S3 takes what we send.';
