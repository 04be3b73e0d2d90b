-- Sessions. The role web has no right to write these tables; it calls these functions, which run as their
-- owner (roles.sql).

-- Begins a session. An account has 100 at most: the one that was not used for longest gives way.
create or replace function web_session_begin(
  p_account_id uuid, p_token_hash bytea, p_idle interval, p_life interval, p_agent text, p_address inet,
  p_method text) returns uuid language plpgsql set search_path = devy, pg_temp as $$
declare
  v_sessions_max constant integer := 100;
  v_now constant timestamptz := clock_timestamp();
  v_id uuid;
begin
  -- Logins of one account come one after the other, so that each sees the others' sessions.
  perform from account where id = p_account_id for no key update;
  if not found then raise exception 'unknown account %', p_account_id using errcode = 'DV003'; end if;
  perform web_session_end(s.id)
     from (select id from web_session
            where account_id = p_account_id and expires_at > v_now
            order by seen_at desc, id offset v_sessions_max - 1) s;
  insert into web_session (account_id, token_hash, token_at, created_at, seen_at, expires_at, ends_at,
                           agent, address, method)
  values (p_account_id, p_token_hash, v_now, v_now, v_now, v_now + least(p_idle, p_life), v_now + p_life,
          left(p_agent, 256), p_address, p_method)
  returning id into v_id;
  return v_id;
end $$;
comment on function web_session_begin is 'Begins a session of an account, and ends its oldest beyond a hundred. p_idle: how long it lives unused; p_life: at most.';

-- Answers whose session a token belongs to, and notes that it is used: at most once a minute, so that
-- most requests write nothing. p_fresh_hash is the digest of a token that the caller has made: it takes
-- the place of one that is a day old, and o_is_renewed says that the browser is to be given it.
create or replace function web_session_visit(
  p_token_hash bytea, p_fresh_hash bytea, p_idle interval,
  out o_id uuid, out o_account_id uuid, out o_username text, out o_is_operator boolean,
  out o_is_supporter boolean, out o_created_at timestamptz, out o_seen_at timestamptz,
  out o_expires_at timestamptz, out o_ends_at timestamptz, out o_method text, out o_is_renewed boolean)
returns setof record language plpgsql set search_path = devy, pg_temp as $$
declare
  v_token_age_max constant interval := interval '1 day';
  v_former_life constant interval := interval '60 seconds';
  v_now constant timestamptz := clock_timestamp();
  v web_session;
begin
  select * into v from web_session
   where (token_hash = p_token_hash or (former_hash = p_token_hash and former_until > v_now))
     and expires_at > v_now;
  if not found then return; end if;
  o_is_renewed := false;
  if v.token_hash = p_token_hash and v.token_at < v_now - v_token_age_max then
    -- Of two requests at once one renews; the other one's condition is false by then.
    update web_session
       set token_hash = p_fresh_hash, token_at = v_now, former_hash = p_token_hash,
           former_until = v_now + v_former_life
     where id = v.id and token_hash = p_token_hash and expires_at > v_now;
    o_is_renewed := found;
  end if;
  if v.seen_at <= v_now - interval '1 minute' then
    update web_session set seen_at = v_now, expires_at = least(v_now + p_idle, ends_at)
     where id = v.id and expires_at > v_now
    returning seen_at, expires_at into v.seen_at, v.expires_at;
    if not found then return; end if;
  end if;
  select v.id, a.id, a.username, a.is_operator, a.is_supporter, v.created_at, v.seen_at, v.expires_at,
         v.ends_at, v.method
    into o_id, o_account_id, o_username, o_is_operator, o_is_supporter, o_created_at, o_seen_at,
         o_expires_at, o_ends_at, o_method
    from account a where a.id = v.account_id;
  return next;
end $$;
comment on function web_session_visit is 'One row for a token of a living session, none for any other.';

-- Ends a session at once. False: it had ended before.
create or replace function web_session_end(p_id uuid) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from session_token where session_id = p_id;
  update web_session set expires_at = least(expires_at, clock_timestamp())
   where id = p_id and expires_at > clock_timestamp();
  return found;
end $$;
comment on function web_session_end is 'Ends a session, and forgets its token of GitHub.';

-- A user's own session, by himself: nobody else's id says whether it is one.
create or replace function web_session_end_own(p_account_id uuid, p_id uuid) returns boolean
language sql set search_path = devy, pg_temp as $$
  select coalesce((select web_session_end(id) from web_session where id = p_id and account_id = p_account_id), false);
$$;
comment on function web_session_end_own is 'Ends a session of that account; false for any other''s.';

create or replace function web_sessions_end(p_account_id uuid, p_except uuid) returns integer
language sql set search_path = devy, pg_temp as $$
  select count(*) filter (where web_session_end(id))::integer
    from web_session where account_id = p_account_id and id is distinct from p_except and expires_at > clock_timestamp();
$$;
comment on function web_sessions_end is 'Ends all sessions of an account but one, or all.';

create or replace function session_token_keep(p_session_id uuid, p_sealed bytea, p_scopes text) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  -- Who gained rights gets another cookie.
  update web_session set token_at = '-infinity' where id = p_session_id and expires_at > clock_timestamp();
  if not found then return false; end if;
  insert into session_token (session_id, sealed, scopes) values (p_session_id, p_sealed, p_scopes)
  on conflict (session_id) do update
    set sealed = excluded.sealed, scopes = excluded.scopes, created_at = clock_timestamp();
  return true;
end $$;
comment on function session_token_keep is 'Keeps a session''s token of GitHub, in place of the one before, and lets the next request get another cookie. False: the session has ended.';

create or replace function session_token_read(p_session_id uuid, out o_sealed bytea, out o_scopes text)
returns setof record language sql stable set search_path = devy, pg_temp as $$
  select t.sealed, t.scopes
    from session_token t join web_session s on s.id = t.session_id
   where s.id = p_session_id and s.expires_at > clock_timestamp();
$$;
comment on function session_token_read is 'The sealed token of a living session.';
