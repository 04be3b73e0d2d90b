-- Tokens of batches of temporary files, and how they are spent.

create or replace function file_token_make(p_digest bytea, p_owner_id uuid, p_life interval) returns timestamptz
language sql set search_path = devy, pg_temp as $$
  insert into file_token (digest, owner_id, expires_at) values (p_digest, p_owner_id, clock_timestamp() + p_life)
  returning expires_at;
$$;
comment on function file_token_make is 'Makes a token, of which only its digest is stored. Returns when it expires.';

-- Makes the files of a token permanent, in the caller's transaction, beside the row that refers to them: where
-- that is rolled back, the token is unspent. A null owner: whoever has the token. The same reference again is
-- answered as the first time. What was deleted or rejected is no part of the batch any more. o_outcome: good ·
-- unknown: there is no such token, or it is another owner's · used: for something else · expired · not_ready.
create or replace function file_persist(
  p_digest bytea, p_owner_id uuid, p_kind text, p_key text, p_metadata jsonb, p_by text, out o_outcome text,
  out o_is_new boolean) language plpgsql set search_path = devy, pg_temp as $$
declare
  v file_token;
  v_files integer;
  v_open integer;
begin
  o_is_new := false;
  select * into v from file_token
   where digest = p_digest and (p_owner_id is null or owner_id = p_owner_id) for update;
  o_outcome := case
    when not found then 'unknown'
    when v.used_at is not null and v.used_kind is not distinct from p_kind
      and v.used_key is not distinct from p_key then 'good'
    when v.used_at is not null then 'used'
    when v.expires_at <= clock_timestamp() then 'expired' end;
  if o_outcome is not null then return; end if;
  perform from file where token_digest = p_digest order by id for update;
  select count(*) filter (where state = 'temporary'),
         count(*) filter (where state in ('receiving', 'assembling', 'checking'))
    into v_files, v_open from file where token_digest = p_digest;
  o_outcome := case when v_open > 0 then 'not_ready' when v_files = 0 then 'expired' end;
  if o_outcome is not null then return; end if;
  update file_token set used_at = clock_timestamp(), used_kind = p_kind, used_key = p_key
   where digest = p_digest;
  update file
     set state = 'permanent', is_temporary = false, expires_at = null,
         metadata = metadata || coalesce(p_metadata, '{}')
   where token_digest = p_digest and state = 'temporary';
  insert into file_reference (file_id, kind, key, created_by)
  select id, p_kind, p_key, p_by from file
   where token_digest = p_digest and state = 'permanent' and p_kind is not null;
  o_outcome := 'good';
  o_is_new := true;
end $$;
comment on function file_persist is 'Spends a token: its batch becomes permanent as a whole, or not at all.';

-- Another token for the batch of a temporary file, in place of the one that was told the first time; null: the
-- file is not temporary any more.
create or replace function file_token_renew(p_file_id uuid, p_owner_id uuid, p_digest bytea, p_life interval)
returns timestamptz language plpgsql set search_path = devy, pg_temp as $$
declare
  v_former bytea;
  v_expires_at timestamptz;
begin
  select token_digest into v_former from file
   where id = p_file_id and owner_id = p_owner_id and state = 'temporary';
  perform from file_token where digest = v_former and used_at is null for update;
  if not found then return null; end if;
  insert into file_token (digest, owner_id, expires_at) values (p_digest, p_owner_id, clock_timestamp() + p_life)
  returning expires_at into v_expires_at;
  update file set token_digest = p_digest, expires_at = v_expires_at where token_digest = v_former and state = 'temporary';
  update file set token_digest = p_digest where token_digest = v_former;
  delete from file_token where digest = v_former;
  return v_expires_at;
end $$;
comment on function file_token_renew is 'Makes a token for a batch whose token is not known any more.';
