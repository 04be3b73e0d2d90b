-- Tracked users: how they are added, identified and removed.

-- Tracks a user, or finds that he is tracked. o_result is added, known (the same pair again; one that is off
-- goes on), login_tracked (under another id), id_taken (by another login) or too_many. One that was off and is
-- tracked again under another id keeps what was found.
create or replace function gist_user_add(
  p_login text, p_external_id text, p_since timestamptz, p_added_by text, p_users_max bigint,
  out o_id uuid, out o_result text)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_login constant text := lower(p_login);
  v_external_id text := coalesce(p_external_id, lower(p_login));
  v_known record;
begin
  -- Two that add the same user at the same time: the second finds him.
  perform pg_advisory_xact_lock(hashtextextended('devy.gist_user_add', 0));
  select id, external_id, state into v_known from tracked_user where login = v_login and state <> 'off';
  if found then
    o_id := v_known.id;
    o_result := case when p_external_id is null or v_known.external_id = p_external_id then 'known' else 'login_tracked' end;
    return;
  end if;
  select id, login, state into v_known from tracked_user where external_id = v_external_id;
  if found and (v_known.login <> v_login or v_known.state <> 'off') then
    o_result := 'id_taken';
    return;
  end if;
  if (select count(*) from tracked_user where state <> 'off') >= p_users_max then
    o_result := 'too_many';
    return;
  end if;
  o_result := case when v_known.id is null then 'added' else 'known' end;
  update tracked_user t
     set state = case when github_id is null then 'new' else 'active' end, scan_at = clock_timestamp(),
         is_full_wanted = true, external_id = coalesce(p_external_id, t.external_id),
         since = coalesce(p_since, t.since), failures = 0, error = null
   where id = (select id from tracked_user where login = v_login order by created_at desc limit 1)
  returning id into o_id;
  if o_id is not null then return; end if;
  insert into tracked_user (external_id, login, since, scan_at, added_by)
  values (v_external_id, v_login, p_since, clock_timestamp(), p_added_by)
  returning id into o_id;
end $$;
comment on function gist_user_add is 'Tracks a user of GitHub, or finds that he is tracked.';

-- One user fewer is waited for.
create or replace function routine_note(
  p_routine_id bigint, p_has_failed boolean, p_gists integer, p_files integer, p_users integer default 1)
returns void language sql set search_path = devy, pg_temp as $$
  update routine
     set pending = greatest(pending - 1, 0), users = users + p_users, failed = failed + p_has_failed::integer,
         gists = gists + p_gists, files = files + p_files,
         finished_at = case when pending <= 1 and is_filled then clock_timestamp() end
   where id = p_routine_id and finished_at is null
$$;

-- Ends tracking; what was found stays, unless it is to be forgotten. A scan that runs stores nothing more.
create or replace function gist_user_remove(p_login text, p_is_forgotten boolean) returns uuid
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_user record;
begin
  select id, state, routine_id into v_user from tracked_user
   where login = lower(p_login) and (state <> 'off' or p_is_forgotten)
   order by state = 'off', created_at desc limit 1 for update;
  if not found then return null; end if;
  if v_user.routine_id is not null then perform routine_note(v_user.routine_id, false, 0, 0, 0); end if;
  if p_is_forgotten then
    delete from tracked_user where id = v_user.id;
  else
    update tracked_user set state = 'off', scan_at = null, routine_id = null, operation_id = null where id = v_user.id;
  end if;
  return v_user.id;
end $$;
comment on function gist_user_remove is 'Ends tracking a user; null: nobody is tracked by that login.';

-- GitHub says who a user is, or how he is called now. o_result is known, or tracked: another row is that user
-- already, so this one is off. Whoever else had the login before has it no more, and is asked for by his number.
create or replace function gist_user_identify(p_id uuid, p_login text, p_github_id bigint) returns text
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_login constant text := lower(p_login);
  v_other record;
  v_external_id text;
begin
  perform 1 from tracked_user
   where id = p_id or github_id = p_github_id or (login = v_login and state <> 'off') order by id for update;
  select id, state into v_other from tracked_user where github_id = p_github_id and id <> p_id;
  if found then
    select external_id into v_external_id from tracked_user where id = p_id;
    update tracked_user
       set state = 'off', scan_at = null, error = 'the same user of GitHub is tracked already',
           external_id = case when v_other.state = 'off' then id::text else external_id end
     where id = p_id;
    -- One that was off goes on, with what was found of him, by his new name and id.
    update tracked_user
       set state = 'active', login = v_login, external_id = v_external_id, is_full_wanted = true,
           scan_at = clock_timestamp(), failures = 0, error = null
     where id = v_other.id and state = 'off';
    return 'tracked';
  end if;
  update tracked_user
     set login = case when github_id is null then login else '@' || github_id end,
         state = case when github_id is null then 'off' else state end,
         error = case when github_id is null then 'the same user of GitHub is tracked already' else error end,
         scan_at = case when github_id is not null then clock_timestamp() end
   where login = v_login and state <> 'off' and id <> p_id;
  update tracked_user set login = v_login, github_id = p_github_id, state = 'active'
   where id = p_id and (login, github_id, state) is distinct from (v_login, p_github_id, 'active'::text);
  return 'known';
end $$;
