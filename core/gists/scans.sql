-- Scans: when they are recorded, what they store, how they end.

-- Records the scan of a user, or joins one that waits or runs. The caller holds the user's lock.
create or replace function gist_scan_record(
  p_user_id uuid, p_source text, p_is_full boolean default false, p_requested_by text default null,
  p_reason text default null, out o_id uuid, out o_is_joined boolean)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  c_priority constant smallint := 150;
  v_resource bigint;
begin
  if p_is_full then update tracked_user set is_full_wanted = true where id = p_user_id; end if;
  select o.id into o_id from tracked_user t join operation o on o.id = t.operation_id
   where t.id = p_user_id and o.finished_at is null;
  o_is_joined := found;
  if found then return; end if;
  insert into resource (kind, key, owner) values ('gist_owner', p_user_id::text, 'gists') on conflict do nothing;
  select id into v_resource from resource where kind = 'gist_owner' and key = p_user_id::text;
  o_id := gen_random_uuid();
  perform operation_ingest(o_id, v_resource, 'gist_scan', p_source, null, null, null, '', false, c_priority, 12, null,
                           p_requested_by, p_reason, p_lane => 'github');
  update tracked_user set operation_id = o_id, scan_at = null where id = p_user_id;
end $$;
comment on function gist_scan_record is 'Records the scan of a tracked user, unless one is under way.';

-- Records the scans that are due; returns how many. What another session has locked is left for the next turn.
create or replace function gist_scans_record(p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_id uuid;
  v_count integer := 0;
begin
  for v_id in
    select id from tracked_user
     where scan_at <= clock_timestamp() and state <> 'off' and operation_id is null
     order by scan_at limit p_limit for update skip locked loop
    perform gist_scan_record(v_id, 'reconcile');
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- Notes the ends of scans that no handler noted: they failed for good, or a person cancelled them. A failing
-- user fails alone: he is scanned again after p_every, then after twice that, at most a day.
create or replace function gist_scans_settle(p_limit integer, p_every interval) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_user record;
  v_count integer := 0;
begin
  for v_user in
    select t.id, t.routine_id, t.failures, o.state, o.error_text
      from tracked_user t left join operation o on o.id = t.operation_id
     where t.operation_id is not null and (o.id is null or o.finished_at is not null)
     order by t.id limit p_limit for update of t skip locked loop
    if v_user.routine_id is not null then
      perform routine_note(v_user.routine_id, v_user.state is distinct from 'cancelled', 0, 0);
    end if;
    update tracked_user
       set operation_id = null, routine_id = null,
           failures = failures + case when v_user.state = 'failed' then 1 else 0 end,
           error = case when v_user.state = 'failed' then v_user.error_text else error end,
           scan_at = case when v_user.state = 'failed' then
             clock_timestamp() + least(greatest(p_every, interval '1 minute') * power(2, least(v_user.failures, 20)),
                                       interval '1 day') end
     where id = v_user.id;
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- Opens a routine when it is time, and gives it its users, some in each turn; returns how many. Their scans
-- begin within p_spread. Whoever waits for a scan already, or fails, keeps his own time.
create or replace function routine_fill(p_every interval, p_spread interval, p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_routine routine;
  v_count integer;
begin
  perform pg_advisory_xact_lock(hashtextextended('devy.routine_fill', 0));
  select * into v_routine from routine where reason = 'timer' order by id desc limit 1;
  if not found or (v_routine.is_filled and v_routine.started_at <= clock_timestamp() - p_every) then
    insert into routine (reason, is_filled) values ('timer', false) returning * into v_routine;
  end if;
  if v_routine.is_filled then return 0; end if;
  with next as (
    select id from tracked_user
     where state = 'active' and scan_at is null and operation_id is null and routine_id is null
       and (scanned_at is null or scanned_at < v_routine.started_at)
     order by id limit p_limit for update
  ), given as (
    update tracked_user t set routine_id = v_routine.id, scan_at = clock_timestamp() + p_spread * random()
      from next where t.id = next.id returning 1)
  select count(*) into v_count from given;
  update routine
     set pending = pending + v_count, is_filled = v_count < p_limit,
         finished_at = case when v_count < p_limit and pending + v_count = 0 then clock_timestamp() end
   where id = v_routine.id;
  return v_count;
end $$;

-- A routine that a person asks for: these users are scanned at once.
create or replace function routine_ask(p_user_ids uuid[], p_is_full boolean, p_requested_by text, p_reason text)
returns table (o_user_id uuid, o_operation_id uuid, o_is_joined boolean)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_routine bigint;
begin
  insert into routine (reason) values ('operator') returning id into v_routine;
  for o_user_id in select id from tracked_user where id = any (p_user_ids) and state <> 'off' order by id for update loop
    update tracked_user set routine_id = v_routine where id = o_user_id and routine_id is null;
    if found then update routine set pending = pending + 1 where id = v_routine; end if;
    select r.o_id, r.o_is_joined into o_operation_id, o_is_joined
      from gist_scan_record(o_user_id, 'operator', p_is_full, p_requested_by, p_reason) r;
    return next;
  end loop;
  update routine set finished_at = clock_timestamp() where id = v_routine and pending = 0;
end $$;

-- ------------------------------------------------------------------ what a scan stores

-- Begins to store a gist: from here to the commit nobody else numbers versions of this user, or counts them for
-- a visitor. Returns whether the gist is new. Throws when the user is tracked no more.
create or replace function gist_store(
  p_user_id uuid, p_id text, p_description text, p_html_url text, p_created_at timestamptz, p_updated_at timestamptz,
  p_is_partial boolean, p_routine_id bigint)
returns boolean language plpgsql set search_path = devy, pg_temp as $$
declare
  v_is_new boolean;
begin
  perform 1 from tracked_user where id = p_user_id and state <> 'off' for update;
  if not found then
    raise exception 'the user is tracked no more' using errcode = 'DV003';
  end if;
  v_is_new := not exists (select from gist where id = p_id);
  insert into gist as g (id, tracked_user_id, description, html_url, created_at, updated_at, is_partial)
  values (p_id, p_user_id, p_description, p_html_url, p_created_at, p_updated_at, p_is_partial)
  on conflict (id) do update
     set description = excluded.description, html_url = excluded.html_url, updated_at = excluded.updated_at,
         is_partial = excluded.is_partial, gone_at = null, gone_reason = null
   where g.tracked_user_id = p_user_id;
  if v_is_new and p_routine_id is not null then
    insert into routine_gist_user (routine_id, gist_id, tracked_user_id) values (p_routine_id, p_id, p_user_id);
  end if;
  return v_is_new;
end $$;

-- Stores a version of a file, a new one where p_file_id is null, behind gist_store() in the same transaction.
create or replace function gist_version_store(
  p_user_id uuid, p_gist_id text, p_file_id uuid, p_filename text, p_blob text, p_size bigint, p_media_type text,
  p_language text, p_raw_url text, p_content bytea, p_content_state text, p_routine_id bigint,
  p_company text, p_mode text, p_on_edit text, out o_version integer, out o_is_for_crm boolean)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_seq bigint;
begin
  if p_file_id is null then
    insert into gist_file (gist_id, filename) values (p_gist_id, p_filename) returning id into p_file_id;
  end if;
  update gist_file set version = version + 1, filename = p_filename where id = p_file_id returning version into o_version;
  update tracked_user set next_seq = next_seq + 1 where id = p_user_id returning next_seq - 1 into v_seq;
  insert into gist_version (gist_file_id, number, tracked_user_id, blob, size, media_type, language, raw_url, content,
                            content_state, seq, routine_id)
  values (p_file_id, o_version, p_user_id, p_blob, p_size, p_media_type, p_language, p_raw_url, p_content,
          p_content_state, v_seq, p_routine_id);
  o_is_for_crm := gist_crm_wanted(p_file_id, o_version, p_company, p_mode, p_on_edit);
end $$;

-- A file that has another name since, and the same content.
create or replace function gist_file_rename(p_file_id uuid, p_filename text, p_raw_url text) returns void
language sql set search_path = devy, pg_temp as $$
  update gist_file set filename = p_filename where id = p_file_id;
  update gist_version v set raw_url = p_raw_url from gist_file f
   where f.id = p_file_id and v.gist_file_id = f.id and v.number = f.version
$$;

-- A gist that is public no more: what it said leaves the database at once.
create or replace function gist_end(p_user_id uuid, p_id text, p_reason text) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  perform 1 from tracked_user where id = p_user_id for update;
  update gist set gone_at = clock_timestamp(), gone_reason = p_reason
   where id = p_id and tracked_user_id = p_user_id and gone_at is null;
  if not found then return false; end if;
  update gist_version v set content = null from gist_file f
   where f.gist_id = p_id and v.gist_file_id = f.id and v.content is not null;
  return true;
end $$;

-- Notes the end of a scan, in the transaction that ends its operation.
create or replace function gist_scan_end(
  p_user_id uuid, p_state text, p_watermark timestamptz, p_etag text, p_is_full boolean, p_started_at timestamptz,
  p_next_at timestamptz, p_gists integer, p_files integer)
returns void language plpgsql set search_path = devy, pg_temp as $$
declare
  v_routine bigint;
begin
  select routine_id into v_routine from tracked_user where id = p_user_id for update;
  if v_routine is not null then perform routine_note(v_routine, false, p_gists, p_files); end if;
  update tracked_user
     set state = case when state = 'off' then state else p_state end,
         watermark = p_watermark, etag = p_etag, scanned_at = p_started_at,
         full_at = case when p_is_full then p_started_at else full_at end,
         is_full_wanted = is_full_wanted and not p_is_full,
         failures = 0, error = null, operation_id = null, routine_id = null,
         scan_at = case when state <> 'off' then p_next_at end
   where id = p_user_id;
end $$;
