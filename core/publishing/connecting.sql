-- Connecting repositories to blogs and disconnecting them, and the operations that install or remove
-- their webhooks at GitHub. The command line and the role web call the same functions.

create table blog_hook (
  operation_id uuid primary key references operation on delete cascade,
  blog_id      uuid not null references blog,
  act          text not null check (act in ('install', 'remove')),
  session_id   uuid references web_session on delete set null,
  delivery     text check (delivery in ('hook', 'app', 'kept'))
);
comment on table blog_hook is 'An operation that installs or removes a blog''s webhook, with the token of GitHub that the session of whoever asked for it has.';
comment on column blog_hook.session_id is 'Whose token is used; null: the session is gone, and its token with it.';
comment on column blog_hook.delivery is 'How it ended: hook, the repository has one of ours, or has none any more · app: the GitHub App tells of it, and no hook was needed · kept: others still want it. Null: it has not.';
create index blog_hook_blog on blog_hook (blog_id);
create index blog_hook_session on blog_hook (session_id);

-- Makes the blog, or connects the one that was there by that address with that repository. A
-- repository that was known by its address alone gets its id. No row: the address is taken, or it is
-- connected so already. Raises unique_violation when the repository has another blog, check_violation
-- for a slug that is none, and DV006 for a second blog of no supporter.
--
-- A publish holds its blog's row and then wants its resource, so both functions lock blogs first, then
-- the repository, then the resource.
create or replace function blog_connect(
  p_username text, p_slug text, p_url text, p_github_id bigint, p_branch text)
returns setof uuid language plpgsql set search_path = devy, pg_temp as $$
declare
  v_account_id uuid;
  v_repository repository;
  v_is_bound_now boolean := false;
  v_resource bigint;
  v_blog_id uuid;
  v_repository_id constant uuid := (
    select r.id from repository r
     where r.github_id = p_github_id
        or (r.url = p_url and (r.github_id is null or p_github_id is null))
     order by r.github_id = p_github_id desc nulls last, r.updated_at desc limit 1);
begin
  select id into v_account_id from account where username = p_username;
  if not found then raise exception 'unknown account %', p_username using errcode = 'DV003'; end if;
  if exists (select from blog b where b.repository_id = v_repository_id and b.is_connected
                and (b.account_id, b.slug) <> (v_account_id, p_slug)) then
    raise exception 'the repository has another blog' using errcode = 'unique_violation';
  end if;
  perform from blog where repository_id = v_repository_id order by id for no key update;
  select * into v_repository from repository where id = v_repository_id for no key update;
  if not found then
    insert into repository (url, github_id) values (p_url, p_github_id) returning * into v_repository;
  else
    v_is_bound_now := p_github_id is not null and v_repository.github_id is null;
    update repository
       set url = p_url, github_id = coalesce(github_id, p_github_id), updated_at = clock_timestamp()
     where id = v_repository.id
       and (url, github_id) is distinct from (p_url, coalesce(github_id, p_github_id));
  end if;
  insert into resource (kind, key, owner) values ('repository', v_repository.id::text, p_username)
  on conflict (kind, key) do update set owner = excluded.owner
  returning id into v_resource;
  if v_is_bound_now then
    select id into v_blog_id from blog
     where account_id = v_account_id and repository_id = v_repository.id and slug = p_slug and is_connected;
  end if;
  if v_blog_id is null then
    insert into blog (account_id, repository_id, resource_id, slug, branch)
    values (v_account_id, v_repository.id, v_resource, p_slug, p_branch)
    on conflict (account_id, slug) do update
       set is_connected = true, branch = excluded.branch
     where not blog.is_connected and blog.repository_id = excluded.repository_id
    returning id into v_blog_id;
  end if;
  if v_blog_id is null then return; end if;
  -- The person who connects the repository knows better than an earlier report of GitHub, or a claim.
  update repository set frozen_reason = null, claim = null, claimed_at = null
   where id = v_repository.id and (frozen_reason is not null or claim is not null);
  perform resource_switch(v_resource, true);
  return next v_blog_id;
end $$;
comment on function blog_connect is 'Connects a repository to a blog of an account, and binds its id at GitHub.';

create or replace function blog_disconnect(p_blog_id uuid) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  update blog set is_connected = false where id = p_blog_id and is_connected;
  perform resource_switch(resource_id, false) from blog where id = p_blog_id;
end $$;
comment on function blog_disconnect is 'Freezes a blog: posts stay in the database, what waits ends as disabled, what runs is asked to stop.';

-- The newest such operation of a repository supersedes those that wait.
create or replace function blog_hook_record(
  p_id uuid, p_blog_id uuid, p_act text, p_session_id uuid, p_source text, p_max_attempts integer, p_requested_by text,
  out o_id uuid, out o_state text, out o_pointer uuid, out o_is_new boolean)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_resource bigint;
begin
  insert into resource (kind, key, owner)
  select 'blog_hook', b.repository_id::text, a.username
    from blog b join account a on a.id = b.account_id where b.id = p_blog_id
  on conflict (kind, key) do update set owner = excluded.owner
  returning id into v_resource;
  select i.o_id, i.o_state, i.o_pointer, i.o_is_new into o_id, o_state, o_pointer, o_is_new
    from operation_ingest(p_id, v_resource, 'blog_hook', p_source, null, null, null, p_act, false, 100::smallint,
                          least(p_max_attempts, 100), null, p_requested_by, null,
                          p_lane => 'github', p_direction => 'outbound') i;
  insert into blog_hook (operation_id, blog_id, act, session_id) values (o_id, p_blog_id, p_act, p_session_id);
end $$;
comment on function blog_hook_record is 'Records that a blog''s webhook is to be installed or removed, with the token of a session.';
