-- Owners of files, their quotas, and which states of a file may follow which.

create or replace function file_state_follows() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  if (old.state::text, new.state::text) in (
      ('receiving', 'assembling'), ('receiving', 'checking'), ('receiving', 'temporary'), ('receiving', 'permanent'),
      ('receiving', 'rejected'), ('receiving', 'deleted'),
      ('assembling', 'checking'), ('assembling', 'temporary'), ('assembling', 'permanent'), ('assembling', 'rejected'),
      ('checking', 'temporary'), ('checking', 'permanent'), ('checking', 'rejected'),
      ('temporary', 'permanent'), ('temporary', 'deleted'),
      ('permanent', 'deleted'), ('deleted', 'permanent')) then
    return new;
  end if;
  raise exception 'a file that is % cannot become %', old.state, new.state using errcode = 'DV014';
end $$;
create or replace trigger file_state_follows before update of state on file
  for each row when (old.state is distinct from new.state) execute function file_state_follows();

create or replace function file_begins() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  if new.state in ('receiving', 'assembling') then return new; end if;
  raise exception 'a file begins as receiving, and not as %', new.state using errcode = 'DV014';
end $$;
create or replace trigger file_begins before insert on file for each row execute function file_begins();

-- The owner who is this user of GitHub, this account, or both; made where he is missing. Who proves that
-- he is two of them at once makes one of the two. An account's id at GitHub is a proof.
create or replace function file_owner_find(p_github_user_id bigint, p_username text, p_login text, out o_id uuid)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_github_user_id bigint := p_github_user_id;
  v_account_id uuid;
  v_other uuid;
begin
  select a.id, coalesce(v_github_user_id, a.github_id) into v_account_id, v_github_user_id
    from account a
   where (p_username is not null and a.username = p_username)
      or (p_username is null and a.github_id = p_github_user_id);
  if not found then v_github_user_id := p_github_user_id; end if;
  -- Most requests come from somebody who is known, and write nothing.
  select o.id into o_id from file_owner o
   where o.github_user_id is not distinct from v_github_user_id
     and o.account_id is not distinct from v_account_id and o.login = p_login;
  if found then return; end if;
  insert into file_owner (github_user_id, account_id, login)
  select v_github_user_id, v_account_id, p_login
   where not exists (select from file_owner o
                      where o.github_user_id = v_github_user_id or o.account_id = v_account_id)
  on conflict do nothing;
  select o.id into o_id from file_owner o where o.github_user_id = v_github_user_id;
  select o.id into v_other from file_owner o where o.account_id = v_account_id;
  if v_other is not null and o_id is not null and v_other <> o_id then
    perform file_owner_merge(o_id, v_other);
  end if;
  o_id := coalesce(o_id, v_other);
  update file_owner set github_user_id = coalesce(github_user_id, v_github_user_id),
         account_id = coalesce(account_id, v_account_id), login = p_login
   where id = o_id;
end $$;
comment on function file_owner_find is 'The owner of files who is this user of GitHub or this account.';

-- Everything of p_other becomes p_id's.
create or replace function file_owner_merge(p_id uuid, p_other uuid) returns void
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_other file_owner;
begin
  update file_token set owner_id = p_id where owner_id = p_other;
  -- Two requests that used one key are two files all the same.
  update file set owner_id = p_id, request_key = null where owner_id = p_other;
  update file_upload set owner_id = p_id, concat_digest = null where owner_id = p_other;
  perform from file_owner where id in (p_id, p_other) order by id for update;
  delete from file_owner where id = p_other returning * into v_other;
  if not found then return; end if;
  update file_owner set bytes_used = bytes_used + v_other.bytes_used,
         bytes_reserved = bytes_reserved + v_other.bytes_reserved, files = files + v_other.files,
         bytes_max = coalesce(bytes_max, v_other.bytes_max), files_max = coalesce(files_max, v_other.files_max),
         blocked_at = coalesce(blocked_at, v_other.blocked_at),
         blocked_reason = coalesce(blocked_reason, v_other.blocked_reason)
   where id = p_id;
end $$;
comment on function file_owner_merge is 'Makes one owner of two.';

-- How much an owner may still have. The limits are the configured ones; his own go before them.
create or replace function file_quota(
  p_owner_id uuid, p_bytes_max bigint, p_files_max bigint, out o_bytes bigint, out o_bytes_max bigint,
  out o_files bigint, out o_files_max bigint, out o_blocked_reason text)
language sql stable set search_path = devy, pg_temp as $$
  select bytes_used + bytes_reserved, coalesce(bytes_max, p_bytes_max), files, coalesce(files_max, p_files_max),
         case when blocked_at is not null then coalesce(blocked_reason, '') end
    from file_owner where id = p_owner_id;
$$;
comment on function file_quota is 'What an owner has, and how much he may have.';

-- Whether what an owner has, with p_files more, is within his limits: good · over_bytes · over_files · blocked.
create or replace function file_owner_judge(
  p_owner file_owner, p_files bigint, p_bytes_max bigint, p_files_max bigint) returns text
language sql immutable set search_path = devy, pg_temp as $$
  select case
    when p_owner.blocked_at is not null then 'blocked'
    when p_owner.bytes_used + p_owner.bytes_reserved > coalesce(p_owner.bytes_max, p_bytes_max) then 'over_bytes'
    when p_owner.files + p_files > coalesce(p_owner.files_max, p_files_max) then 'over_files'
    else 'good' end;
$$;
comment on function file_owner_judge is 'The limits of an owner, in one place.';

-- Counts what an owner gets or, with negative numbers, loses. The last lock of a transaction. Returns what
-- file_owner_judge says; whoever gets another than good rolls back.
create or replace function file_owner_charge(
  p_owner_id uuid, p_bytes bigint, p_files bigint, p_bytes_max bigint, p_files_max bigint)
returns text language plpgsql set search_path = devy, pg_temp as $$
declare
  v file_owner;
begin
  update file_owner set bytes_used = bytes_used + p_bytes, files = files + p_files
   where id = p_owner_id returning * into strict v;
  return case when p_files <= 0 then 'good' else file_owner_judge(v, 0, p_bytes_max, p_files_max) end;
end $$;
comment on function file_owner_charge is 'Counts an owner''s files and bytes, within his limits.';
