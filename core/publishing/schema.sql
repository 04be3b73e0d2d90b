-- Publishing: accounts, repositories and blogs · uploads · commit statuses · posts.

-- ------------------------------------------------------------------ accounts, repositories, blogs

create table account (
  id           uuid primary key default gen_random_uuid(),
  username     text not null unique
               constraint account_username_form check (username ~ '^[a-z0-9](-?[a-z0-9]){0,38}$')
               constraint account_username_reserved check (username <> 'assets'),
  is_supporter boolean not null default false,
  created_at   timestamptz not null default clock_timestamp(),
  github_id    bigint unique,
  is_operator  boolean not null default false
);
comment on table account is 'A Devy user. An account that is no supporter has one blog (trigger blog_limit).';
comment on column account.username is 'In GitHub''s form: letters, digits, single hyphens inside; always lower case here. /assets/ is where the site keeps files (core/publishing/blog/address.hpp).';
comment on column account.github_id is 'GitHub''s numeric id of the user, bound by the first login of that name; from then on it decides who he is, and a name that somebody else got does not. Null: nobody has logged in yet.';
comment on column account.is_operator is 'Sees and does everything in the browser (`account operator`).';

create table repository (
  id             uuid primary key default gen_random_uuid(),
  github_id      bigint unique,
  url            text not null,
  owner          text not null default '',
  name           text not null default '',
  default_branch text,
  is_private     boolean not null default false,
  installation   bigint,
  frozen_reason  text,
  hook_lost_at   timestamptz,
  created_at     timestamptz not null default clock_timestamp(),
  updated_at     timestamptz not null default clock_timestamp(),
  pack_bytes     bigint,
  told_at        timestamptz,
  claim          text constraint repository_claim check (claim in ('deleted', 'removed', 'added', 'moved', 'public')),
  claimed_at     timestamptz,
  asked_at       timestamptz
);
comment on table repository is 'A GitHub repository. Renames and transfers keep the row; a name is display only.';
comment on column repository.github_id is 'GitHub''s numeric id, its identity. Bound by the operator, or by asking GitHub; never by what a delivery says of a name or an address. Null: not bound, so that deliveries are no more than hints to fetch its own address.';
comment on column repository.url is 'The address it is fetched from now. It follows redirects that the policy allows, and what GitHub says of the id when it is asked; never what a delivery says.';
comment on column repository.default_branch is 'As last seen at the remote; a blog without a branch of its own follows it.';
comment on column repository.installation is 'The GitHub App''s installation that is responsible for it, according to the App''s own deliveries, or to GitHub when it was asked.';
comment on column repository.frozen_reason is 'Why its blog is frozen though it is connected: deleted, installation removed. Posts stay; its resource is disabled.';
comment on column repository.hook_lost_at is 'Its hook was removed: until the next delivery only reconcile notices its pushes.';
comment on column repository.is_private is 'A delivery may set it; only GitHub, when it is asked, takes it back.';
comment on column repository.told_at is 'GitHub''s time (updated_at) of the newest event about it: an older event changes nothing.';
comment on column repository.claim is
  'What a delivery says of it that matters, and that is not believed before the remote, or GitHub, was asked. '
  'deleted · removed or added: the App''s installation · moved: renamed or transferred · public';
comment on column repository.claimed_at is 'The time of the claim.';
comment on column repository.asked_at is 'The time at which GitHub, or the remote because of a claim, was last asked about it: once a day while it is not bound, at most once a minute because of claims.';
comment on column repository.pack_bytes is 'Size of the last fetch that included every file: a large repository is fetched without files from then on, and those that changed are fetched separately.';
create index repository_url on repository (url);
create index repository_installation on repository (installation) where installation is not null;

create table blog (
  id            uuid primary key default gen_random_uuid(),
  account_id    uuid not null references account,
  repository_id uuid not null references repository,
  resource_id   bigint not null references resource,
  slug          text not null constraint blog_slug_form check (slug ~ '^[a-z0-9](-?[a-z0-9]){0,62}$'),
  branch        text,
  is_connected  boolean not null default true,
  name          text,
  description   text,
  settings      jsonb not null default '{}',
  head_commit   text check (head_commit ~ '^[0-9a-f]{40}$'),
  head_origin   text,
  head_operation_id uuid,
  head_at       timestamptz,
  link_digest   text check (link_digest ~ '^[0-9a-f]{64}$'),
  pinned_commit text check (pinned_commit ~ '^[0-9a-f]{40}$'),
  created_at    timestamptz not null default clock_timestamp(),
  constraint blog_address unique (account_id, slug)
);
comment on table blog is 'One blog, one repository. Its address is username/slug.';
comment on column blog.branch is 'The branch set by the operator; null: devy.toml''s, else the repository''s default branch.';
comment on column blog.is_connected is 'False: frozen; its posts stay, its uploads end as disabled.';
comment on column blog.settings is 'devy.toml at head_commit.';
comment on column blog.head_commit is 'The commit whose files the posts equal; null before the first upload.';
comment on column blog.head_origin is 'Digest of everything else that determined the posts (renderer version, devy.toml keys).';
comment on column blog.link_digest is 'Digest of everything that the posts'' links depend on (paths and slugs, other files); null: the next upload checks every post''s links.';
comment on column blog.pinned_commit is 'A forced replay rolled the blog back to this commit; reconcile leaves it there until the next push.';
create unique index blog_one_per_repository on blog (repository_id) where is_connected;
create index blog_resource on blog (resource_id);
create index blog_repository on blog (repository_id);

create or replace function blog_limit() returns trigger language plpgsql set search_path = devy, pg_temp as $$
declare
  v_is_supporter boolean;
begin
  select is_supporter into v_is_supporter from account where id = new.account_id for no key update;
  if new.is_connected and not v_is_supporter and exists (
       select 1 from blog where account_id = new.account_id and is_connected and id <> new.id) then
    raise exception 'who is not a supporter has one blog' using errcode = 'DV006';
  end if;
  return new;
end $$;
create or replace trigger blog_limit before insert or update of is_connected, account_id on blog
  for each row execute function blog_limit();

create table reconcile_schedule (
  blog_id       uuid primary key references blog on delete cascade,
  reconcile_at  timestamptz,
  reconciled_at timestamptz,
  failures      integer not null default 0,
  gone_since    timestamptz,
  error         text,
  verify_at     timestamptz,
  verified_at   timestamptz,
  drift         integer not null default 0,
  skipped_tip   text check (skipped_tip ~ '^[0-9a-f]{40}$')
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        autovacuum_vacuum_cost_delay = 0);
comment on table reconcile_schedule is 'The time at which a blog is compared with its remote next, and the result of the last time. Narrow, and separate from the blog, because these rows change all day.';
comment on column reconcile_schedule.reconcile_at is 'The daemon that claims it moves it ahead; null while the blog is disconnected.';
comment on column reconcile_schedule.failures is 'Number of consecutive failures; each doubles the time to the next check.';
comment on column reconcile_schedule.gone_since is 'The time since when the remote reports that the repository does not exist, or is not accessible.';
comment on column reconcile_schedule.error is 'The error of the last check; null: the remote responded.';
comment on column reconcile_schedule.skipped_tip is 'The tip that was found with a skip marker in its message: reconcile leaves it to the next push, or to an operator. Null: the blog was published since.';
comment on column reconcile_schedule.drift is 'Number of paths that differed from the tree at the last verification.';
create index reconcile_schedule_reconcile on reconcile_schedule (reconcile_at) where reconcile_at is not null;
create index reconcile_schedule_verify on reconcile_schedule (verify_at) where verify_at is not null;

-- The person who connects a blog usually pushes or triggers it next; reconcile finds those where
-- neither happens.
create or replace function blog_reconcile_schedule() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  insert into reconcile_schedule as k (blog_id, reconcile_at, verify_at)
  values (new.id,
          case when new.is_connected then clock_timestamp() + (60 + 30 * random()) * interval '1 second' end,
          case when new.is_connected then clock_timestamp() + (0.5 + 0.5 * random()) * interval '1 day' end)
  on conflict (blog_id) do update
    set reconcile_at = excluded.reconcile_at, verify_at = excluded.verify_at, failures = 0,
        gone_since = null, error = null;
  return null;
end $$;
create or replace trigger blog_reconcile_schedule after insert or update of is_connected on blog
  for each row execute function blog_reconcile_schedule();

-- ------------------------------------------------------------------ uploads

create table upload (
  operation_id     uuid primary key references operation on delete cascade,
  blog_id          uuid not null references blog,
  delivery_guid    uuid,
  repository_url   text not null,
  ref              text,
  requested_commit text check (requested_commit ~ '^[0-9a-f]{40}$'),
  commit           text check (commit ~ '^[0-9a-f]{40}$'),
  committed_at     timestamptz,
  from_commit      text check (from_commit ~ '^[0-9a-f]{40}$'),
  created          integer,
  updated          integer,
  renamed          integer,
  deleted          integer,
  unchanged        integer,
  file_errors      integer,
  warnings         jsonb not null default '[]',
  left_out         jsonb
);
comment on table upload is 'The columns of an operation of kind upload: its blog, its commits, what it changed.';
comment on column upload.ref is 'The branch that was requested, if any.';
comment on column upload.requested_commit is 'Publish exactly this commit; null: the branch''s tip at claim time.';
comment on column upload.commit is 'The commit that was fetched; a replay continues with it. A repair''s is always the blog''s head.';
comment on column upload.from_commit is 'The head of the blog on which the changeset is based.';
comment on column upload.warnings is 'The first warnings: [{path, line, column, message}].';
comment on column upload.left_out is
  'The files of the tree that are no posts, by the rule that leaves them out: {markdown_files, left_out, is_at_least, counts: [{rule, name, count}], '
  'files: [{path, rule, name}]}, the first files only (core/publishing/blog/left_out.hpp). Null: the tree was not looked at.';
create index upload_blog on upload (blog_id);
create index upload_delivery on upload (delivery_guid) where delivery_guid is not null;

-- Everything besides the commit that determines the result of an upload: the same commit with another
-- variant is no duplicate. A repository may have had another blog before, which its resource remembers.
create or replace function upload_variant(p_blog_id uuid, p_renderer integer, p_branch text, p_is_exact boolean)
returns text language sql immutable as $$
  select 'blog=' || p_blog_id || ' renderer=' || p_renderer || case when p_is_exact then ' exact' else '' end
         || coalesce(' branch=' || p_branch, '')
$$;
comment on function upload_variant is 'operation.variant of an upload.';

-- Records an upload of a blog, by the queue's rules. p_branch is the branch that it publishes: the one
-- that was asked for, or else the blog's own.
--
-- A repair publishes what the blog shows anew, so it is outbound: pushes and repairs know nothing of
-- each other, and neither supersedes the other. One that is recorded while another has not ended is
-- that one.
create or replace function upload_record(
  p_id uuid, p_blog_id uuid, p_source text, p_branch text, p_ref text, p_commit text, p_announced_commit text,
  p_delivery_guid uuid, p_event_at timestamptz, p_renderer integer, p_priority smallint, p_max_attempts integer,
  p_idempotency_key text, p_requested_by text, p_reason text,
  out o_id uuid, out o_state text, out o_pointer uuid, out o_is_new boolean)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  b record;
  v_is_repair boolean := p_source = 'repair';
begin
  select g.resource_id, r.url into b
    from blog g join repository r on r.id = g.repository_id where g.id = p_blog_id;
  if not found then raise exception 'unknown blog %', p_blog_id using errcode = 'DV003'; end if;
  if v_is_repair then
    perform 1 from resource where id = b.resource_id for no key update;
    select o.id, o.state into o_id, o_state
      from operation o join upload u on u.operation_id = o.id
     where o.resource_id = b.resource_id and o.direction = 'outbound' and o.finished_at is null
       and u.blog_id = p_blog_id
     order by o.arrival desc limit 1;
    if found then
      o_is_new := false;
      return;
    end if;
  end if;
  select i.o_id, i.o_state, i.o_pointer, i.o_is_new into o_id, o_state, o_pointer, o_is_new
    from operation_ingest(
      p_id, b.resource_id, 'upload', p_source, p_delivery_guid::text, p_event_at,
      coalesce(p_commit, p_announced_commit),
      upload_variant(p_blog_id, p_renderer, p_branch, p_commit is not null), false, p_priority, p_max_attempts,
      p_idempotency_key, p_requested_by, p_reason,
      p_direction => case when v_is_repair then 'outbound' else 'inbound' end) i;
  if o_is_new then
    insert into upload (operation_id, blog_id, delivery_guid, repository_url, ref, requested_commit)
    values (o_id, p_blog_id, p_delivery_guid, b.url, p_ref, p_commit);
  end if;
end $$;
comment on function upload_record is 'Records an upload and its operation.';

-- The same for strangers' requests, which the listener passes on: an upload of its own kind and no
-- other, that stands in no other's way. It runs with the owner's rights.
create or replace function upload_request(
  p_id uuid, p_blog_id uuid, p_source text, p_branch text, p_ref text, p_commit text, p_announced_commit text,
  p_delivery_guid uuid, p_event_at timestamptz, p_renderer integer, p_priority smallint, p_max_attempts integer,
  p_idempotency_key text, p_requested_by text, p_reason text,
  out o_id uuid, out o_state text, out o_pointer uuid, out o_is_new boolean)
language plpgsql set search_path = devy, pg_temp as $$
begin
  if p_source not in ('webhook', 'api') then
    raise exception 'an upload of source % is not for the listener to record', p_source
      using errcode = 'insufficient_privilege';
  end if;
  select u.o_id, u.o_state, u.o_pointer, u.o_is_new into o_id, o_state, o_pointer, o_is_new
    from upload_record(
      p_id, p_blog_id, p_source, p_branch, p_ref, p_commit, p_announced_commit, p_delivery_guid, p_event_at,
      p_renderer, greatest(p_priority, 100::smallint), least(p_max_attempts, 100), p_idempotency_key,
      p_requested_by, p_reason) u;
end $$;
comment on function upload_request is 'Records an upload that somebody outside asked for.';

-- The blogs that pushes are about. A repository is known by GitHub's id. One whose id is bound nowhere,
-- and whose address is that of a blog without an id, is a hint to fetch that blog's own address, and no
-- more; a secret that is valid for one repository gives no hints. A disconnected blog is found too: its
-- upload ends as disabled, which says why nothing happened. `obstacle` says why a push makes no upload;
-- null: it makes one.
create or replace function upload_push_targets(
  p_github_id bigint[], p_may_hint boolean[], p_url text[], p_branch text[], p_default_branch text[])
returns table (place bigint, repository_id uuid, known_github_id bigint, repository_url text, blog_id uuid,
               blog_branch text, resource_id bigint, obstacle text)
language sql stable as $$
  select n.place, r.id, r.github_id, r.url, b.id, b.branch, b.resource_id,
         case when b.id is null then 'no blog'
              -- devy.toml may name a branch. The default branch counts too then, because it has that
              -- devy.toml.
              when n.branch is distinct from b.branch and (b.branch is not null
                   or n.branch not in (coalesce(b.settings->>'branch', ''),
                                       coalesce(n.default_branch, r.default_branch, '')))
              then 'another branch' end
    from unnest(p_github_id, p_may_hint, p_url, p_branch, p_default_branch)
         with ordinality as n (github_id, may_hint, url, branch, default_branch, place)
    left join devy.repository k on k.github_id = n.github_id
    left join lateral (
      select u.id from devy.repository u
       where k.id is null and n.may_hint and u.url = n.url and u.github_id is null
       order by u.updated_at desc limit 1) u on true
    left join devy.repository r on r.id = coalesce(k.id, u.id)
    left join lateral (
      select c.* from devy.blog c
       where c.repository_id = r.id
       order by c.is_connected desc, c.created_at desc limit 1) b on true
$$;

-- Tells of each push whether it will make an upload, before its delivery is stored, and locks the
-- resource that the upload will be recorded on; `is_known` says that its repository's id is bound. A push whose resource another session has locked is
-- busy, unless p_waits_for_locks.
create or replace function upload_pushes_consider(
  p_github_id bigint[], p_may_hint boolean[], p_url text[], p_branch text[], p_default_branch text[],
  p_waits_for_locks boolean)
returns table (o_place bigint, o_is_busy boolean, o_is_known boolean, o_obstacle text)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
begin
  if p_waits_for_locks then
    perform 1 from upload_push_targets(p_github_id, p_may_hint, p_url, p_branch, p_default_branch) t
      join resource s on s.id = t.resource_id
     where t.obstacle is null
     order by s.id for no key update of s;
  end if;
  return query
    select t.place, t.obstacle is null and l.is_free is null, t.known_github_id is not null, t.obstacle
      from upload_push_targets(p_github_id, p_may_hint, p_url, p_branch, p_default_branch) t
      left join lateral (
        select true as is_free from resource s
         where s.id = t.resource_id and t.obstacle is null
           for no key update skip locked) l on true
     order by t.place;
end $$;

-- Records what pushes that are stored bring: the uploads, and what they tell of repositories whose id is
-- bound, where the signer may speak of the repository (p_is_own): an unscoped secret may be any other
-- repository's. Ids and addresses are never told this way, and a private repository does not become
-- public. p_installation is null unless the App itself said so. The caller has asked upload_pushes_consider() in the same transaction, so no lock is waited for but
-- those of repositories, in the order of their ids.
create or replace function upload_pushes_record(
  p_guid uuid[], p_operation_id uuid[], p_github_id bigint[], p_may_hint boolean[], p_is_own boolean[],
  p_url text[], p_branch text[], p_default_branch text[], p_owner text[], p_name text[], p_is_private boolean[], p_installation bigint[],
  p_event_at timestamptz[], p_revision text[], p_renderer integer, p_max_attempts integer)
returns table (o_place bigint, o_operation_id uuid, o_state text)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
  d record;
  v_place bigint[] := '{}';
  v_blog uuid[] := '{}';
  v_url text[] := '{}';
  v_key text[] := '{}';
  v_resource_kind text[] := '{}';
  v_variant text[] := '{}';
begin
  for d in
    select t.*, n.is_own, n.owner, n.name, n.is_private, n.installation, n.default_branch, s.kind, s.key,
           -- What the push tells of its repository, and is not known yet.
           t.known_github_id is not null and
             (r.default_branch, r.owner, r.name, r.is_private, r.installation, r.hook_lost_at)
               is distinct from
             (case when n.is_own then coalesce(n.default_branch, r.default_branch) else r.default_branch end,
              case when n.is_own then coalesce(n.owner, r.owner) else r.owner end,
              case when n.is_own then coalesce(n.name, r.name) else r.name end,
              r.is_private or coalesce(n.is_private, false), coalesce(n.installation, r.installation),
              null::timestamptz) as has_changes
      from upload_push_targets(p_github_id, p_may_hint, p_url, p_branch, p_default_branch) t
      join unnest(p_github_id, p_is_own, p_owner, p_name, p_is_private, p_installation, p_default_branch)
           with ordinality as n (github_id, is_own, owner, name, is_private, installation, default_branch, place)
        on n.place = t.place
      left join repository r on r.id = t.repository_id
      left join resource s on s.id = t.resource_id
     order by n.github_id, n.place
  loop
    if d.has_changes then
      update repository
         set default_branch = case when d.is_own then coalesce(d.default_branch, default_branch) else default_branch end,
             owner = case when d.is_own then coalesce(d.owner, owner) else owner end,
             name = case when d.is_own then coalesce(d.name, name) else name end,
             is_private = is_private or coalesce(d.is_private, false),
             installation = coalesce(d.installation, installation),
             hook_lost_at = null, updated_at = clock_timestamp()
       where id = d.repository_id;
    end if;
    if d.obstacle is null then
      v_place := v_place || d.place;
      v_blog := v_blog || d.blog_id;
      v_url := v_url || d.repository_url;
      v_resource_kind := v_resource_kind || d.kind;
      v_key := v_key || d.key;
      v_variant := v_variant || upload_variant(d.blog_id, p_renderer, d.blog_branch, false);
    end if;
  end loop;
  if v_place = '{}' then return; end if;
  return query
    with recorded as materialized (
      select i.o_place as at, i.o_id, i.o_state
        from operations_ingest(
          p_id => (select array_agg(p_operation_id[p] order by n) from unnest(v_place) with ordinality as x (p, n)),
          p_kind => array_fill('upload'::text, array[cardinality(v_place)]),
          p_resource_kind => v_resource_kind, p_key => v_key,
          p_owner => array_fill(null::text, array[cardinality(v_place)]),
          p_event_id => (select array_agg(p_guid[p]::text order by n) from unnest(v_place) with ordinality as x (p, n)),
          p_event_at => (select array_agg(p_event_at[p] order by n) from unnest(v_place) with ordinality as x (p, n)),
          p_revision => (select array_agg(p_revision[p] order by n) from unnest(v_place) with ordinality as x (p, n)),
          p_variant => v_variant,
          p_lane => array_fill('work'::text, array[cardinality(v_place)]),
          p_direction => array_fill('inbound'::text, array[cardinality(v_place)]),
          p_priority => array_fill(100::smallint, array[cardinality(v_place)]),
          p_max_attempts => array_fill(p_max_attempts, array[cardinality(v_place)]),
          p_source => 'webhook', p_requested_by => 'github') i),
    inserted as (
      insert into upload (operation_id, blog_id, delivery_guid, repository_url)
      select r.o_id, v_blog[r.at], p_guid[v_place[r.at]], v_url[r.at] from recorded r
      returning 1)
    select v_place[r.at], r.o_id, r.o_state::text from recorded r;
end $$;
comment on function upload_pushes_record is 'What pushes bring: names and branches of repositories, and uploads.';

-- ---- what other deliveries tell of repositories, one function for each act

-- An event about a repository whose id is bound. Returns the repository's connected blog, if it has one,
-- and no row when the event is older than another that was told. GitHub's clock may be ahead of ours, but
-- a time far in the future must not make every later event old.
create or replace function repository_told(
  p_github_id bigint, p_told_at timestamptz, p_default_branch text, p_is_private boolean)
returns table (o_blog_id uuid, o_follows_default_branch boolean)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  update repository r
     set told_at = greatest(r.told_at, least(p_told_at, clock_timestamp() + interval '5 minutes')),
         default_branch = coalesce(p_default_branch, r.default_branch),
         is_private = r.is_private or coalesce(p_is_private, false),
         updated_at = clock_timestamp()
   where r.github_id = p_github_id and (r.told_at is null or p_told_at is null or r.told_at <= p_told_at);
  if not found then return; end if;
  return query
    select b.id, b.branch is null
      from repository r left join blog b on b.repository_id = r.id and b.is_connected
     where r.github_id = p_github_id;
end $$;
comment on function repository_told is 'An event about a repository: its default branch, and that it is private.';

-- A claim that matters is a reason to ask: the blog is compared with its remote as soon as possible, but
-- not more often than once a minute, however many claims come.
create or replace function repository_claim(p_github_id bigint[], p_claim text)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_github_id bigint;
begin
  for v_github_id in select distinct n from unnest(p_github_id) n order by n loop
    update repository set claim = p_claim, claimed_at = clock_timestamp() where github_id = v_github_id;
    update reconcile_schedule k
       set reconcile_at = least(k.reconcile_at, greatest(clock_timestamp(), r.asked_at + interval '1 minute'))
      from repository r join blog b on b.repository_id = r.id and b.is_connected
     where r.github_id = v_github_id and k.blog_id = b.id;
  end loop;
end $$;
comment on function repository_claim is 'Notes what deliveries claim of repositories, and makes their blogs due to be compared with their remotes.';

-- Freezing keeps the posts; uploads that wait or are recorded end as disabled.
create or replace function repository_freeze(p_github_id bigint[], p_reason text)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_github_id bigint;
  v_resource bigint;
begin
  for v_github_id in select distinct n from unnest(p_github_id) n order by n loop
    update repository set frozen_reason = p_reason, updated_at = clock_timestamp()
     where github_id = v_github_id and frozen_reason is null;
    continue when not found;
    select b.resource_id into v_resource
      from repository r join blog b on b.repository_id = r.id and b.is_connected
     where r.github_id = v_github_id;
    if found then perform resource_switch(v_resource, false); end if;
  end loop;
end $$;
comment on function repository_freeze is 'Freezes the blogs of repositories.';

-- The hook went, not our access: reconcile still sees what is pushed.
create or replace function repository_hook_lost(p_github_id bigint[])
returns void language sql set search_path = devy, pg_temp as $$
  update repository set hook_lost_at = clock_timestamp() where github_id = any (p_github_id)
$$;
comment on function repository_hook_lost is 'Notes that the hooks of repositories were removed.';

create or replace view upload_status as
  select o.id, o.state, o.step, a.username || '/' || b.slug as blog, u.blog_id, u.repository_url,
         o.source, u.ref, u.requested_commit, u.commit, u.from_commit, o.attempt, o.max_attempts,
         o.priority, o.replays, o.created_at,
         nullif(o.run_at, 'infinity') as run_at, o.started_at, o.finished_at,
         case when o.started_at is not null then
           (extract(epoch from coalesce(o.finished_at, clock_timestamp()) - o.started_at) * 1000)::bigint
         end as duration_ms,
         l.worker, l.lease_expires_at, u.created, u.updated, u.renamed, u.deleted, u.unchanged,
         u.file_errors, o.error_code, o.error_text, o.error_hint, o.cancelled_by, o.cancel_reason,
         o.duplicate_of, o.dropped_for, u.delivery_guid, o.requested_by, o.reason,
         o.cancel_requested_at is not null as is_cancel_requested, u.warnings, o.resource_id,
         o.arrival, p.is_whole_queue, p.paused_at, p.resumed_at, p.paused_reason, u.left_out,
         p.paused_kind
  from operation o
  join upload u on u.operation_id = o.id
  join blog b on b.id = u.blog_id
  join account a on a.id = b.account_id
  left join lease l on l.resource_id = o.resource_id and l.operation_id = o.id
  left join lateral (
    select 1 as place, true as is_whole_queue, q.paused_at,
           nullif(q.paused_until, 'infinity') as resumed_at, q.reason as paused_reason,
           null as paused_kind
      from queue_control q
     where o.state in ('received', 'verified') and q.paused_until > clock_timestamp()
    union all
    select 2, false, k.paused_at, null, k.reason, k.kind
      from kind_pause k
     where o.state in ('received', 'verified') and k.kind = o.kind
    union all
    select 3, false, r.paused_at, nullif(r.paused_until, 'infinity'), r.paused_reason, null
      from resource r
     where o.state in ('received', 'verified') and r.id = o.resource_id
       and r.paused_until > clock_timestamp()
     order by 1 limit 1) p on true;
comment on view upload_status is 'An upload as operators see it: its operation, its own columns, its blog''s address, its lease.';

create table changeset (
  operation_id uuid primary key references upload on delete cascade,
  from_commit  text,
  to_commit    text not null,
  origin       text not null,
  unchanged    integer not null,
  changes      jsonb compression lz4 not null,
  made_at      timestamptz not null default clock_timestamp()
);
comment on table changeset is 'The changes that an upload is about to make: one row, so that a replay starts from it and inspect shows it.';
comment on column changeset.changes is '[[op, path, blob, from]]: op is c(reated), u(pdated), r(enamed) or d(eleted); from only for r.';

-- ------------------------------------------------------------------ commit statuses

create table commit_status (
  repository_id uuid not null references repository,
  commit        text not null check (commit ~ '^[0-9a-f]{40}$'),
  operation_id  uuid not null references upload on delete cascade,
  wanted        integer not null default 1,
  sent          integer not null default 0,
  sent_state    text,
  sent_at       timestamptz,
  error         text,
  primary key (repository_id, commit)
) with (fillfactor = 80);
comment on table commit_status is 'A commit whose status at GitHub follows an upload. The row is made when the worker''s configuration enables statuses, and from then on follows the upload however it ends.';
comment on column commit_status.operation_id is 'The newest upload that refers to the commit: its state at the time of sending is what is sent.';
comment on column commit_status.wanted is 'Grows with each change that is to be sent; the sender reads the upload''s state at that time, so several changes are one request.';
comment on column commit_status.sent is 'The `wanted` that GitHub has received, or that it refused permanently.';
comment on column commit_status.error is 'Why GitHub refused the last status.';
create index commit_status_upload on commit_status (operation_id);
create index commit_status_unsent on commit_status (repository_id) where sent < wanted;

-- Ensures that an outbound operation waits which sends the pending statuses of a repository's
-- commits. There is one resource per repository, so that the number of operations is bounded. Lock
-- order: an upload's resource and operation before a status's.
create or replace function commit_status_wake(p_repository_id uuid, p_source text)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set lock_timeout = '1s' as $$
declare
  v_resource bigint;
begin
  select id into v_resource from resource where kind = 'github_status' and key = p_repository_id::text;
  if not found then
    insert into resource (kind, key, owner)
    select 'github_status', p_repository_id::text, 'github_status/' || coalesce(max(a.username), '')
      from blog b join account a on a.id = b.account_id where b.repository_id = p_repository_id
    on conflict (kind, key) do update set owner = excluded.owner
    returning id into v_resource;
  end if;
  perform 1 from resource where id = v_resource for no key update;
  -- The row is locked, so that nobody claims the waiting operation before its statuses are
  -- committed.
  perform 1 from operation
    where resource_id = v_resource and direction = 'outbound'
      and state in ('received', 'verified', 'held') for no key update;
  if found then return; end if;
  perform operation_ingest(gen_random_uuid(), v_resource, 'github_status', p_source, null, null, null,
                           '', false, 100::smallint, 12, null, null, null,
                           p_lane => 'github', p_direction => 'outbound');
end $$;

-- A commit that an upload refers to from now on. A further attempt of the same upload changes
-- nothing.
create or replace function commit_status_begin(p_operation_id uuid, p_commit text)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_repository uuid;
begin
  insert into commit_status as s (repository_id, commit, operation_id)
  select b.repository_id, p_commit, p_operation_id
    from upload u join blog b on b.id = u.blog_id where u.operation_id = p_operation_id
  on conflict (repository_id, commit) do update
     set operation_id = excluded.operation_id, wanted = s.wanted + 1
   where s.operation_id <> excluded.operation_id
      or (s.sent = s.wanted and s.sent_state is distinct from 'pending')
  returning repository_id into v_repository;
  if v_repository is null then return; end if;
  perform commit_status_wake(v_repository, (select source from operation where id = p_operation_id));
end $$;

-- Runs however an upload ends, in the same transaction. It must not make the upload fail: a status
-- that cannot be enqueued now stays wanted, and commit_status_sweep finds it.
create or replace function commit_status_follow() returns trigger language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_repository uuid;
begin
  update commit_status set wanted = wanted + 1 where operation_id = new.id
  returning repository_id into v_repository;
  if v_repository is not null then
    begin
      perform commit_status_wake(v_repository, new.source);
    exception when others then
      raise log 'commit status of upload % not enqueued: %', new.id, sqlerrm;
    end;
  end if;
  return null;
end $$;
create or replace trigger commit_status_follow after update of state on operation for each row
  when (new.kind = 'upload' and old.state is distinct from new.state
        and (new.finished_at is not null or new.state = 'held'))
  execute function commit_status_follow();

-- Enqueues statuses that no waiting operation would send; returns the number of repositories.
create or replace function commit_status_sweep(p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_repository uuid;
  v_count integer := 0;
begin
  for v_repository in
    select distinct s.repository_id from commit_status s
     where s.sent < s.wanted
       and not exists (select from resource r join operation o on o.resource_id = r.id
                        where r.kind = 'github_status' and r.key = s.repository_id::text
                          and o.finished_at is null)
     order by 1 limit p_limit loop
    perform commit_status_wake(v_repository, 'reconcile');
    v_count := v_count + 1;
  end loop;
  return v_count;
end $$;

-- ------------------------------------------------------------------ posts

create table post (
  id           uuid primary key,
  blog_id      uuid not null references blog,
  path         text not null,
  slug         text not null check (slug <> ''),
  title        text not null check (title <> ''),
  summary      text not null default '',
  tags         text[] not null default '{}',
  authors      text[] not null default '{}',
  published_at timestamptz not null,
  published_on date,
  revised_at   timestamptz,
  revised_on   date,
  expires_at   timestamptz,
  is_draft     boolean not null default false,
  preview_token text unique check (preview_token ~ '^[0-9a-f]{32}$'),
  word_count   integer not null default 0,
  cover        text,
  canonical    text,
  lang         text,
  front_matter jsonb compression lz4 not null default '{}',
  toc          jsonb compression lz4 not null default '[]',
  markdown     text compression lz4 not null,
  html         text compression lz4 not null,
  links        jsonb compression lz4,
  blob         text not null check (blob ~ '^[0-9a-f]{40}$'),
  commit       text not null check (commit ~ '^[0-9a-f]{40}$'),
  origin       text not null,
  version      integer not null default 1,
  created_at   timestamptz not null default clock_timestamp(),
  updated_at   timestamptz not null default clock_timestamp(),
  file_bytes   bigint not null check (file_bytes >= 0),
  date_source  text not null check (date_source in ('written', 'history', 'commit', 'pending')),
  title_id     text not null default '',
  slug_basis   text check (slug_basis ~ '^[0-9a-f]{32}$'),
  aliases      text[] not null default '{}',
  anchors      text[] compression lz4,
  list_order   text collate "C" not null,
  digest       bytea,
  constraint post_preview_token check (not is_draft or preview_token is not null),
  -- The constraint is deferred, because two posts of one changeset may swap paths or slugs.
  constraint post_path unique (blog_id, path) deferrable initially deferred,
  constraint post_slug unique (blog_id, slug) deferrable initially deferred
) with (fillfactor = 90);
comment on table post is 'One Markdown file of a blog at its head. The row is deleted when the file is.';
comment on column post.published_at is 'From the front matter, else the file name''s date, else that of the file''s first commit, else that of the commit that brought it here; the post is not visible before.';
comment on column post.date_source is
  'Where published_at is from. written: front matter or the file''s name · history: the file''s first commit, which it keeps, even where the file moves · '
  'commit: the commit of an upload, because the history was not to be had; only a replay asks again · pending: the same, but the next upload asks again.';
comment on column post.published_on is 'The day, when the author wrote no time: the post shows that day everywhere, and published_at is its beginning in the blog''s time zone.';
comment on column post.revised_at is 'The front matter''s `updated`.';
comment on column post.revised_on is 'The day of revised_at, as published_on is of published_at.';
comment on column post.expires_at is 'The post is not visible from then on; for a day without a time, from its beginning.';
comment on column post.preview_token is 'The secret address of a post that is a draft, or that was written with a date of the future or with an expiry: 128 random bits, constant as long as that stays so, else null.';
comment on column post.word_count is 'Number of words in the text; core/publishing/markdown/word_count.hpp has the rule, and the reading time that follows.';
comment on column post.cover is 'A web address, or the URL of the asset to which the front matter''s path refers; null when that does not exist.';
comment on column post.html is 'The HTML that readers get: links to files of the repository are root-relative URLs (core/publishing/blog/address.hpp), or removed where they lead nowhere.';
comment on column post.links is
  'The places in html that name files of the repository, and what they resolved to: enough to resolve them anew without the file. '
  '{links: [[offset, page|file, path, line, column, url, fragment, is_rooted]], taken_out: [[offset, html]], cover: [path, url, is_rooted, line, column]}; offsets in bytes of the '
  'html without these URLs, url is null where the link leads nowhere. Null: the post has no such links. When only they change, version stays.';
comment on column post.blob is 'The git blob this version was rendered from. A file with an error keeps its last good one.';
comment on column post.file_bytes is 'Size of that blob, so that it need not be fetched to be counted.';
comment on column post.title_id is 'The id of the heading that left html for the title; empty: none did. The page gives it to the title that it shows, so that links to the heading arrive there.';
comment on column post.slug_basis is 'Digest of what the slug was made of (path under the root, slug and permalink of the front matter): while it stays the same, so does the slug. Null: written by a version without it.';
comment on column post.aliases is 'The slugs of the old addresses that its front matter names; redirect says which of them lead here.';
comment on column post.anchors is 'The ids and names in its HTML, without prefix, and that of the heading that became its title: what #fragments may name. Null: not known, or too many.';
comment on column post.list_order is 'Its place in the blog''s list, the newest first: what post_order() gives, written by a trigger (core/publishing/reading.sql).';
comment on column post.digest is 'What post_digest() gave when the program wrote it (core/publishing/reading.sql): `verify` finds by it what somebody else has changed. Null: written by a version without it.';
comment on column post.commit is 'The commit whose upload wrote this version.';
comment on column post.origin is 'Digest of everything else that determined the rendering; see snapshot::Entry.';
comment on column post.version is 'Grows by one with each change.';

create or replace view visible_post as
  select * from post
   where not is_draft and published_at <= now() and (expires_at is null or expires_at > now());
comment on view visible_post is 'The posts that readers may see now: drafts and future posts are stored, but not shown.';

create table revision (
  post_id      uuid not null,
  version      integer not null,
  blog_id      uuid not null references blog,
  change       text not null check (change in ('created', 'updated', 'renamed', 'deleted')),
  path         text not null,
  slug         text not null,
  title        text not null,
  blob         text not null,
  commit       text not null,
  operation_id uuid,
  at           timestamptz not null default clock_timestamp(),
  primary key (post_id, version)
);
comment on table revision is 'History of posts, including deleted ones; the text of a version is in git under its blob.';
create index revision_blog on revision (blog_id, slug);
create index revision_deleted on revision (at, post_id, version) where change = 'deleted';
comment on index revision_deleted is 'When posts went: their histories are pruned in that order.';

create table redirect (
  blog_id    uuid not null references blog,
  slug       text not null,
  post_id    uuid not null references post on delete cascade,
  is_alias   boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  primary key (blog_id, slug)
);
comment on column redirect.is_alias is 'The redirect exists only because of an alias in the front matter, and is deleted with it. A former slug stays.';
comment on table redirect is 'Old slugs. They point to a post, not to a slug, so that a chain of renames is one step. A post takes precedence over a redirect.';
create index redirect_post on redirect (post_id);

create table file_error (
  blog_id      uuid not null references blog,
  path         text not null,
  blob         text not null,
  line         integer not null default 0,
  col          integer not null default 0,
  message      text not null,
  operation_id uuid,
  primary key (blog_id, path)
);
comment on table file_error is 'Files at the blog''s head that could not be published; their posts keep their last good version. They are tried again by every upload.';

create table asset (
  sha256     bytea primary key check (length(sha256) = 32),
  media_type text not null,
  bytes      bytea compression lz4 not null,
  created_at timestamptz not null default clock_timestamp(),
  wanted_at  timestamptz not null default clock_timestamp()
);
comment on table asset is 'A file that posts refer to, stored once by content, whatever blogs use it.';
comment on column asset.media_type is 'Determined by its bytes, never by its name. SVG may contain script: serve assets with a sandboxing Content-Security-Policy and nosniff (core/platform/media/media_type.hpp).';
comment on column asset.wanted_at is 'The time when an upload last meant to refer to it. Contents are stored before the publish, so pruning spares unused ones for a day.';

create table blog_asset (
  blog_id uuid not null references blog,
  path    text not null,
  blob    text not null,
  sha256  bytea not null references asset,
  primary key (blog_id, path)
);
comment on table blog_asset is 'The files of a blog at its head that posts refer to, and the asset of each.';
comment on column blog_asset.blob is 'The blob of the file at the head: the same blob need not be read again.';
create index blog_asset_content on blog_asset (sha256);

create table post_place (
  post_id uuid not null references post on delete cascade,
  blog_id uuid not null,
  path    text not null,
  primary key (post_id, path)
);
comment on table post_place is 'The posts, by path, a place on which another post links (#fragment): it is looked at again when that post''s anchors change.';
create index post_place_path on post_place (blog_id, path);

create table post_asset (
  post_id uuid not null references post on delete cascade,
  blog_id uuid not null,
  path    text not null,
  primary key (post_id, path),
  foreign key (blog_id, path) references blog_asset
);
comment on table post_asset is 'The assets of a blog that each of its posts shows or links.';
create index post_asset_path on post_asset (blog_id, path);
