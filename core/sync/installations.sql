-- Installations of the GitHub App, repositories that end or are seen again, and users' tokens of GitHub.

-- Notes what a delivery of the App says of one of its installations, and switches the connections that it concerns:
-- a suspended one keeps its step, what was removed is disconnected, and what is there again goes on if that was
-- why. Returns the operations that were recorded.
create or replace function installation_event(
  p_id bigint, p_account_id bigint, p_login text, p_account_type text, p_action text, p_permissions jsonb,
  p_gained bigint[], p_lost bigint[])
returns setof uuid language plpgsql set search_path = devy, pg_temp as $$
declare
  c record;
  v_state constant text := case p_action when 'suspend' then 'suspended' when 'deleted' then 'deleted' else 'active' end;
begin
  insert into installation as i (id, github_account_id, login, account_type, state, permissions)
  values (p_id, p_account_id, p_login, coalesce(p_account_type, 'User'), v_state, coalesce(p_permissions, '{}'))
  on conflict (id) do update
    set github_account_id = excluded.github_account_id, login = excluded.login, account_type = excluded.account_type,
        state = case when p_action in ('suspend', 'unsuspend', 'deleted', 'created') then excluded.state else i.state end,
        permissions = coalesce(p_permissions, i.permissions), seen_at = clock_timestamp();
  if p_action = 'suspend' then
    perform owner_gate_set('installation/' || p_id, 'outbound', 'infinity', 'installation suspended');
  elsif p_action in ('unsuspend', 'created', 'deleted') then
    perform owner_gate_lift('installation/' || p_id, 'outbound');
  end if;
  for c in
    select n.id, n.state, n.reason, n.repository_id, n.former_state
      from project_repository n
      left join github.repository r on r.id = n.repository_id
     where r.installation = p_id or n.repository_id = any (coalesce(p_gained, '{}') || coalesce(p_lost, '{}'))
     order by n.id for no key update of n
  loop
    if p_action = 'suspend' then
      update project_repository
         set former_state = case when c.state = 'blocked' then c.former_state else c.state end, state = 'suspended',
             reason = 'installation_suspended'
       where id = c.id and c.state not in ('disconnected', 'suspended');
    elsif p_action = 'deleted' or c.repository_id = any (p_lost) then
      if c.state <> 'disconnected' then
        return next connection_disconnect(
          c.id, case when p_action = 'deleted' then 'installation_removed' else 'repository_removed' end, 'GitHub');
      end if;
    elsif c.state = 'suspended' and p_action in ('unsuspend', 'created')
          or c.state = 'disconnected' and c.reason in ('installation_removed', 'repository_removed')
             and (c.repository_id = any (p_gained) or p_action = 'created')
          or c.state = 'blocked' and c.reason = 'permission_missing' and p_action = 'new_permissions_accepted' then
      -- A repository that another project has by now is that one's.
      if c.state = 'disconnected' and exists (
           select from project_repository o where o.repository_id = c.repository_id and o.state <> 'disconnected') then
        continue;
      end if;
      update project_repository
         set state = case when c.state = 'suspended' and c.former_state not in ('connecting') then 'loading' else 'connecting' end,
             reason = null, former_state = null, cursor = null
       where id = c.id;
      return next connection_record(c.id, 'webhook', 110::smallint);
    end if;
  end loop;
end $$;
comment on function installation_event is 'Notes what became of an installation, and what that means for connections.';

-- Repositories whose rows in the mirror changed: a connection of one that ended ends, and goes on when it is seen
-- again and that was why. A private one hides its project without any of this (project_is_visible).
create or replace function connection_repositories(p_repositories bigint[]) returns integer
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  c record;
  v_changed integer := 0;
begin
  for c in
    select n.id, n.state, n.reason, n.repository_id, r.deleted_at is not null as is_ended,
           case r.deleted_reason when 'access_lost' then 'access_lost' else 'repository_deleted' end as ended_reason
      from project_repository n join github.repository r on r.id = n.repository_id
     where n.repository_id = any (p_repositories)
     order by n.id
  loop
    if c.is_ended and c.state <> 'disconnected' then
      perform connection_disconnect(c.id, c.ended_reason, 'GitHub');
      v_changed := v_changed + 1;
    elsif not c.is_ended and c.state = 'disconnected' and c.reason in ('access_lost', 'repository_deleted')
          and not exists (select from project_repository o
                           where o.repository_id = c.repository_id and o.state <> 'disconnected') then
      update project_repository set state = 'connecting', reason = null, cursor = null where id = c.id;
      perform connection_record(c.id, 'reconcile', 110::smallint);
      v_changed := v_changed + 1;
    end if;
  end loop;
  return v_changed;
end $$;
comment on function connection_repositories is 'Ends connections of repositories that ended, and has them go on when these are seen again.';

-- ---- users' tokens

create or replace function user_token_revoke(p_github_user bigint) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from user_token t using account a where a.id = t.account_id and a.github_id = p_github_user;
  return found;
end $$;
comment on function user_token_revoke is 'Erases the token of the account of a user of GitHub.';

create or replace function user_token_keep(
  p_account_id uuid, p_login text, p_token bytea, p_refresh bytea, p_token_ends_at timestamptz,
  p_refresh_ends_at timestamptz)
returns void language sql set search_path = devy, pg_temp as $$
  insert into user_token (account_id, login, token, refresh, token_ends_at, refresh_ends_at)
  values (p_account_id, p_login, p_token, p_refresh, p_token_ends_at, p_refresh_ends_at)
  on conflict (account_id) do update
    set login = excluded.login, token = excluded.token, refresh = excluded.refresh, token_ends_at = excluded.token_ends_at,
        refresh_ends_at = excluded.refresh_ends_at, created_at = clock_timestamp()
$$;
comment on function user_token_keep is 'Keeps a user''s sealed token of GitHub in place of the one before.';

create or replace function user_token_erase(p_account_id uuid) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from user_token where account_id = p_account_id;
  return found;
end $$;

-- An account that is another user's at GitHub, or nobody's, has no token of the former one.
create or replace function user_token_follows() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from user_token where account_id = new.id;
  return null;
end $$;
create or replace trigger user_token_follows after update of github_id on account
  for each row when (old.github_id is not null and new.github_id is distinct from old.github_id)
  execute function user_token_follows();
