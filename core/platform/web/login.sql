-- Logins: what was begun, by which address, and whose account it is.

-- False: as many attempts are under way as are allowed altogether.
create or replace function login_attempt_begin(
  p_state_hash bytea, p_cookie_hash bytea, p_session_id uuid, p_verifier text, p_next text, p_scope text,
  p_address inet) returns boolean language plpgsql set search_path = devy, pg_temp as $$
declare
  v_attempts_max constant integer := 10000;
  v_life constant interval := interval '10 minutes';
begin
  if (select count(*) from (select from login_attempt where expires_at > clock_timestamp() limit v_attempts_max) a)
      >= v_attempts_max then
    return false;
  end if;
  insert into login_attempt (state_hash, cookie_hash, session_id, verifier, next, scope, address, expires_at)
  values (p_state_hash, p_cookie_hash, p_session_id, p_verifier, p_next, p_scope, p_address,
          clock_timestamp() + v_life);
  return true;
end $$;
comment on function login_attempt_begin is 'Notes a login that is sent to GitHub.';

-- Uses an attempt up. o_outcome: good · unknown: no attempt has this state · used · late · foreign: the
-- browser is another one. A foreign browser uses nothing up: it may be an attacker's.
create or replace function login_attempt_use(
  p_state_hash bytea, p_cookie_hash bytea, out o_outcome text, out o_session_id uuid, out o_verifier text,
  out o_next text, out o_scope text) language plpgsql set search_path = devy, pg_temp as $$
declare
  v login_attempt;
begin
  select * into v from login_attempt where state_hash = p_state_hash for update;
  o_outcome := case
    when not found then 'unknown'
    when v.cookie_hash is distinct from p_cookie_hash then 'foreign'
    when v.used_at is not null then 'used'
    when v.expires_at <= clock_timestamp() then 'late'
    else 'good' end;
  if o_outcome <> 'good' then return; end if;
  update login_attempt set used_at = clock_timestamp(), verifier = null where state_hash = p_state_hash;
  o_session_id := v.session_id;
  o_verifier := v.verifier;
  o_next := v.next;
  o_scope := v.scope;
end $$;
comment on function login_attempt_use is 'The attempt that GitHub answers, once.';

-- The account of whoever logged in at GitHub. Its numeric id decides; a name only once, for an account
-- that has no id yet, because a name at GitHub may be given to somebody else. o_outcome: known · linked ·
-- made · closed: no account has that name, and nobody may sign up · taken: the account of that name is
-- somebody else's · unsuitable: no account can have that name.
create or replace function account_of_github(
  p_github_id bigint, p_login text, p_is_signup_open boolean, out o_outcome text, out o_account_id uuid)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_github_id bigint;
begin
  select id into o_account_id from account where github_id = p_github_id;
  if found then o_outcome := 'known'; return; end if;
  select id, github_id into o_account_id, v_github_id from account where username = lower(p_login) for no key update;
  if found then
    if v_github_id = p_github_id then o_outcome := 'known'; return; end if;
    if v_github_id is not null then o_outcome := 'taken'; o_account_id := null; return; end if;
    update account set github_id = p_github_id where id = o_account_id;
    o_outcome := 'linked';
    return;
  end if;
  if not p_is_signup_open then o_outcome := 'closed'; return; end if;
  insert into account (username, github_id) values (lower(p_login), p_github_id)
  on conflict do nothing returning id into o_account_id;
  if o_account_id is not null then o_outcome := 'made'; return; end if;
  -- The same person, at the same moment, in another browser; else the name went to somebody else.
  select id into o_account_id from account where github_id = p_github_id;
  o_outcome := case when found then 'known' else 'taken' end;
exception
  when check_violation then
    o_account_id := null;
    o_outcome := 'unsuitable';
  when unique_violation then
    o_account_id := null;
    o_outcome := 'taken';
end $$;
comment on function account_of_github is 'Whose account a login at GitHub is.';

-- Rights are read at each request. Who gained them gets another cookie, so that one which was planted
-- before is worth nothing more.
create or replace function account_operator_set(p_account_id uuid, p_is_operator boolean) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  update account set is_operator = p_is_operator where id = p_account_id and is_operator is distinct from p_is_operator;
  if not found then return false; end if;
  if p_is_operator then update web_session set token_at = '-infinity' where account_id = p_account_id; end if;
  return true;
end $$;
comment on function account_operator_set is 'Makes an account an operator''s, or no more. False: it was so before.';

create or replace function login_link_make(p_token_hash bytea, p_account_id uuid, p_created_by text) returns timestamptz
language sql set search_path = devy, pg_temp as $$
  insert into login_link (token_hash, account_id, created_by, expires_at)
  values (p_token_hash, p_account_id, p_created_by, clock_timestamp() + interval '60 seconds')
  returning expires_at;
$$;
comment on function login_link_make is 'Makes an address that logs in; answers until when it is good.';

-- The account of an address that is good, which it then is no more; null for any other.
create or replace function login_link_use(p_token_hash bytea) returns uuid
language sql set search_path = devy, pg_temp as $$
  update login_link set used_at = clock_timestamp()
   where token_hash = p_token_hash and used_at is null and expires_at > clock_timestamp()
  returning account_id;
$$;
comment on function login_link_use is 'Uses an address that logs in.';
