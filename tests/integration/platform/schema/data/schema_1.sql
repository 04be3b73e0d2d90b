-- The database of devy-upload: the only DDL there is. Applied by `devy-upload db init` in one
-- transaction, embedded in the programs; later versions arrive by `db migrate`.
--
-- Reading order: accounts, repositories, blogs · the queue (knows no upload) · uploads · posts.
--
-- Lock order everywhere: lease → resource → operation. A transaction that writes for an operation
-- takes its lease row first (the fence) and may hold it through a whole publish; so nobody waits for
-- a lease while holding a resource: ingest and cancel never touch leases, rescue and a forced cancel
-- skip a lease that is locked. Thus a long publish never delays a webhook.

create schema devy;
comment on schema devy is 'Devy''s replica of blogs that live in GitHub repositories, and the queue that keeps it true.';
set local search_path = devy, pg_temp;

create table schema_version (
  version    integer primary key,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null default session_user
);
comment on table schema_version is 'One row per schema version this database has reached; the highest is its version.';
insert into schema_version (version) values (1);

-- ------------------------------------------------------------------ accounts, repositories, blogs

create table account (
  id           uuid primary key default gen_random_uuid(),
  username     text not null unique
               constraint account_username_form check (username ~ '^[a-z0-9](-?[a-z0-9]){0,38}$')
               constraint account_username_reserved check (username <> 'assets'),
  is_supporter boolean not null default false,
  created_at   timestamptz not null default clock_timestamp()
);
comment on table account is 'A Devy user. Who is not a supporter has one blog (trigger blog_limit).';
comment on column account.username is 'As GitHub forms them: letters, digits, single hyphens inside; always lower case here. /assets/ is where the site keeps files (core/blog/address.hpp).';

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
  updated_at     timestamptz not null default clock_timestamp()
);
comment on table repository is 'A GitHub repository. Renames and transfers keep the row; a name is display only.';
comment on column repository.github_id is 'GitHub''s numeric id, its identity; null until a delivery or the operator tells it.';
comment on column repository.url is 'Where it is fetched from now; follows redirects that the policy allows.';
comment on column repository.default_branch is 'As last seen at the remote; a blog without a branch of its own follows it.';
comment on column repository.installation is 'The GitHub App''s installation that speaks for it, as its last push said.';
comment on column repository.frozen_reason is 'Why its blog is frozen though it is connected: deleted, installation removed. Posts stay; its resource is switched off.';
comment on column repository.hook_lost_at is 'Its hook was removed: until the next delivery only reconcile sees its pushes.';
create index repository_url on repository (url);
create index repository_installation on repository (installation) where installation is not null;

-- ------------------------------------------------------------------ the queue
--
-- Functions keep the plans of their statements for a whole session. One that was made while a table
-- was empty would read the table whole for ever after; so plans here never scan a table they have an
-- index for. (Sessions of ours forbid jit: the price that this puts on plans would have them compiled.)

create table resource (
  id                     bigint generated always as identity primary key,
  kind                   text not null,
  key                    text not null,
  owner                  text not null default '',
  is_enabled             boolean not null default true,
  paused_until           timestamptz,
  paused_reason          text,
  newest_operation_id    uuid,
  newest_event_at        timestamptz,
  completed_operation_id uuid,
  completed_event_at     timestamptz,
  completed_revision     text,
  completed_variant      text,
  constraint resource_identity unique (kind, key)
) with (fillfactor = 80);
comment on table resource is 'What operations are serialised on. Its row lock orders ingest; at most one operation waits and one runs per resource.';
comment on column resource.kind is 'What the key names: repository, issue, comment, gist_owner, …';
comment on column resource.owner is 'Whose share of the workers its operations take: claim is fair between owners.';
comment on column resource.is_enabled is 'False: whatever is recorded ends as disabled.';
comment on column resource.paused_until is 'Operations wait until then; infinity until an operator resumes it.';
comment on column resource.newest_operation_id is 'The newest accepted operation: what a new event is compared with.';
comment on column resource.newest_event_at is 'Its time by the source''s own clock (GitHub''s), never by ours.';
comment on column resource.completed_revision is 'The revision that the last completed operation really fetched.';
comment on column resource.completed_variant is 'With which settings (see operation.variant).';
-- Without this partial index claim would read every resource to find the few that are blocked.
create index resource_blocked on resource (id) where not is_enabled or paused_until is not null;

create table queue_control (
  is_only      boolean primary key default true check (is_only),
  paused_until timestamptz,
  reason       text
);
comment on table queue_control is 'One row: whether the whole queue is paused.';
insert into queue_control default values;

create table daemon (
  name       text primary key,
  version    text not null,
  state      text not null check (state in ('starting', 'ready', 'draining')),
  workers    integer not null,
  busy       integer not null,
  started_at timestamptz not null default clock_timestamp(),
  seen_at    timestamptz not null default clock_timestamp()
);
comment on table daemon is 'The daemons that work on this database, each by its own word. For people only: nothing is decided by it.';
comment on column daemon.name is '<host>/<pid>.<start time>, as workers are named.';

-- Words of a closed set. Domains, because a session reads a domain's check once, and a column's check
-- again for every statement: these three and `attempt.outcome` were a tenth of the queue's work.
create domain operation_state as text check (value in (
  'received', 'verified', 'scheduled', 'processing', 'held',
  'completed', 'failed', 'cancelled', 'dropped', 'duplicate', 'disabled'));
create domain operation_source as text check (value in ('webhook', 'api', 'operator', 'poll', 'reconcile'));
create domain operation_direction as text check (value in ('inbound', 'outbound'));
create domain attempt_outcome as text check (value in (
  'completed', 'failed', 'retry', 'cancelled', 'held', 'interrupted', 'dropped', 'rescued'));

create table operation (
  id                  uuid primary key,
  arrival             bigint generated always as identity,
  kind                text not null,
  resource_id         bigint not null references resource,
  owner               text not null default '',
  state               operation_state not null default 'received',
  step                text,
  is_interruptible    boolean not null default true,
  direction           operation_direction not null default 'inbound',
  source              operation_source not null,
  priority            smallint not null default 100,
  attempt             integer not null default 0,
  max_attempts        integer not null default 12,
  crashes             smallint not null default 0,
  replays             integer not null default 0,
  is_forced           boolean not null default false,
  is_approved         boolean not null default false,
  created_at          timestamptz not null default clock_timestamp(),
  run_at              timestamptz not null default clock_timestamp(),
  waiting_since       timestamptz not null default clock_timestamp(),
  started_at          timestamptz,
  finished_at         timestamptz,
  event_at            timestamptz,
  event_id            text,
  idempotency_key     text,
  announced_revision  text,
  fetched_revision    text,
  variant             text not null default '',
  cancel_requested_at timestamptz,
  cancel_requested_by uuid,
  cancelled_by        uuid,
  cancel_reason       text,
  duplicate_of        uuid,
  dropped_for         uuid,
  requested_by        text,
  reason              text,
  error_code          text,
  error_text          text,
  error_hint          text,
  event_count         integer not null default 0
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);
comment on table operation is 'The queue''s entry, whatever its kind. The kind''s own table (upload) shares its id.';
comment on column operation.arrival is 'Order of arrival; a forced replay arrives anew.';
comment on column operation.state is
  'received: recorded, its source or target not checked yet · verified: waits for a worker (run_at may lie ahead) · '
  'scheduled: leased to a worker, not begun · processing: the worker runs it, step says where · '
  'held: a guard stopped it, waits for approve · completed: done, or nothing to do · failed: ended by an error · '
  'cancelled: ended by a person or by a newer operation · dropped: something newer is done or under way · '
  'duplicate: already recorded · disabled: its resource is switched off. The last six are terminal; only a replay leaves them.';
comment on column operation.step is 'Where the kind''s own work stands; a retry goes on from here.';
comment on column operation.is_interruptible is 'False from the step on that a newer operation must not interrupt any more.';
comment on column operation.direction is
  'inbound: what readers wait for; workers run it · outbound: what we tell others. Runners of their own take it, so that a slow '
  'server elsewhere holds up no inbound one.';
comment on column operation.priority is 'Lower runs first.';
comment on column operation.crashes is 'Leases that ran out since the last replay; the third ends it as worker_crashed.';
comment on column operation.is_forced is 'Runs although something newer is done: a rollback.';
comment on column operation.is_approved is 'A person let it pass the guard that held it.';
comment on column operation.waiting_since is 'Since when its resource waits for any operation to be completed; inherited from those it supersedes.';
comment on column operation.event_at is 'When it happened, by the source''s own clock. Decides what is newer.';
comment on column operation.event_id is 'The source''s name of the event (GitHub''s delivery GUID).';
comment on column operation.announced_revision is 'What the trigger said the resource is at; a hint.';
comment on column operation.fetched_revision is 'What the worker really found; dedupe compares with this.';
comment on column operation.variant is 'What besides the revision decides the result: the same revision with another variant is not a duplicate.';
comment on column operation.cancel_requested_by is 'The newer operation that wants it to stop; null: a person.';
comment on column operation.cancelled_by is 'The operation that superseded it; null: a person (cancel_reason says who and why).';
comment on column operation.event_count is 'Number of rows in operation_event: keeps seq free of gaps without a scan.';

create unique index operation_one_waiting on operation (resource_id) where state in ('received', 'verified', 'held');
comment on index operation_one_waiting is 'At most one operation waits per resource: the backlog is bounded by the number of resources.';
create unique index operation_one_running on operation (resource_id) where state in ('scheduled', 'processing');
comment on index operation_one_running is 'Strictly one at a time per resource.';
create index operation_claim on operation (direction, priority, run_at, arrival) where state = 'verified';
create unique index operation_event_id on operation (resource_id, event_id) where event_id is not null and state <> 'duplicate';
create unique index operation_idempotency_key on operation (resource_id, idempotency_key) where idempotency_key is not null;
create index operation_history on operation (resource_id, arrival desc);
create index operation_arrival on operation (arrival desc);
create index operation_finished on operation (finished_at) where finished_at is not null;

create table lease (
  resource_id      bigint primary key references resource,
  fence            bigint not null default 0,
  operation_id     uuid,
  owner            text not null default '',
  worker           text,
  lease_expires_at timestamptz
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200,
        autovacuum_vacuum_cost_delay = 0);
comment on table lease is 'Who runs a resource''s operation now; one narrow row per resource.';
comment on column lease.fence is 'Only ever grows, by claim and by rescue: a worker with an older fence can change nothing.';
comment on column lease.operation_id is 'Null: free.';
comment on column lease.owner is 'The operation''s, so that fairness reads held leases only.';
comment on column lease.lease_expires_at is 'By the database''s clock. In no index, so that heartbeats stay heap-only updates.';
create index lease_held on lease (resource_id) where operation_id is not null;

create table attempt (
  operation_id uuid not null,
  fence        bigint not null,
  resource_id  bigint not null,
  number       integer not null,
  worker       text not null,
  started_at   timestamptz not null,
  ended_at     timestamptz,
  outcome      attempt_outcome,
  step         text,
  error_code   text,
  error_text   text,
  error_hint   text,
  primary key (operation_id, fence),
  constraint attempt_ended check ((ended_at is null) = (outcome is null))
);
comment on table attempt is 'One try at an operation by one worker, under one fence.';
comment on column attempt.outcome is
  'completed, failed, cancelled, held, dropped: as the operation ended · retry: another attempt follows · '
  'interrupted: given back, does not count · rescued: the lease ran out';

create table operation_event (
  operation_id uuid not null,
  seq          integer not null,
  at           timestamptz not null default clock_timestamp(),
  state        text not null,
  step         text,
  attempt      integer not null,
  detail       jsonb,
  primary key (operation_id, seq)
);
comment on table operation_event is 'History of an operation: append-only, seq 1..n without gaps, written by trigger.';

create function operation_event_append_only() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  -- Pruning takes an operation with its whole history: then its row has gone first.
  if tg_op = 'DELETE' and not exists (select 1 from operation where id = old.operation_id) then
    return old;
  end if;
  raise exception 'operation_event is append-only' using errcode = 'DV002';
end $$;
create trigger operation_event_append_only before update or delete on operation_event
  for each row execute function operation_event_append_only();

-- Attempts and events are written only by the queue's own functions and triggers, from the operation's
-- own row; a foreign key would check that again at each of the five writes a run makes, for a seventh
-- of the queue's throughput. What is left of it is this: they go when the operation goes.
create function operation_take_history() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  delete from attempt where operation_id = old.id;
  delete from operation_event where operation_id = old.id;
  return null;
end $$;
create trigger operation_take_history after delete on operation
  for each row execute function operation_take_history();

-- Legal states and transitions, so that no code path and no psql session can bend the machine; and
-- the history. One trigger, and names with their schema instead of a search_path: both are paid at
-- every transition. What would be CHECKs elsewhere is asked here, since a session reads a table's
-- CHECKs anew for every statement: five of them were a fifth of the work of a claim and its finish.
create function operation_transition() returns trigger language plpgsql as $$
begin
  if (new.state = 'duplicate') <> (new.duplicate_of is not null)
     or (new.state = 'dropped') <> (new.dropped_for is not null)
     or (new.cancelled_by is not null and new.state <> 'cancelled') then
    raise exception 'operation %: a pointer that does not go with %', new.id, new.state
      using errcode = 'check_violation', constraint = 'operation_pointers';
  end if;
  if (new.finished_at is not null) <>
     (new.state in ('completed', 'failed', 'cancelled', 'dropped', 'duplicate', 'disabled')) then
    raise exception 'operation %: an end that does not go with %', new.id, new.state
      using errcode = 'check_violation', constraint = 'operation_finished';
  end if;
  -- A waiting one without an attempt left would make every claim fail.
  if new.attempt < 0 or new.attempt > new.max_attempts - (new.state = 'verified')::integer then
    raise exception 'operation %: attempt % of % while %', new.id, new.attempt, new.max_attempts, new.state
      using errcode = 'check_violation', constraint = 'operation_attempts';
  end if;
  if tg_op = 'INSERT' then
    if new.state not in ('received', 'verified', 'dropped', 'duplicate', 'disabled') then
      raise exception 'illegal first state of operation %: %', new.id, new.state using errcode = 'DV002';
    end if;
  else
    if old.state is distinct from new.state and not (
         (old.state = 'received' and new.state in ('verified', 'disabled', 'dropped', 'duplicate', 'cancelled'))
      or (old.state = 'verified' and new.state in ('scheduled', 'cancelled', 'disabled', 'dropped', 'duplicate'))
      or (old.state in ('scheduled', 'processing') and new.state in
           ('processing', 'completed', 'failed', 'cancelled', 'held', 'dropped', 'verified'))
      or (old.state = 'held' and new.state in ('verified', 'cancelled', 'disabled'))
      or (old.finished_at is not null and new.state in ('verified', 'dropped') and new.replays = old.replays + 1)) then
      raise exception 'illegal transition of operation %: % to %', old.id, old.state, new.state
        using errcode = 'DV002';
    end if;
    if old.state = new.state and old.step is not distinct from new.step then return new; end if;
  end if;
  new.event_count := new.event_count + 1;
  insert into devy.operation_event (operation_id, seq, state, step, attempt, detail)
  values (new.id, new.event_count, new.state, new.step, new.attempt,
    case when coalesce(new.error_code, new.error_text, new.reason, new.requested_by, new.cancel_reason) is null
          and coalesce(new.cancelled_by, new.duplicate_of, new.dropped_for) is null then null
    else nullif(jsonb_strip_nulls(jsonb_build_object(
    'code', case when new.state in ('verified', 'failed', 'held') then new.error_code end,
    'message', case when new.state in ('verified', 'failed', 'held') then new.error_text end,
    'pointer', coalesce(new.cancelled_by, new.duplicate_of, new.dropped_for),
    'reason', case when new.state = 'cancelled' then new.cancel_reason
                   when new.state in ('received', 'verified') then new.reason end,
    'by', case when new.state in ('received', 'verified') then new.requested_by end)), '{}') end);
  return new;
end $$;
create trigger operation_transition before insert or update of
  state, step, finished_at, duplicate_of, dropped_for, cancelled_by, attempt, max_attempts on operation
  for each row execute function operation_transition();

-- Records one operation under its resource's row lock: duplicate, disabled, dropped or verified.
-- A verified one supersedes what waits (keeping its place in line) and asks what runs to stop.
create function operation_ingest(
  p_id uuid, p_resource_id bigint, p_kind text, p_source text, p_event_id text, p_event_at timestamptz,
  p_revision text, p_variant text, p_is_forced boolean, p_priority smallint, p_max_attempts integer,
  p_idempotency_key text, p_requested_by text, p_reason text, p_direction text default 'inbound',
  out o_id uuid, out o_state text, out o_pointer uuid, out o_is_new boolean)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  r record;
  newest record;
  v_now timestamptz;
  v_run_at timestamptz;
  v_waiting_since timestamptz;
  v_priority smallint := p_priority;
begin
  select owner, is_enabled, newest_operation_id, completed_operation_id, completed_event_at
    into r from resource where id = p_resource_id for no key update;
  if not found then
    raise exception 'unknown resource %', p_resource_id using errcode = 'DV003';
  end if;
  v_now := clock_timestamp();
  if p_idempotency_key is not null then
    select id, state into o_id, o_state from operation
     where resource_id = p_resource_id and idempotency_key = p_idempotency_key;
    if found then
      o_is_new := false;
      return;
    end if;
  end if;
  o_id := p_id;
  o_is_new := true;
  select id, state, event_at, variant, announced_revision, fetched_revision, cancel_requested_at
    into newest from operation where id = r.newest_operation_id;

  if p_event_id is not null then
    select id into o_pointer from operation
     where resource_id = p_resource_id and event_id = p_event_id and state <> 'duplicate';
  end if;
  if o_pointer is not null then
    o_state := 'duplicate';
  elsif not r.is_enabled then
    o_state := 'disabled';
  elsif not p_is_forced and p_event_at < newest.event_at
        and newest.state in ('verified', 'scheduled', 'processing', 'held', 'completed') then
    o_state := 'dropped';
    o_pointer := newest.id;
  elsif not p_is_forced and p_event_at < r.completed_event_at then
    o_state := 'dropped';
    o_pointer := r.completed_operation_id;
  elsif not p_is_forced and newest.variant = p_variant and (
          (newest.state = 'verified' and p_revision = newest.announced_revision)
       -- A poll must not take away what a person is asked to approve.
       or (newest.state = 'held' and p_revision = newest.fetched_revision)
       or (newest.state in ('scheduled', 'processing') and newest.cancel_requested_at is null
           and p_revision = newest.fetched_revision)
       or (newest.state = 'completed' and p_revision = newest.fetched_revision)) then
    o_state := 'duplicate';
    o_pointer := newest.id;
  else
    o_state := 'verified';
  end if;

  v_run_at := v_now;
  v_waiting_since := v_now;
  -- The newest has run to its end: then nothing older waits or runs.
  if o_state = 'verified' and r.newest_operation_id is not null
     and newest.state is distinct from 'completed' and newest.state is distinct from 'failed' then
    with superseded as (
      update operation
         set state = 'cancelled', cancelled_by = o_id, finished_at = v_now,
             cancel_reason = 'superseded by a newer ' || p_kind
       where resource_id = p_resource_id and state in ('received', 'verified', 'held')
      returning run_at, attempt, waiting_since, priority)
    select least(v_run_at, min(run_at) filter (where attempt = 0)),
           least(v_waiting_since, min(waiting_since)),
           least(v_priority, min(priority))
      into v_run_at, v_waiting_since, v_priority from superseded;
    update operation set cancel_requested_at = v_now, cancel_requested_by = o_id
     where resource_id = p_resource_id and state in ('scheduled', 'processing')
       and (cancel_requested_at is null or cancel_requested_by is not null);
  end if;

  insert into operation (
    id, kind, resource_id, owner, state, direction, source, priority, max_attempts, is_forced, created_at, run_at,
    waiting_since, finished_at, event_at, event_id, idempotency_key, announced_revision, variant,
    duplicate_of, dropped_for, requested_by, reason)
  values (
    o_id, p_kind, p_resource_id, r.owner, o_state, p_direction, p_source, v_priority, p_max_attempts, p_is_forced, v_now,
    v_run_at, v_waiting_since, case when o_state <> 'verified' then v_now end, p_event_at, p_event_id,
    p_idempotency_key, p_revision, p_variant,
    case when o_state = 'duplicate' then o_pointer end, case when o_state = 'dropped' then o_pointer end,
    p_requested_by, p_reason);
  if o_state = 'verified' then
    update resource set newest_operation_id = o_id, newest_event_at = greatest(newest_event_at, p_event_at)
     where id = p_resource_id;
  end if;
end $$;
comment on function operation_ingest is 'Rule 1 of the queue: record, supersede, drop, mark duplicate, atomically.';

-- Rule 2: every eligibility test is inside the candidates, so that a row is locked only to be taken;
-- the lease by compare-and-set. First operations of owners below their share, and only when there is
-- none, any. A function keeps its plans (they cost more than the work); the settings keep them from
-- depending on statistics of tables that are empty one moment and full the next.
create function operation_claim(
  p_worker text, p_ttl interval, p_limit integer, p_owner_running_max integer, p_only uuid,
  p_direction text default 'inbound')
returns table (o_id uuid, o_resource_id bigint, o_fence bigint, o_kind text, o_step text,
               o_fetched_revision text, o_announced_revision text, o_attempt integer,
               o_max_attempts integer, o_is_forced boolean, o_is_approved boolean)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_busy text[];
begin
  select array(select owner from lease where operation_id is not null
                group by owner having count(*) >= p_owner_running_max)
    into v_busy from queue_control
   where is_only and (paused_until is null or paused_until <= clock_timestamp());
  if not found then return; end if;
  loop
    return query
      with candidate as materialized (
        select o.id, o.resource_id, o.owner
          from operation o
         where o.state = 'verified'
           and o.direction = p_direction
           and o.run_at <= now()
           and o.owner <> all (v_busy)
           and (p_only is null or o.id = p_only)
           and not exists (select 1 from lease l
                            where l.resource_id = o.resource_id and l.operation_id is not null)
           and not exists (select 1 from resource r
                            where r.id = o.resource_id
                              and (not r.is_enabled or r.paused_until is not null)
                              and (not r.is_enabled or r.paused_until > now()))
         order by o.priority, o.run_at, o.arrival
         limit p_limit
           for update of o skip locked
      ), taken as (
        insert into lease as l (resource_id, fence, operation_id, owner, worker, lease_expires_at)
        select c.resource_id, 1, c.id, c.owner, p_worker, clock_timestamp() + p_ttl
          from candidate c
            on conflict (resource_id) do update
           set fence = l.fence + 1,
               operation_id = excluded.operation_id,
               owner = excluded.owner,
               worker = excluded.worker,
               lease_expires_at = excluded.lease_expires_at
         where l.operation_id is null
        returning l.operation_id, l.fence
      ), claimed as (
        update operation o
           set state = 'scheduled',
               attempt = o.attempt + 1,
               started_at = coalesce(o.started_at, clock_timestamp())
          from taken t
         where o.id = t.operation_id
        returning o.id, o.resource_id, t.fence, o.kind, o.step, o.fetched_revision,
                  o.announced_revision, o.attempt, o.max_attempts, o.is_forced, o.is_approved
      ), tried as (
        insert into attempt (operation_id, fence, resource_id, number, worker, started_at)
        select c.id, c.fence, c.resource_id, c.attempt, p_worker, clock_timestamp()
          from claimed c
      )
      select c.id, c.resource_id, c.fence, c.kind, c.step, c.fetched_revision, c.announced_revision,
             c.attempt, c.max_attempts, c.is_forced, c.is_approved
        from claimed c;
    exit when found or v_busy = '{}';
    v_busy := '{}';
  end loop;
end $$;

-- Ends an attempt in any way but completed: moves the operation and closes the attempt, frees nothing.
-- Caller holds lease (already freed) and resource.
create function operation_settle(
  p_operation_id uuid, p_fence bigint, p_outcome text, p_revision text, p_code text, p_text text,
  p_hint text, p_delay interval, p_pointer uuid)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  o operation;
  v_newer uuid;
  v_now timestamptz := clock_timestamp();
  s text;
begin
  select * into o from operation where id = p_operation_id for no key update;
  select id into v_newer from operation
   where resource_id = o.resource_id and state in ('received', 'verified', 'held');
  s := case
    when p_outcome in ('failed', 'dropped') then p_outcome
    when p_outcome = 'cancelled' then 'cancelled'
    when o.cancel_requested_at is not null and o.cancel_requested_by is null then 'cancelled'
    when v_newer is not null then 'cancelled'
    when p_outcome = 'held' then 'held'
    when p_outcome = 'rescued' and o.crashes + 1 >= 3 then 'failed'
    when p_outcome <> 'interrupted' and o.attempt >= o.max_attempts then 'failed'
    else 'verified' end;
  update operation
     set state = s,
         cancelled_by = case
           when s <> 'cancelled' or (cancel_requested_at is not null and cancel_requested_by is null) then null
           else coalesce(p_pointer, v_newer, cancel_requested_by) end,
         cancel_reason = case
           when s <> 'cancelled' then cancel_reason
           when cancel_requested_at is not null and cancel_requested_by is null then cancel_reason
           when coalesce(p_pointer, v_newer, cancel_requested_by) is null then coalesce(p_text, 'stopped')
           else 'superseded by a newer ' || kind end,
         dropped_for = case when s = 'dropped' then coalesce(p_pointer, v_newer) end,
         attempt = attempt - (s = 'verified' and p_outcome = 'interrupted')::int,
         crashes = crashes + (p_outcome = 'rescued')::int,
         run_at = case when s = 'verified' then v_now + coalesce(p_delay, interval '0') else run_at end,
         finished_at = case when s not in ('verified', 'held') then v_now end,
         is_interruptible = true,
         fetched_revision = coalesce(p_revision, fetched_revision),
         error_code = case when s = 'failed' and p_outcome = 'rescued' then 'worker_crashed' else p_code end,
         error_text = p_text,
         error_hint = p_hint,
         cancel_requested_at = case when s not in ('held', 'verified') then cancel_requested_at end,
         cancel_requested_by = case when s not in ('held', 'verified') then cancel_requested_by end
   where id = p_operation_id;
  update attempt
     set ended_at = v_now, outcome = p_outcome, step = o.step,
         error_code = p_code, error_text = p_text, error_hint = p_hint
   where operation_id = p_operation_id and fence = p_fence;
  -- Its resource still waits for what this one did not bring.
  if s in ('cancelled', 'failed') and v_newer is not null then
    update operation set waiting_since = least(waiting_since, o.waiting_since) where id = v_newer;
  end if;
  return s;
end $$;

-- The fence: every transaction that writes on behalf of an operation begins with it. It renews the
-- lease and, until commit, holds off rescue.
create function operation_fence(p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_ttl interval)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  update lease set lease_expires_at = clock_timestamp() + p_ttl
   where resource_id = p_resource_id and operation_id = p_operation_id and fence = p_fence;
  if not found then
    raise exception 'lease lost: operation %, fence %', p_operation_id, p_fence using errcode = 'DV001';
  end if;
end $$;

-- Begins a step, fenced and idempotent. Returns 'continue', 'cancelled' (a person wants it to stop)
-- or 'superseded' (a newer operation does, and the resource has not waited longer than p_patience).
create function operation_step(
  p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_ttl interval, p_step text,
  p_is_interruptible boolean, p_patience interval, p_revision text)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  o record;
begin
  perform operation_fence(p_resource_id, p_operation_id, p_fence, p_ttl);
  select cancel_requested_at, cancel_requested_by, is_interruptible, waiting_since
    into o from operation where id = p_operation_id for no key update;
  if o.cancel_requested_at is not null and o.cancel_requested_by is null then return 'cancelled'; end if;
  if o.cancel_requested_at is not null and o.is_interruptible
     and clock_timestamp() - o.waiting_since <= p_patience
     -- A person may have cancelled the newer one meanwhile.
     and exists (select 1 from operation where resource_id = p_resource_id
                    and state in ('received', 'verified', 'held')) then
    return 'superseded';
  end if;
  update operation
     set state = 'processing', step = p_step, is_interruptible = p_is_interruptible,
         fetched_revision = coalesce(p_revision, fetched_revision)
   where id = p_operation_id;
  return 'continue';
end $$;

-- Ends an attempt: completed, failed, retry, cancelled, held, dropped, or interrupted (given back).
-- Completing something a person has asked to stop is refused (DV004): the caller rolls back.
create function operation_finish(
  p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_outcome text, p_revision text,
  p_code text, p_text text, p_hint text, p_delay interval, p_pointer uuid)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_now timestamptz := clock_timestamp();
  v_step text;
begin
  update lease set operation_id = null, worker = null, lease_expires_at = null
   where resource_id = p_resource_id and operation_id = p_operation_id and fence = p_fence;
  if not found then
    raise exception 'lease lost: operation %, fence %', p_operation_id, p_fence using errcode = 'DV001';
  end if;
  if p_outcome <> 'completed' then
    perform 1 from resource where id = p_resource_id for no key update;
    return operation_settle(p_operation_id, p_fence, p_outcome, p_revision, p_code, p_text, p_hint,
                            p_delay, p_pointer);
  end if;
  -- Nearly all end so, and then nothing else needs to be known: each row is touched once.
  update resource r
     set completed_operation_id = p_operation_id,
         completed_event_at = greatest(r.completed_event_at, o.event_at),
         completed_revision = coalesce(p_revision, o.fetched_revision),
         completed_variant = o.variant
    from operation o
   where r.id = p_resource_id and o.id = p_operation_id;
  update operation
     set state = 'completed', finished_at = v_now, is_interruptible = true,
         fetched_revision = coalesce(p_revision, fetched_revision),
         error_code = p_code, error_text = p_text, error_hint = p_hint,
         cancel_requested_at = null, cancel_requested_by = null
   where id = p_operation_id and (cancel_requested_at is null or cancel_requested_by is not null)
  returning step into v_step;
  if not found then
    raise exception 'operation % was asked to stop', p_operation_id using errcode = 'DV004';
  end if;
  update attempt
     set ended_at = v_now, outcome = 'completed', step = v_step,
         error_code = p_code, error_text = p_text, error_hint = p_hint
   where operation_id = p_operation_id and fence = p_fence;
  return 'completed';
end $$;

-- Takes a lease from a worker that is gone. Nothing when a live write holds the row, or all is well.
create function lease_take_back(p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_outcome text,
                                p_text text, p_must_be_expired boolean)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  perform 1 from lease
    where resource_id = p_resource_id and operation_id = p_operation_id and fence = p_fence
      and (not p_must_be_expired or lease_expires_at < clock_timestamp())
    for update skip locked;
  if not found then return null; end if;
  perform 1 from resource where id = p_resource_id for no key update skip locked;
  if not found then return null; end if;
  update lease set operation_id = null, worker = null, lease_expires_at = null, fence = fence + 1
   where resource_id = p_resource_id;
  return operation_settle(p_operation_id, p_fence, p_outcome, null,
                          case when p_outcome = 'rescued' then 'worker_lost' end, p_text,
                          case when p_outcome = 'rescued'
                               then 'The next attempt starts by itself; see the attempts for a pattern.' end,
                          interval '0', null);
end $$;

-- Rescues one operation whose lease has run out. Any process may call it; there is no leader.
create function operation_rescue(out o_id uuid, out o_state text)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  c record;
begin
  for c in select resource_id, operation_id, fence, worker from lease
            where operation_id is not null and lease_expires_at < clock_timestamp()
            order by lease_expires_at limit 20 loop
    o_state := lease_take_back(c.resource_id, c.operation_id, c.fence, 'rescued',
                               'the lease of worker ' || c.worker || ' ran out', true);
    if o_state is not null then
      o_id := c.operation_id;
      return;
    end if;
  end loop;
end $$;

-- Frees what workers that are known to be dead still hold (a restart after a crash).
-- Also what was claimed for a living worker whose answer was lost: then it is given back (interrupted).
create function operation_release(p_workers text[], p_outcome text) returns integer
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  c record;
  v_count integer := 0;
begin
  for c in select resource_id, operation_id, fence, worker from lease
            where operation_id is not null and worker = any (p_workers) loop
    if lease_take_back(c.resource_id, c.operation_id, c.fence, p_outcome,
                       case when p_outcome = 'rescued' then 'worker ' || c.worker || ' died' end, false) is not null then
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end $$;

-- Switches a resource on or off. Off: what waits ends as disabled, what runs is asked to stop.
create function resource_switch(p_resource_id bigint, p_is_enabled boolean)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  perform 1 from resource where id = p_resource_id for no key update;
  if not found then
    raise exception 'unknown resource %', p_resource_id using errcode = 'DV003';
  end if;
  update resource set is_enabled = p_is_enabled where id = p_resource_id and is_enabled <> p_is_enabled;
  if p_is_enabled then return; end if;
  update operation set state = 'disabled', finished_at = clock_timestamp()
   where resource_id = p_resource_id and state in ('received', 'verified', 'held');
  update operation
     set cancel_requested_at = clock_timestamp(), cancel_requested_by = null, cancel_reason = 'switched off'
   where resource_id = p_resource_id and state in ('scheduled', 'processing');
end $$;

-- A waiting operation ends now; a running one is asked and sees it at its next heartbeat, step or
-- commit; with p_is_forced its lease is taken away unless it is committing right now.
-- Returns the state afterwards; 'conflict' when it had already ended.
create function operation_cancel(p_operation_id uuid, p_is_forced boolean, p_reason text)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  o operation;
  l lease;
  s text;
begin
  if p_is_forced then
    select l2.* into l from lease l2 join operation o2 on o2.resource_id = l2.resource_id
     where o2.id = p_operation_id and l2.operation_id = p_operation_id for update of l2 skip locked;
  end if;
  perform 1 from resource r join operation o2 on o2.resource_id = r.id
    where o2.id = p_operation_id for no key update of r;
  select * into o from operation where id = p_operation_id for no key update;
  if not found then raise exception 'unknown operation %', p_operation_id using errcode = 'DV003'; end if;
  if o.finished_at is not null then return 'conflict'; end if;
  if o.state in ('received', 'verified', 'held') then
    update operation set state = 'cancelled', finished_at = clock_timestamp(), cancel_reason = p_reason
     where id = p_operation_id;
    return 'cancelled';
  end if;
  update operation
     set cancel_requested_at = clock_timestamp(), cancel_requested_by = null, cancel_reason = p_reason
   where id = p_operation_id;
  if l.resource_id is not null and l.operation_id = p_operation_id then
    update lease set operation_id = null, worker = null, lease_expires_at = null, fence = fence + 1
     where resource_id = l.resource_id;
    s := operation_settle(p_operation_id, l.fence, 'cancelled', null, null, null, null, null, null);
    return s;
  end if;
  return o.state;
end $$;

-- Opens an ended operation again as its next attempt. One that is older than what is done or under
-- way ends as dropped, unless p_is_forced. Returns the state; 'conflict' when it has not ended.
create function operation_replay(
  p_operation_id uuid, p_is_forced boolean, p_from_start boolean, p_extra_attempts integer,
  p_requested_by text, p_reason text, out o_state text, out o_pointer uuid)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  o operation;
  r resource;
  v_event_id text;
begin
  select r2.* into r from resource r2 join operation o2 on o2.resource_id = r2.id
   where o2.id = p_operation_id for no key update of r2;
  select * into o from operation where id = p_operation_id for no key update;
  if not found then raise exception 'unknown operation %', p_operation_id using errcode = 'DV003'; end if;
  if o.finished_at is null then
    o_state := 'conflict';
    return;
  end if;
  if not r.is_enabled then
    o_state := 'disabled';
    return;
  end if;
  if not p_is_forced then
    select id into o_pointer from operation n
     where n.resource_id = o.resource_id and n.arrival > o.arrival
       and (n.state in ('verified', 'held', 'scheduled', 'processing')
            or (n.state = 'completed' and n.id = r.completed_operation_id and not p_from_start
                and o.fetched_revision is distinct from r.completed_revision
                and o.fetched_revision is not null))
     order by n.arrival desc limit 1;
  end if;
  -- Two duplicates of one event cannot both carry its name.
  v_event_id := o.event_id;
  if o.state = 'duplicate' and exists (
       select 1 from operation n where n.resource_id = o.resource_id and n.event_id = o.event_id
          and n.state <> 'duplicate') then
    v_event_id := null;
  end if;
  if o_pointer is null then
    -- What still waits or runs is older, or a person says that this one goes over it.
    update operation set state = 'cancelled', cancelled_by = o.id, finished_at = clock_timestamp(),
                         cancel_reason = 'superseded by a replay'
     where resource_id = o.resource_id and state in ('received', 'verified', 'held');
    update operation set cancel_requested_at = clock_timestamp(), cancel_requested_by = o.id
     where resource_id = o.resource_id and state in ('scheduled', 'processing')
       and (cancel_requested_at is null or cancel_requested_by is not null);
  end if;
  update operation
     set state = 'verified', replays = replays + 1, finished_at = null, cancelled_by = null,
         cancel_reason = null, cancel_requested_at = null, cancel_requested_by = null, duplicate_of = null,
         dropped_for = null, crashes = 0, is_forced = p_is_forced, is_approved = false, is_interruptible = true,
         max_attempts = attempt + greatest(p_extra_attempts, 1),
         step = case when p_from_start then null else step end,
         fetched_revision = case when p_from_start then null else fetched_revision end,
         error_code = null, error_text = null, error_hint = null,
         run_at = clock_timestamp(), waiting_since = clock_timestamp(), event_id = v_event_id,
         requested_by = coalesce(p_requested_by, requested_by), reason = coalesce(p_reason, reason)
   where id = p_operation_id and o_pointer is null;
  if o_pointer is not null then
    -- Through verified in one statement would collide with the operation that waits.
    update operation
       set state = 'dropped', dropped_for = o_pointer, duplicate_of = null, cancelled_by = null,
           cancel_requested_at = null, cancel_requested_by = null, cancel_reason = null,
           replays = replays + 1, finished_at = clock_timestamp(), event_id = v_event_id,
           reason = coalesce(p_reason, reason)
     where id = p_operation_id;
    o_state := 'dropped';
    return;
  end if;
  if p_is_forced then
    update operation set arrival = default where id = p_operation_id;
  end if;
  update resource set newest_operation_id = p_operation_id where id = o.resource_id;
  o_state := 'verified';
end $$;

-- Lets a held operation go on; the guard does not ask again for the revision it was held at.
create function operation_approve(p_operation_id uuid, p_requested_by text, p_reason text)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  s text;
begin
  perform 1 from resource r join operation o on o.resource_id = r.id
    where o.id = p_operation_id for no key update of r;
  update operation
     set state = 'verified', is_approved = true, run_at = clock_timestamp(), error_code = null,
         -- Being held was no failure: whatever attempt it was, a few follow.
         max_attempts = greatest(max_attempts, attempt + 3),
         error_text = null, error_hint = null,
         requested_by = coalesce(p_requested_by, requested_by), reason = coalesce(p_reason, reason)
   where id = p_operation_id and state = 'held';
  if found then return 'verified'; end if;
  select state into s from operation where id = p_operation_id;
  if s is null then raise exception 'unknown operation %', p_operation_id using errcode = 'DV003'; end if;
  return 'conflict';
end $$;

-- ------------------------------------------------------------------ blogs

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
comment on column blog.branch is 'The branch the operator fixed; null: devy.toml''s, else the repository''s default branch.';
comment on column blog.is_connected is 'False: frozen; its posts stay, its uploads end as disabled.';
comment on column blog.settings is 'devy.toml as of head_commit.';
comment on column blog.head_commit is 'The commit whose files the posts are; null before the first upload.';
comment on column blog.head_origin is 'Digest of what else decided the posts (renderer version, devy.toml keys).';
comment on column blog.link_digest is 'Digest of all that the posts'' links depend on (paths and slugs, other files); null: the next upload looks at every post''s links.';
comment on column blog.pinned_commit is 'A forced replay rolled the blog back to this commit; reconcile leaves it there until the next push.';
create unique index blog_one_per_repository on blog (repository_id) where is_connected;
create index blog_resource on blog (resource_id);
create index blog_repository on blog (repository_id);

create function blog_limit() returns trigger language plpgsql set search_path = devy, pg_temp as $$
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
create trigger blog_limit before insert or update of is_connected, account_id on blog
  for each row execute function blog_limit();

create table upkeep (
  blog_id       uuid primary key references blog on delete cascade,
  reconcile_at  timestamptz,
  reconciled_at timestamptz,
  failures      integer not null default 0,
  gone_since    timestamptz,
  error         text,
  verify_at     timestamptz,
  verified_at   timestamptz,
  drift         integer not null default 0
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        autovacuum_vacuum_cost_delay = 0);
comment on table upkeep is 'When a blog is compared with its remote again, and what came of the last time. Narrow, apart from the blog: these rows change all day.';
comment on column upkeep.reconcile_at is 'Whichever daemon takes it first moves it ahead; null while the blog is disconnected.';
comment on column upkeep.failures is 'In a row; each doubles the time to the next.';
comment on column upkeep.gone_since is 'Since when the remote says that the repository is not there, or not for us.';
comment on column upkeep.error is 'Of the last time it was asked; null: it answered.';
comment on column upkeep.drift is 'Paths that were not as in the tree when it was verified last.';
create index upkeep_reconcile on upkeep (reconcile_at) where reconcile_at is not null;
create index upkeep_verify on upkeep (verify_at) where verify_at is not null;

-- Whoever connects a blog pushes to it or triggers it next; one that neither happens to is found.
create function blog_upkeep() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  insert into upkeep as k (blog_id, reconcile_at, verify_at)
  values (new.id,
          case when new.is_connected then clock_timestamp() + (60 + 30 * random()) * interval '1 second' end,
          case when new.is_connected then clock_timestamp() + (0.5 + 0.5 * random()) * interval '1 day' end)
  on conflict (blog_id) do update
    set reconcile_at = excluded.reconcile_at, verify_at = excluded.verify_at, failures = 0,
        gone_since = null, error = null;
  return null;
end $$;
create trigger blog_upkeep after insert or update of is_connected on blog
  for each row execute function blog_upkeep();

-- ------------------------------------------------------------------ deliveries, uploads

create table delivery (
  guid          uuid primary key,
  received_at   timestamptz not null default clock_timestamp(),
  event         text not null,
  action        text,
  github_id     bigint,
  sender        inet,
  headers       jsonb not null default '{}',
  body          bytea compression lz4,
  verdict       text not null check (verdict in ('accepted', 'ignored', 'rejected')),
  verdict_reason text
);
comment on table delivery is 'One webhook request as received and rightly signed. Kept for reference; the body goes before the row.';
comment on column delivery.headers is 'Those that GitHub sends; and `signer`, which secret fitted.';
comment on column delivery.github_id is 'The repository the payload speaks of.';
comment on column delivery.verdict is 'accepted: made or matched an upload · ignored: stored only · rejected: refused by a rule';
create index delivery_received on delivery (received_at desc);

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
  warnings         jsonb not null default '[]'
);
comment on table upload is 'What an operation of kind upload adds: which blog, which commits, what it changed.';
comment on column upload.ref is 'The branch that was asked for, if any.';
comment on column upload.requested_commit is 'Publish exactly this commit; null: the branch''s tip at claim time.';
comment on column upload.commit is 'What was fetched; a replay goes on with it.';
comment on column upload.from_commit is 'The blog''s head that the changeset starts from.';
comment on column upload.warnings is 'The first of them: [{path, line, column, message}].';
create index upload_blog on upload (blog_id);
create index upload_delivery on upload (delivery_guid) where delivery_guid is not null;

-- Takes deliveries in: their rows, and, where one is a push to a branch that a blog publishes, the upload.
-- One statement, so one transaction and one round trip for all that came together: their 2xx wait for
-- nothing else. p_upload_id null: no upload, whatever it says. A GUID that is known changes nothing.
--
-- Nobody waits for another's lock on a resource: such a delivery comes back as busy, nothing of it stored,
-- to be brought alone with p_is_patient, which waits. Rows of deliveries are written by GUID and the
-- others' by repository, so two calls wait for each other in one order; uploads keep the order given.
create function deliveries_record(
  p_guid uuid[], p_event text[], p_action text[], p_github_id bigint[], p_sender inet[], p_headers jsonb[],
  p_body bytea[], p_verdict text[], p_reason text[], p_upload_id uuid[], p_branch text[],
  p_default_branch text[], p_url text[], p_owner text[], p_name text[], p_is_private boolean[],
  p_installation bigint[], p_event_at timestamptz[], p_revision text[], p_renderer integer,
  p_max_attempts integer, p_is_patient boolean)
returns table (o_place bigint, o_is_busy boolean, o_is_new boolean, o_verdict text, o_reason text,
               o_upload_id uuid, o_state text)
language plpgsql set search_path = devy, pg_temp
-- As in operation_claim: the tables' statistics may be anything.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
  d record;
  v_ingested record;
begin
  if p_is_patient then
    perform 1 from repository r join blog b on b.repository_id = r.id join resource s on s.id = b.resource_id
     where r.github_id = any (p_github_id) or (r.github_id is null and r.url = any (p_url))
     order by s.id for no key update of s;
  end if;
  for d in
    with given as materialized (
      select n.*, r.id as repository_id, r.url as repository_url, r.github_id as known_id, b.id as blog_id,
             b.branch as blog_branch, b.resource_id, v.verdict as judged, v.reason as judged_reason,
             v.verdict = 'accepted' and b.id is not null and l.is_free is null as is_busy,
             -- What the push tells of its repository, and we do not know yet.
             r.id is not null and n.owner is not null and
               (r.default_branch, r.owner, r.name, r.is_private, r.installation, r.hook_lost_at)
                 is distinct from
               (coalesce(n.default_branch, r.default_branch), n.owner, coalesce(n.name, r.name),
                coalesce(n.is_private, r.is_private), coalesce(n.installation, r.installation),
                null::timestamptz) as is_news
        from unnest(p_guid, p_event, p_action, p_github_id, p_sender, p_headers, p_verdict, p_reason,
                    p_upload_id, p_branch, p_default_branch, p_url, p_owner, p_name, p_is_private,
                    p_installation, p_event_at, p_revision)
             with ordinality as n (guid, event, action, github_id, sender, headers, verdict, reason,
                    upload_id, branch, default_branch, url, owner, name, is_private,
                    installation, event_at, revision, place)
        left join repository k on k.github_id = n.github_id
        left join lateral (
          select u.id from repository u
           where k.id is null and n.github_id is not null and u.url = n.url and u.github_id is null
           order by u.updated_at desc limit 1) u on true
        left join repository r on r.id = coalesce(k.id, u.id)
        -- A blog that is connected no more still says why nothing happened: its upload ends as disabled.
        left join lateral (
          select c.* from blog c
           where n.upload_id is not null and c.repository_id = r.id
           order by c.is_connected desc, c.created_at desc limit 1) b on true
       cross join lateral (
          select case when n.upload_id is null then null
                      when b.id is null then 'no blog'
                      -- devy.toml may name a branch; the default branch counts too then, for it holds
                      -- that devy.toml.
                      when n.branch is distinct from b.branch and (b.branch is not null
                           or n.branch not in (coalesce(b.settings->>'branch', ''),
                                               coalesce(n.default_branch, r.default_branch, '')))
                      then 'another branch' end as obstacle) o
       cross join lateral (
          select case when o.obstacle is null then n.verdict else 'ignored' end as verdict,
                 coalesce(o.obstacle, n.reason) as reason) v
        left join lateral (
          select true as is_free from resource s
           where s.id = b.resource_id and v.verdict = 'accepted'
             for no key update skip locked) l on true),
    turns as materialized (
      select g.guid, g.place, row_number() over (partition by g.guid order by g.place) as turn
        from given g where not g.is_busy),
    stored as (
      insert into delivery (guid, event, action, github_id, sender, headers, body, verdict, verdict_reason)
      select g.guid, g.event, g.action, g.github_id, g.sender, g.headers, p_body[g.place], g.judged,
             g.judged_reason
        from given g
       where not g.is_busy
       order by g.guid, g.place
      on conflict (guid) do nothing
      returning delivery.guid)
    select g.*, coalesce(t.turn = 1 and s.guid is not null, false) as is_new
      from given g
      left join turns t on t.place = g.place
      left join stored s on s.guid = g.guid
     order by g.github_id, g.place
  loop
    o_place := d.place;
    o_is_busy := d.is_busy;
    o_is_new := d.is_new;
    o_verdict := d.judged;
    o_reason := d.judged_reason;
    o_upload_id := null;
    o_state := null;
    if d.is_new and d.repository_id is not null then
      if d.known_id is null then
        -- One that was connected by its address alone learns its identity.
        update repository set github_id = d.github_id where id = d.repository_id and github_id is null;
      end if;
      if d.is_news then
        update repository
           set default_branch = coalesce(d.default_branch, default_branch),
               owner = d.owner, name = coalesce(d.name, name),
               is_private = coalesce(d.is_private, is_private),
               installation = coalesce(d.installation, installation),
               hook_lost_at = null, updated_at = clock_timestamp()
         where id = d.repository_id;
      end if;
      if d.blog_id is not null and d.judged = 'accepted' then
        select * into v_ingested from operation_ingest(
          d.upload_id, d.resource_id, 'upload', 'webhook', d.guid::text, d.event_at, d.revision,
          -- As variant_of() in core/store/upload_store.cpp has it.
          'blog=' || d.blog_id || ' renderer=' || p_renderer || coalesce(' branch=' || d.blog_branch, ''),
          false, 100::smallint, p_max_attempts, null, 'github', null);
        insert into upload (operation_id, blog_id, delivery_guid, repository_url)
        values (v_ingested.o_id, d.blog_id, d.guid, d.repository_url);
        o_upload_id := v_ingested.o_id;
        o_state := v_ingested.o_state;
      end if;
    elsif not d.is_new and not d.is_busy then
      select k.verdict, k.verdict_reason, o.id, o.state into o_verdict, o_reason, o_upload_id, o_state
        from delivery k left join upload u on u.delivery_guid = k.guid
        left join operation o on o.id = u.operation_id
       where k.guid = d.guid limit 1;
    end if;
    return next;
  end loop;
end $$;
comment on function deliveries_record is 'Deliveries with all that must be committed before their 2xx.';

create view upload_status as
  select o.id, o.state, o.step, a.username || '/' || b.slug as blog, u.blog_id, u.repository_url,
         o.source, u.ref, u.requested_commit, u.commit, u.from_commit, o.attempt, o.max_attempts,
         o.priority, o.replays, o.created_at, o.run_at, o.started_at, o.finished_at,
         case when o.started_at is not null then
           (extract(epoch from coalesce(o.finished_at, clock_timestamp()) - o.started_at) * 1000)::bigint
         end as duration_ms,
         l.worker, l.lease_expires_at, u.created, u.updated, u.renamed, u.deleted, u.unchanged,
         u.file_errors, o.error_code, o.error_text, o.error_hint, o.cancelled_by, o.cancel_reason,
         o.duplicate_of, o.dropped_for, u.delivery_guid, o.requested_by, o.reason,
         o.cancel_requested_at is not null as is_cancel_requested, u.warnings, o.resource_id,
         o.arrival
  from operation o
  join upload u on u.operation_id = o.id
  join blog b on b.id = u.blog_id
  join account a on a.id = b.account_id
  left join lease l on l.resource_id = o.resource_id and l.operation_id = o.id;
comment on view upload_status is 'An upload as operators see it: its operation, its own columns, its blog''s address, its lease.';

-- ------------------------------------------------------------------ what GitHub is told and asked

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
comment on table commit_status is 'A commit whose status at GitHub follows an upload. A row is begun where the worker''s configuration says so, and from then on follows however the upload ends.';
comment on column commit_status.operation_id is 'The newest upload that spoke of the commit: what it is now is what is sent.';
comment on column commit_status.wanted is 'Grows with each change worth telling; whoever sends reads the upload as it is then, so several changes are one request.';
comment on column commit_status.sent is 'The `wanted` that GitHub knows, or that it refused for good.';
comment on column commit_status.error is 'Why GitHub refused the last one.';
create index commit_status_upload on commit_status (operation_id);
create index commit_status_unsent on commit_status (repository_id) where sent < wanted;

create table api_pause (
  name       text primary key,
  not_before timestamptz not null,
  failures   integer not null default 0,
  reason     text not null
);
comment on table api_pause is 'Until when GitHub''s API is not to be asked: a rate limit, or it is away. Shared by all daemons.';
comment on column api_pause.name is 'api: all of it · app, token, installation/<id>: what that credential may ask.';
comment on column api_pause.failures is 'In a row; each doubles the pause.';

-- Sees to it that an outbound operation waits which sends what a repository's commits want to say:
-- one resource a repository, so that their number is bounded. Lock order: an upload's resource and
-- operation before a status's.
create function commit_status_wake(p_repository_id uuid, p_source text)
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
  -- Locked, so that nobody claims the one that waits before what it is to send is committed.
  perform 1 from operation
    where resource_id = v_resource and state in ('received', 'verified', 'held') for no key update;
  if found then return; end if;
  perform operation_ingest(gen_random_uuid(), v_resource, 'github_status', p_source, null, null, null,
                           '', false, 100::smallint, 12, null, null, null, 'outbound');
end $$;

-- A commit that an upload speaks of from now on. Another attempt of the same upload changes nothing.
create function commit_status_begin(p_operation_id uuid, p_commit text)
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

-- However an upload ends, in the same transaction. Telling must not make it fail: what cannot be
-- enqueued now stays wanted, and commit_status_sweep finds it.
create function commit_status_follow() returns trigger language plpgsql set search_path = devy, pg_temp
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
create trigger commit_status_follow after update of state on operation for each row
  when (new.kind = 'upload' and old.state is distinct from new.state
        and (new.finished_at is not null or new.state = 'held'))
  execute function commit_status_follow();

-- Enqueues what wants to be sent and has no operation that would: how many repositories.
create function commit_status_sweep(p_limit integer) returns integer
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

create table hook (
  key           text primary key,
  repository_id uuid unique references repository on delete cascade,
  hook_id       bigint,
  seen_id       bigint not null default 0,
  etag          text not null default '',
  look_at       timestamptz not null default clock_timestamp(),
  looked_at     timestamptz,
  failures      integer not null default 0,
  error         text,
  constraint hook_identity check (key = coalesce(repository_id::text, 'app'))
) with (fillfactor = 50);
comment on table hook is 'What GitHub is asked about the deliveries it tried: the App''s hook, or with a token each repository''s own.';
comment on column hook.hook_id is 'GitHub''s; null until it was looked up, and for the App.';
comment on column hook.seen_id is 'GitHub''s id of the newest delivery that was looked at: the next look ends there.';
comment on column hook.etag is 'Of the newest page: as long as it is the same, asking costs nothing.';
comment on column hook.look_at is 'Whichever daemon takes it first moves it ahead.';
create index hook_due on hook (look_at);

create table missed_delivery (
  guid     uuid primary key,
  hook     text not null references hook on delete cascade,
  event    text not null,
  found_at timestamptz not null default clock_timestamp(),
  asked    integer not null default 0,
  asked_at timestamptz
);
comment on table missed_delivery is 'A delivery that GitHub tried and nobody here took. Kept as long as GitHub could be asked for it.';
comment on column missed_delivery.asked is 'How often something was done about it; more than a few times nothing is.';
create index missed_delivery_found on missed_delivery (found_at);

create table changeset (
  operation_id uuid primary key references upload on delete cascade,
  from_commit  text,
  to_commit    text not null,
  origin       text not null,
  unchanged    integer not null,
  changes      jsonb compression lz4 not null,
  made_at      timestamptz not null default clock_timestamp()
);
comment on table changeset is 'What an upload is about to change: one row, so that a replay starts from it and inspect shows it.';
comment on column changeset.changes is '[[op, path, blob, from]]: op is c(reated), u(pdated), r(enamed) or d(eleted); from only for r.';

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
  constraint post_preview_token check (is_draft = (preview_token is not null)),
  -- Deferred: two posts of one changeset may swap paths or slugs.
  constraint post_path unique (blog_id, path) deferrable initially deferred,
  constraint post_slug unique (blog_id, slug) deferrable initially deferred
) with (fillfactor = 90);
comment on table post is 'One Markdown file of a blog at its head. The row goes when the file goes.';
comment on column post.published_at is 'Front matter, else the file name''s date, else the commit''s date; the post is not visible before.';
comment on column post.published_on is 'The day, where the author wrote no time: the post shows that day everywhere, and published_at is its beginning in the blog''s time zone.';
comment on column post.revised_at is 'The front matter''s `updated`.';
comment on column post.revised_on is 'As published_on.';
comment on column post.expires_at is 'Not visible from then on; of a day without a time, its beginning.';
comment on column post.preview_token is 'A draft''s secret address: 128 random bits, the same as long as the post is a draft, and gone once it is none.';
comment on column post.word_count is 'Of the text; core/markdown/word_count.hpp has the rule, and the reading time that follows.';
comment on column post.cover is 'A web address, or the URL of the asset that the front matter''s path is; null when that is not there.';
comment on column post.html is 'As readers get it: links to files of the repository are root-relative URLs (core/blog/address.hpp), or gone where they lead nowhere.';
comment on column post.links is
  'The places in html that name files of the repository, and what they resolved to: enough to resolve them anew without the file. '
  '{links: [[offset, page|file, path, line, column, url]], taken_out: [[offset, attribute]], cover: [path, url]}; offsets in bytes of the '
  'html without these URLs, url is null where the link leads nowhere. Null: the post has no such links. When only they change, version stays.';
comment on column post.blob is 'The git blob this version was rendered from. A file with an error keeps its last good one.';
comment on column post.commit is 'The commit whose upload wrote this version.';
comment on column post.origin is 'Digest of what else decided the rendering; see snapshot::Entry.';
comment on column post.version is 'Grows by one with each change.';

create view visible_post as
  select * from post
   where not is_draft and published_at <= now() and (expires_at is null or expires_at > now());
comment on view visible_post is 'What readers may see now: drafts and posts of the future are stored, not shown.';

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
comment on table revision is 'History of posts, deleted ones too; the text of a version is in git under its blob.';
create index revision_blog on revision (blog_id, slug);

create table redirect (
  blog_id    uuid not null references blog,
  slug       text not null,
  post_id    uuid not null references post on delete cascade,
  is_alias   boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  primary key (blog_id, slug)
);
comment on column redirect.is_alias is 'Only the front matter''s aliases say so: it goes when they no longer do. A former slug stays.';
comment on table redirect is 'Old slugs. They point to a post, not to a slug: a chain of renames is one step. A real page beats a redirect.';
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
comment on table asset is 'A file that posts refer to, stored once by content, whatever blogs it is in.';
comment on column asset.media_type is 'By its bytes, never by its name. SVG may hold script: serve assets with a sandboxing Content-Security-Policy and nosniff (core/publish/media_type.hpp).';
comment on column asset.wanted_at is 'When an upload last meant to refer to it. Contents are stored before the publish, so pruning leaves unused ones alone for a day.';

create table blog_asset (
  blog_id uuid not null references blog,
  path    text not null,
  blob    text not null,
  sha256  bytea not null references asset,
  primary key (blog_id, path)
);
comment on table blog_asset is 'Which of a blog''s files is which asset: those at the head that a post refers to.';
comment on column blog_asset.blob is 'Of the file at the head: the same blob need not be read again.';
create index blog_asset_content on blog_asset (sha256);

create table post_asset (
  post_id uuid not null references post on delete cascade,
  blog_id uuid not null,
  path    text not null,
  primary key (post_id, path),
  foreign key (blog_id, path) references blog_asset
);
comment on table post_asset is 'Which posts show or link which of their blog''s assets.';
create index post_asset_path on post_asset (blog_id, path);
