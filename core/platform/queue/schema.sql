-- The queue: resources, operations, leases, attempts, events. It knows no system: the kinds of
-- operation, and what their own tables hold, belong to the systems.
--
-- A session keeps the plans of a function's statements. A plan made while a table was empty would
-- read the whole table ever after; so plans here never scan a table that has a suitable index. (Our
-- sessions disable jit: the cost that this setting adds to plans would trigger compilation.)

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
  newest_outbound_id     uuid,
  completed_event_by     uuid,
  constraint resource_identity unique (kind, key)
) with (fillfactor = 80);
comment on table resource is 'The thing that operations are serialised on. Its row lock orders ingest; per resource at most one operation runs, and at most one waits in each direction.';
comment on column resource.kind is 'The type of thing that the key names: repository, issue, comment, gist_owner, …';
comment on column resource.owner is 'The owner whose share of the workers its operations use: claim is fair between owners.';
comment on column resource.is_enabled is 'False: every operation that is recorded ends as disabled.';
comment on column resource.paused_until is 'Operations wait until then; infinity until an operator resumes it.';
comment on column resource.newest_operation_id is 'The newest accepted inbound operation, with which a new event is compared.';
comment on column resource.newest_outbound_id is 'The same for outbound operations: the two directions know nothing of each other.';
comment on column resource.completed_operation_id is 'The last completed inbound operation, or an outbound one that heard a later time of the source.';
comment on column resource.completed_event_at is 'The latest time of the source that a completed operation of either direction has heard: an older event is dropped.';
comment on column resource.completed_event_by is 'The operation that heard it.';
comment on column resource.newest_event_at is 'The time of that event by the source''s own clock (GitHub''s), never by ours.';
comment on column resource.completed_revision is 'The revision that the last completed inbound operation actually fetched.';
comment on column resource.completed_variant is 'The settings of that operation (see operation.variant).';
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
comment on table daemon is 'The daemons that work on this database, as each reports itself. For display only: nothing is decided by it.';
comment on column daemon.name is '<host>+<boot>/<pid>.<start time>, as in workers'' names (core/platform/queue/rescue.hpp).';

-- Sets of fixed words are domains, because a session reads a domain's check once, but a column's
-- check again for every statement: these and `attempt.outcome` were a tenth of the queue's work.
-- The lane, whose words are open, is one for its form.
create domain operation_state as text check (value in (
  'received', 'verified', 'scheduled', 'processing', 'held',
  'completed', 'failed', 'cancelled', 'dropped', 'duplicate', 'disabled'));
create domain operation_source as text check (value in ('webhook', 'api', 'operator', 'poll', 'reconcile'));
create domain operation_direction as text check (value in ('inbound', 'outbound'));
create domain operation_lane as text check (value ~ '^[a-z][a-z0-9_]{0,31}(:[A-Za-z0-9._-]{1,255})?$');
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
  event_count         integer not null default 0,
  lane                operation_lane not null default 'work',
  stalled_for         interval,
  stalled_at          timestamptz,
  stalled_steps       text[]
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);
comment on table operation is 'The queue''s entry, whatever its kind. The table of the kind (upload) has the same id.';
comment on column operation.arrival is 'Order of arrival; a forced replay gets a new number.';
comment on column operation.state is
  'received: recorded, its source or target not checked yet · verified: waits for a worker (run_at may lie ahead) · '
  'scheduled: leased to a worker, not begun · processing: the worker runs it, step says where · '
  'held: a guard stopped it, waits for approve · completed: done, or nothing to do · failed: ended by an error · '
  'cancelled: ended by a person or by a newer operation · dropped: something newer is done or under way · '
  'duplicate: already recorded · disabled: its resource is switched off. The last six are terminal; only a replay leaves them.';
comment on column operation.step is 'The step that the kind''s own work has reached; a retry continues from here.';
comment on column operation.is_interruptible is 'False from the step on that a newer operation must not interrupt any more.';
comment on column operation.owner is 'The owner whose share and whose gate count when it is claimed: the resource''s, unless whoever recorded it named another.';
comment on column operation.lane is
  'Which processes claim it: `work` are the workers; any other is a place (`github`, `crm`, `files:<node>`) whose runners wait for '
  'somebody else''s server, so that a slow one delays no worker.';
comment on column operation.direction is
  'inbound: brings news in · outbound: tells others. A new operation supersedes, and is compared with, those of its own direction '
  'only; one of either runs at a time.';
comment on column operation.priority is 'A lower number runs first.';
comment on column operation.crashes is 'Number of leases that expired since the last replay; the third ends it as worker_crashed.';
comment on column operation.is_forced is 'Runs although something newer is done: a rollback.';
comment on column operation.is_approved is 'A person has approved it after a guard held it.';
comment on column operation.waiting_since is 'The time since when its resource has waited for any operation to complete; inherited from those it supersedes.';
comment on column operation.event_at is 'The time of the event by the source''s own clock (but see source_time). It decides which operation is newer.';
comment on column operation.event_id is 'The source''s id of the event (GitHub''s delivery GUID).';
comment on column operation.announced_revision is 'The revision that the trigger reported; only a hint.';
comment on column operation.fetched_revision is 'The revision that the worker actually found; duplicates are detected by it.';
comment on column operation.variant is 'Everything besides the revision that determines the result: the same revision with another variant is not a duplicate.';
comment on column operation.cancel_requested_by is 'The newer operation that asked it to stop; null: a person.';
comment on column operation.cancelled_by is 'The operation that superseded it; null: a person (cancel_reason says who and why).';
comment on column operation.event_count is 'Number of rows in operation_event: keeps seq free of gaps without a scan.';
comment on column operation.stalled_for is
  'The time over which it was claimed and given back without a new step; null: it was not, or has begun a new step since. The time '
  'that it then waits for a worker counts for five minutes at most, so a pause, or daemons that are away, stop this clock.';
comment on column operation.stalled_at is 'When it was given back last in that time.';
comment on column operation.stalled_steps is 'The steps that it has begun since it was given back first: only another one is new.';

create unique index operation_one_waiting on operation (resource_id, direction) where state in ('received', 'verified', 'held');
comment on index operation_one_waiting is 'At most one operation waits per resource and direction: the backlog is bounded by the number of resources.';
create unique index operation_one_running on operation (resource_id) where state in ('scheduled', 'processing');
comment on index operation_one_running is 'Exactly one operation at a time runs per resource.';
create index operation_claim on operation (lane, priority, run_at, arrival) where state = 'verified';
create index operation_claim_owner on operation (lane, priority, owner, direction, run_at, arrival) where state = 'verified';
comment on index operation_claim_owner is 'Claim jumps from owner to owner on it, however many operations each has.';
create unique index operation_event_id on operation (resource_id, event_id, direction) where event_id is not null and state <> 'duplicate';
create unique index operation_idempotency_key on operation (resource_id, idempotency_key) where idempotency_key is not null;
create index operation_history on operation (resource_id, arrival desc);
create index operation_arrival on operation (arrival desc);
create index operation_finished on operation (finished_at, arrival) where finished_at is not null;
comment on index operation_finished is 'What ended when: for counts, and the line in which pruning looks at ended operations.';
create index operation_pointer on operation (coalesce(cancelled_by, duplicate_of, dropped_for))
  where coalesce(cancelled_by, duplicate_of, dropped_for) is not null;
comment on index operation_pointer is 'Which operations point to one: it is not pruned before them. An operation has one pointer at most.';

create table lease (
  resource_id      bigint primary key references resource,
  fence            bigint not null default 0,
  operation_id     uuid,
  owner            text not null default '',
  worker           text,
  lease_expires_at timestamptz,
  lane             text not null default 'work',
  direction        text not null default 'inbound'
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200,
        autovacuum_vacuum_cost_delay = 0);
comment on table lease is 'The worker that runs a resource''s operation now; one narrow row per resource.';
comment on column lease.fence is 'It only increases, by claim and by rescue: a worker with an older fence can change nothing.';
comment on column lease.operation_id is 'Null: the lease is free.';
comment on column lease.owner is 'The owner of the operation, so that fairness reads held leases only; so its lane and direction.';
comment on column lease.lease_expires_at is 'By the database''s clock. It is in no index, so that heartbeats stay heap-only updates.';
create index lease_held on lease (resource_id) where operation_id is not null;

create table owner_gate (
  owner      text not null,
  direction  operation_direction not null,
  not_before timestamptz not null,
  reason     text not null,
  is_serial  boolean not null default false,
  primary key (owner, direction)
) with (fillfactor = 50);
comment on table owner_gate is 'Holds the operations of an owner in one direction back: until a time, as another server''s rate limit demands, or to one at a time.';
comment on column owner_gate.not_before is 'Until then none of them is claimed, by the database''s clock; -infinity: they may run.';
comment on column owner_gate.reason is 'Why, for people: rate limit, hourly budget, …';
comment on column owner_gate.is_serial is 'At most one of them runs at a time, whatever their resources.';
-- What is closed now, of which there is little; a gate that has passed stays in the table.
create index owner_gate_time on owner_gate (not_before);
create index owner_gate_serial on owner_gate (owner) where is_serial;

create table operation_count (
  kind       text not null,
  state      operation_state not null,
  count      bigint not null,
  counted_at timestamptz not null default clock_timestamp(),
  primary key (kind, state)
);
comment on table operation_count is 'A long backlog''s operations, as last counted: counting them takes too long to be done each second. Empty while the backlog is short.';

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
  repeats      integer not null default 0,
  repeated_since timestamptz,
  primary key (operation_id, fence),
  constraint attempt_ended check ((ended_at is null) = (outcome is null))
);
comment on table attempt is 'One try at an operation by one worker, under one fence.';
comment on column attempt.outcome is
  'completed, failed, cancelled, held, dropped: as the operation ended · retry: another attempt follows · '
  'interrupted: given back, does not count · rescued: the lease ran out';
comment on column attempt.repeats is 'Attempts before it, one after another, that were interrupted in the same way: they have no rows, nor events, of their own.';
comment on column attempt.repeated_since is 'When the first of those began; null: there were none.';

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

create or replace function operation_event_append_only() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  raise exception 'operation_event is append-only' using errcode = 'DV002';
end $$;
create or replace trigger operation_event_append_only before update on operation_event
  for each row execute function operation_event_append_only();

-- Pruning deletes an operation with its whole history; its row has been deleted before. One test for
-- all rows of a statement, because pruning deletes thousands.
create or replace function operation_event_deleted() returns trigger language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  -- An operation that is given back again and again takes back the events beyond its count.
  if exists (select from gone g join operation o on o.id = g.operation_id
              where g.seq <= o.event_count) then
    raise exception 'operation_event is append-only' using errcode = 'DV002';
  end if;
  return null;
end $$;
create or replace trigger operation_event_deleted after delete on operation_event
  referencing old table as gone for each statement execute function operation_event_deleted();

-- Attempts and events are written only by the queue's own functions and triggers, from the
-- operation's own row. A foreign key would check that again at each of the five writes of a run,
-- and cost a seventh of the queue's throughput. This trigger does the rest: they are deleted when
-- the operation is.
create or replace function operation_delete_history() returns trigger language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  delete from attempt a using gone g where a.operation_id = g.id;
  delete from operation_event e using gone g where e.operation_id = g.id;
  return null;
end $$;
create or replace trigger operation_delete_history after delete on operation
  referencing old table as gone for each statement execute function operation_delete_history();

-- Allows legal states and transitions only, so that no program and no psql session can break the
-- state machine; and writes the history. It is one trigger, and names contain their schema instead
-- of using a search_path, because both cost time at every transition. Conditions that would be
-- CHECKs elsewhere are tested here, since a session reads a table's CHECKs anew for every
-- statement: five of them were a fifth of the work of a claim and its finish.
create or replace function operation_transition() returns trigger language plpgsql as $$
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
  -- A waiting operation without an attempt left would make every claim fail.
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
  -- What is paused is out of the line: a claim would have to pass over it, each time anew.
  if new.state = 'verified' then
    new.run_at := greatest(new.run_at, (
      select r.paused_until from devy.resource r
       where r.id = new.resource_id and (not r.is_enabled or r.paused_until is not null)));
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
create or replace trigger operation_transition before insert or update of
  state, step, finished_at, duplicate_of, dropped_for, cancelled_by, attempt, max_attempts on operation
  for each row execute function operation_transition();

-- What waits goes out of the line when its resource is paused, and back when it is resumed: to the
-- place that it had, unless it is a retry.
create or replace function resource_pause() returns trigger language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  update operation
     set run_at = case
           when new.paused_until > clock_timestamp() then greatest(run_at, new.paused_until)
           when attempt = 0 then least(waiting_since, clock_timestamp())
           else clock_timestamp() end,
         -- A pause counts as no time in which it was given back in vain.
         stalled_at = case when stalled_at is not null then clock_timestamp() end
   where resource_id = new.id and state = 'verified'
     and (new.paused_until > run_at or run_at = old.paused_until);
  return null;
end $$;
create or replace trigger resource_pause after update of paused_until on resource
  for each row when (new.paused_until is distinct from old.paused_until)
  execute function resource_pause();

-- A time that a source's own clock told, but none that lies further ahead than clocks disagree: it
-- would make everything that the source says until then look old.
create or replace function source_time(p_at timestamptz, p_received_at timestamptz) returns timestamptz
language sql immutable as $$
  select case when p_at is not null then least(p_at, p_received_at + interval '5 minutes') end
$$;
comment on function source_time is 'A source''s time as it is stored and compared: at most five minutes ahead of ours.';

-- Records one operation under its resource's row lock as duplicate, disabled, dropped or verified.
-- A verified one supersedes the waiting one of its direction (keeping its position in the queue)
-- and asks the running one, if it has that direction, to stop. Only the time of the last completed
-- one is compared across directions: what a write of ours has heard, an older event cannot undo.
create or replace function operation_ingest(
  p_id uuid, p_resource_id bigint, p_kind text, p_source text, p_event_id text, p_event_at timestamptz,
  p_revision text, p_variant text, p_is_forced boolean, p_priority smallint, p_max_attempts integer,
  p_idempotency_key text, p_requested_by text, p_reason text, p_owner text default null,
  p_lane text default 'work', p_direction text default 'inbound',
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
  select owner, is_enabled, completed_event_at, completed_event_by,
         case when p_direction = 'inbound' then newest_operation_id else newest_outbound_id end as newest_id
    into r from resource where id = p_resource_id for no key update;
  if not found then
    raise exception 'unknown resource %', p_resource_id using errcode = 'DV003';
  end if;
  v_now := clock_timestamp();
  p_event_at := source_time(p_event_at, v_now);
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
    into newest from operation where id = r.newest_id;

  if p_event_id is not null then
    select id into o_pointer from operation
     where resource_id = p_resource_id and event_id = p_event_id and direction = p_direction
       and state <> 'duplicate';
  end if;
  if o_pointer is not null then
    o_state := 'duplicate';
  elsif not r.is_enabled then
    o_state := 'disabled';
  elsif not p_is_forced and p_event_at < newest.event_at
        and newest.state in ('verified', 'scheduled', 'processing', 'held', 'completed') then
    o_state := 'dropped';
    o_pointer := newest.id;
  elsif not p_is_forced and p_event_at < r.completed_event_at and r.completed_event_by is not null then
    o_state := 'dropped';
    o_pointer := r.completed_event_by;
  elsif not p_is_forced and newest.variant = p_variant and (
          (newest.state = 'verified' and p_revision = newest.announced_revision)
       -- A poll must not replace an operation that a person is asked to approve.
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
  -- The newest one has completed, so nothing older waits or runs.
  if o_state = 'verified' and r.newest_id is not null
     and newest.state is distinct from 'completed' and newest.state is distinct from 'failed' then
    with superseded as (
      update operation
         set state = 'cancelled', cancelled_by = o_id, finished_at = v_now,
             cancel_reason = 'superseded by a newer ' || p_kind
       where resource_id = p_resource_id and direction = p_direction
         and state in ('received', 'verified', 'held')
      returning run_at, attempt, waiting_since, priority)
    select least(v_run_at, min(run_at) filter (where attempt = 0)),
           least(v_waiting_since, min(waiting_since)),
           least(v_priority, min(priority))
      into v_run_at, v_waiting_since, v_priority from superseded;
    update operation set cancel_requested_at = v_now, cancel_requested_by = o_id
     where resource_id = p_resource_id and direction = p_direction
       and state in ('scheduled', 'processing')
       and (cancel_requested_at is null or cancel_requested_by is not null);
  end if;

  insert into operation (
    id, kind, resource_id, owner, state, direction, source, priority, max_attempts, is_forced, created_at, run_at,
    waiting_since, finished_at, event_at, event_id, idempotency_key, announced_revision, variant,
    duplicate_of, dropped_for, requested_by, reason, lane)
  values (
    o_id, p_kind, p_resource_id, coalesce(p_owner, r.owner), o_state, p_direction, p_source, v_priority, p_max_attempts, p_is_forced, v_now,
    v_run_at, v_waiting_since, case when o_state <> 'verified' then v_now end, p_event_at, p_event_id,
    p_idempotency_key, p_revision, p_variant,
    case when o_state = 'duplicate' then o_pointer end, case when o_state = 'dropped' then o_pointer end,
    p_requested_by, p_reason, p_lane);
  if o_state = 'verified' and p_direction = 'inbound' then
    update resource set newest_operation_id = o_id, newest_event_at = greatest(newest_event_at, p_event_at)
     where id = p_resource_id;
  elsif o_state = 'verified' then
    update resource set newest_outbound_id = o_id where id = p_resource_id;
  end if;
end $$;
comment on function operation_ingest is 'Rule 1 of the queue: record, supersede, drop, mark duplicate, atomically.';

-- Records many operations, in the order given, each exactly as operation_ingest does by itself: one
-- statement and one round trip for everything that arrived together. It finds or makes their
-- resources by (kind, key); a null owner is the resource's, and a resource that is made gets the
-- first owner given.
--
-- With p_waits_for_locks it locks all resources in the order of their ids and waits for other
-- sessions. Without it waits for none (for a millisecond at most, where another session is making
-- the same resource): such an entry is returned as busy and nothing of it is recorded; the caller
-- passes it again, with p_waits_for_locks. It is linear in the number of entries.
create or replace function operations_ingest(
  p_id uuid[], p_kind text[], p_resource_kind text[], p_key text[], p_owner text[], p_event_id text[],
  p_event_at timestamptz[], p_revision text[], p_variant text[], p_lane text[], p_direction text[],
  p_priority smallint[], p_max_attempts integer[], p_source text, p_waits_for_locks boolean default true,
  p_is_forced boolean[] default null, p_idempotency_key text[] default null,
  p_requested_by text default null, p_reason text default null)
returns table (o_place bigint, o_is_busy boolean, o_id uuid, o_state text, o_pointer uuid, o_is_new boolean)
language plpgsql set search_path = devy, pg_temp
-- As in operation_claim, plans must not depend on the tables' statistics.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
  v_lock_timeout text := current_setting('lock_timeout');
  v_resource bigint[];
  v_is_free boolean[];
  e record;
  v_ingested record;
begin
  if exists (select 1 from unnest(p_resource_kind, p_key) as n (kind, key)
              where not exists (select 1 from resource r where r.kind = n.kind and r.key = n.key)) then
    begin
      if not p_waits_for_locks then perform set_config('lock_timeout', '1ms', true); end if;
      insert into resource (kind, key, owner)
      select n.kind, n.key, coalesce((array_agg(n.owner order by n.place) filter (where n.owner is not null))[1], '')
        from unnest(p_resource_kind, p_key, p_owner) with ordinality as n (kind, key, owner, place)
       where not exists (select 1 from resource r where r.kind = n.kind and r.key = n.key)
       group by n.kind, n.key
       order by n.kind, n.key
          on conflict do nothing;
      perform set_config('lock_timeout', v_lock_timeout, true);
    exception when lock_not_available then
      -- Their entries find no resource below: they are busy. The setting is rolled back, too.
      if p_waits_for_locks then raise; end if;
    end;
  end if;
  if p_waits_for_locks then
    perform 1 from unnest(p_resource_kind, p_key) as n (kind, key)
      join resource s on s.kind = n.kind and s.key = n.key
     order by s.id for no key update of s;
  end if;
  -- All rows are locked, and the answers kept, before the first is used: a row that this transaction
  -- has changed meanwhile would look like a locked one.
  select array_agg(coalesce(found.id, 0) order by found.place),
         array_agg(found.is_free order by found.place)
    into v_resource, v_is_free
    from (select n.place, r.id, coalesce(l.is_free, false) as is_free
            from unnest(p_resource_kind, p_key) with ordinality as n (kind, key, place)
            left join resource r on r.kind = n.kind and r.key = n.key
            left join lateral (
              select true as is_free from resource s where s.id = r.id for no key update skip locked) l
              on true) found;
  for e in
    select * from unnest(p_id, p_kind, p_owner, p_event_id, p_event_at, p_revision, p_variant,
                         p_lane, p_direction, p_priority, p_max_attempts, p_is_forced, p_idempotency_key)
           with ordinality as n (id, kind, owner, event_id, event_at, revision, variant,
                  lane, direction, priority, max_attempts, is_forced, idempotency_key, place)
     order by n.place
  loop
    o_place := e.place;
    o_is_busy := not v_is_free[e.place];
    o_id := e.id;
    o_state := null;
    o_pointer := null;
    o_is_new := false;
    if not o_is_busy then
      select * into v_ingested from operation_ingest(
        e.id, v_resource[e.place], e.kind, p_source, e.event_id, e.event_at, e.revision, coalesce(e.variant, ''),
        coalesce(e.is_forced, false), coalesce(e.priority, 100::smallint), coalesce(e.max_attempts, 12),
        e.idempotency_key, p_requested_by, p_reason, e.owner, coalesce(e.lane, 'work'),
        coalesce(e.direction, 'inbound'));
      o_id := v_ingested.o_id;
      o_state := v_ingested.o_state;
      o_pointer := v_ingested.o_pointer;
      o_is_new := v_ingested.o_is_new;
    end if;
    return next;
  end loop;
end $$;
comment on function operations_ingest is 'operation_ingest for many operations at once; it can pass over those whose resource another session has locked.';

-- Holds an owner's operations of one direction back until p_not_before, or lets them run one at a
-- time only. A later time is kept: two limits hold until both have passed. A null p_is_serial leaves
-- that as it is.
create or replace function owner_gate_set(
  p_owner text, p_direction text, p_not_before timestamptz, p_reason text, p_is_serial boolean default null)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  insert into owner_gate as g (owner, direction, not_before, reason, is_serial)
  values (p_owner, p_direction, p_not_before, p_reason, coalesce(p_is_serial, false))
  on conflict (owner, direction) do update
    set not_before = greatest(g.not_before, excluded.not_before),
        reason = case when excluded.not_before >= g.not_before then excluded.reason else g.reason end,
        is_serial = coalesce(p_is_serial, g.is_serial);
end $$;

-- Lets them run at once. A serial owner stays serial.
create or replace function owner_gate_lift(p_owner text, p_direction text)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  update owner_gate set not_before = '-infinity' where owner = p_owner and direction = p_direction and is_serial;
  delete from owner_gate where owner = p_owner and direction = p_direction and not is_serial;
end $$;

-- The first operation of one priority that may run, found by going from owner to owner, whatever each
-- one has waiting: the first of the first ones of the next few owners. Their order is that of their
-- names, from p_after_owner on and then from the beginning, so that each comes round. It locks
-- nothing.
create or replace function operation_find_by_owner(
  p_lane text, p_priority smallint, p_kinds text[], p_busy text[], p_missed uuid[], p_after_owner text,
  out o_id uuid, out o_owner text, out o_direction text, out o_is_serial boolean)
language plpgsql stable set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  -- Owners whose first operations are compared.
  c_owners_max constant integer := 8;
  v_after text := coalesce(p_after_owner, '');
  -- The empty name is an owner, too: no direction sorts before ''.
  v_after_direction text := case when p_after_owner is null then '' else 'outbound' end;
  v_last text;
begin
  loop
    with recursive line as (
      (select o.owner, o.direction
         from operation o
        where o.state = 'verified' and o.lane = p_lane and o.priority = p_priority
          and (o.owner, o.direction) > (v_after, v_after_direction)
        order by o.owner, o.direction
        limit 1)
      union all
      select n.owner, n.direction
        from line p
       cross join lateral (
          select o.owner, o.direction
            from operation o
           where o.state = 'verified' and o.lane = p_lane and o.priority = p_priority
             and (o.owner, o.direction) > (p.owner, p.direction)
           order by o.owner, o.direction
           limit 1) n
       where v_last is null or n.owner <= v_last
    )
    select h.id, h.owner, h.direction, h.is_serial into o_id, o_owner, o_direction, o_is_serial
      from (select f.id, n.owner, n.direction, coalesce(n.is_serial, false) as is_serial, f.run_at, f.arrival
              from (select p.owner, p.direction, g.is_serial
                      from line p
                      left join owner_gate g on g.owner = p.owner and g.direction = p.direction
                     where p.owner <> all (p_busy)
                       and (g.owner is null
                            or (g.not_before <= now()
                                and not (g.is_serial and exists (
                                      select 1 from lease l
                                       where l.operation_id is not null and l.owner = p.owner
                                         and l.direction = p.direction))))
                    -- Keeps the search below from looking at what a gate holds back.
                    offset 0) n
             cross join lateral (
                select o.id, o.run_at, o.arrival
                  from operation o
                 where o.state = 'verified'
                   and o.lane = p_lane
                   and o.priority = p_priority
                   and o.owner = n.owner
                   and o.direction = n.direction
                   and o.run_at <= now()
                   and (p_kinds is null or o.kind = any (p_kinds))
                   and o.id <> all (p_missed)
                   and not exists (select 1 from lease l
                                    where l.resource_id = o.resource_id and l.operation_id is not null)
                   and not exists (select 1 from resource r
                                    where r.id = o.resource_id
                                      and (not r.is_enabled or r.paused_until is not null)
                                      and (not r.is_enabled or r.paused_until > now()))
                 order by o.run_at, o.arrival
                 limit 1) f
             limit c_owners_max) h
     order by h.run_at, h.arrival
     limit 1;
    exit when o_id is not null or p_after_owner is null or v_last is not null;
    v_last := p_after_owner;
    v_after := '';
    v_after_direction := '';
  end loop;
end $$;

-- Rule 2: the search, with every test of eligibility, the lease, claimed by compare-and-set, and the
-- attempt are one statement. Operations of owners below their share come first; only when there are
-- none, any others. A function keeps its plans (planning costs more than the work); the settings keep
-- the plans independent of the statistics of tables that are empty one moment and full the next.
--
-- Only operations of the lane and of the kinds that the worker knows are claimed (null: of any). One
-- that is named by p_only is claimed whatever its lane.
--
-- The cost does not depend on how much waits. Each priority is searched by itself: only so does the
-- index end where nothing is due any more. Its first operations are looked at in order. When as many
-- as the limit may not run, they belong to few owners, who are gated or have their share, and the
-- search goes from owner to owner. It also does so where a serial owner is among them, because the
-- owner must then be locked. What is paused is not due (operation_transition).
--
-- Until the table is vacuumed, its index still has an entry for each claimed operation, and these
-- are all at the front of the queue. A caller that claims often passes the position of its last
-- claim (p_priority, p_run_at, p_arrival); the front is searched only when nothing is found behind
-- it. p_after_owner is the owner whom its last search by owner found.
create or replace function operation_claim(
  p_worker text, p_ttl interval, p_lane text, p_kinds text[], p_owner_running_max integer, p_only uuid,
  p_schema_version integer,
  p_priority smallint default null, p_run_at timestamptz default '-infinity', p_arrival bigint default 0,
  p_after_owner text default null)
returns table (o_id uuid, o_resource_id bigint, o_fence bigint, o_kind text, o_step text,
               o_fetched_revision text, o_announced_revision text, o_attempt integer,
               o_max_attempts integer, o_is_forced boolean, o_is_approved boolean,
               o_priority smallint, o_run_at timestamptz, o_arrival bigint, o_after_owner text)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off set enable_hashjoin = off
set enable_mergejoin = off set enable_material = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  -- Operations of a priority that are looked at in order.
  c_looked_at_max constant integer := 16;
  -- Times that another claim may be faster; the next poll looks again.
  c_misses_max constant integer := 20;
  v_busy text[];
  v_has_serial boolean;
  v_has_closed boolean;
  v_is_from_front boolean := p_priority is null;
  v_priority smallint;
  v_is_new_priority boolean := true;
  v_is_by_owner boolean := false;
  v_missed uuid[] := '{}';
  -- What the search by owner, or for p_only, has found; v_id is null while searching in order.
  v_id uuid;
  v_owner text;
  v_direction text;
  v_is_serial boolean;
begin
  -- A program that is running while the schema is migrated begins nothing any more.
  if p_schema_version is distinct from (select max(version) from schema_version) then
    raise exception 'the schema is version %, this program''s is %',
      (select max(version) from schema_version), p_schema_version using errcode = 'DV005';
  end if;
  select array(select owner from lease where operation_id is not null and lane = p_lane
                group by owner having count(*) >= p_owner_running_max),
         exists (select 1 from owner_gate where is_serial),
         exists (select 1 from owner_gate where not_before > now()),
         coalesce(p_priority, (select o.priority from operation o
                                where o.state = 'verified' and o.lane = p_lane
                                order by o.priority limit 1))
    into v_busy, v_has_serial, v_has_closed, v_priority from queue_control
   where is_only and (paused_until is null or paused_until <= clock_timestamp());
  if not found or (v_priority is null and p_only is null) then return; end if;
  loop
    if p_only is not null then
      select o.id, o.owner, o.direction, coalesce(g.is_serial, false)
        into v_id, v_owner, v_direction, v_is_serial
        from operation o
        left join owner_gate g on g.owner = o.owner and g.direction = o.direction
       where o.id = p_only
         and o.state = 'verified'
         and o.run_at <= now()
         and (p_kinds is null or o.kind = any (p_kinds))
         and o.id <> all (v_missed)
         and (g.owner is null or g.not_before <= now())
         and not exists (select 1 from lease l
                          where l.operation_id is not null
                            and (l.resource_id = o.resource_id
                                 or (g.is_serial and l.owner = o.owner and l.direction = o.direction)))
         and not exists (select 1 from resource r
                          where r.id = o.resource_id
                            and (not r.is_enabled or r.paused_until is not null)
                            and (not r.is_enabled or r.paused_until > now()));
      exit when v_id is null;
    elsif v_is_new_priority then
      v_is_new_priority := false;
      v_is_by_owner := v_has_serial and exists (
        select 1
          from (select f.owner, f.direction
                  from operation f
                 where f.state = 'verified'
                   and f.lane = p_lane
                   and f.priority = v_priority
                   and f.run_at <= now()
                   and (f.run_at, f.arrival) >= (p_run_at, p_arrival)
                 order by f.run_at, f.arrival
                 limit c_looked_at_max) w
          join owner_gate g on g.owner = w.owner and g.direction = w.direction
         where g.is_serial);
    end if;
    if v_is_by_owner then
      select o_f.o_id, o_f.o_owner, o_f.o_direction, o_f.o_is_serial
        into v_id, v_owner, v_direction, v_is_serial
        from operation_find_by_owner(p_lane, v_priority, p_kinds, v_busy, v_missed, p_after_owner) o_f;
    end if;
    -- Two claims must not both see that nothing of a serial owner runs: whoever gets the gate's lock
    -- looks again.
    if v_id is not null and v_is_serial then
      perform 1 from owner_gate g
        where g.owner = v_owner and g.direction = v_direction and g.not_before <= now()
          for no key update skip locked;
      if found then
        perform 1 from lease l
          where l.operation_id is not null and l.owner = v_owner and l.direction = v_direction;
        v_is_serial := found;
      end if;
    end if;

    if v_id is not null and v_is_serial then
      v_busy := v_busy || v_owner;
    elsif v_id is not null or not v_is_by_owner then
      return query
        with found as materialized (
          select o.id, o.resource_id, o.owner, o.lane, o.direction
            from (select f.id, f.kind, f.owner, f.direction, f.resource_id, f.run_at, f.arrival
                    from operation f
                   where f.state = 'verified'
                     and f.lane = p_lane
                     and f.priority = v_priority
                     and f.run_at <= now()
                     and (f.run_at, f.arrival) >= (p_run_at, p_arrival)
                   order by f.run_at, f.arrival
                   limit c_looked_at_max) w
            join operation o on o.id = w.id
           where v_id is null
             and o.state = 'verified'
             and w.owner <> all (v_busy)
             and (p_kinds is null or w.kind = any (p_kinds))
             and not ((v_has_serial or v_has_closed) and exists (
                   select 1 from owner_gate g
                    where g.owner = w.owner and g.direction = w.direction
                      and (g.is_serial or g.not_before > now())))
             and not exists (select 1 from lease l
                              where l.resource_id = w.resource_id and l.operation_id is not null)
             and not exists (select 1 from resource r
                              where r.id = w.resource_id
                                and (not r.is_enabled or r.paused_until is not null)
                                and (not r.is_enabled or r.paused_until > now()))
           order by w.run_at, w.arrival
           limit 1
             for update of o skip locked
        ), named as materialized (
          select o.id, o.resource_id, o.owner, o.lane, o.direction
            from operation o
           where o.id = v_id
             and o.state = 'verified'
             and o.run_at <= now()
             for update skip locked
        ), candidate as (
          select * from found
          union all
          select * from named
        ), free as materialized (
          -- Whoever holds a lease may wait for the resource, and whoever holds that for the candidate:
          -- so a claim waits for no lease.
          select l.resource_id
            from candidate o
            join lease l on l.resource_id = o.resource_id
           where l.operation_id is null
             for no key update of l skip locked
        ), leased_again as (
          update lease l
             set fence = l.fence + 1,
                 operation_id = o.id,
                 owner = o.owner,
                 worker = p_worker,
                 lease_expires_at = clock_timestamp() + p_ttl,
                 lane = o.lane,
                 direction = o.direction
            from candidate o
            join free f on f.resource_id = o.resource_id
           where l.resource_id = o.resource_id
          returning l.operation_id, l.fence
        ), leased_first as (
          insert into lease (resource_id, fence, operation_id, owner, worker, lease_expires_at, lane, direction)
          select o.resource_id, 1, o.id, o.owner, p_worker, clock_timestamp() + p_ttl, o.lane, o.direction
            from candidate o
           where not exists (select 1 from lease l where l.resource_id = o.resource_id)
              on conflict (resource_id) do nothing
          returning operation_id, fence
        ), leased as (
          select * from leased_again
          union all
          select * from leased_first
        ), claimed as (
          update operation o
             set state = 'scheduled',
                 attempt = o.attempt + 1,
                 started_at = coalesce(o.started_at, clock_timestamp())
            from leased t
           where o.id = t.operation_id
          returning o.id, o.resource_id, t.fence, o.kind, o.step, o.fetched_revision,
                    o.announced_revision, o.attempt, o.max_attempts, o.is_forced, o.is_approved,
                    o.priority, o.run_at, o.arrival
        ), tried as (
          insert into attempt (operation_id, fence, resource_id, number, worker, started_at)
          select n.id, n.fence, n.resource_id, n.attempt, p_worker, clock_timestamp()
            from claimed n
        )
        select n.id, n.resource_id, n.fence, n.kind, n.step, n.fetched_revision, n.announced_revision,
               n.attempt, n.max_attempts, n.is_forced, n.is_approved, n.priority, n.run_at, n.arrival,
               case when v_is_by_owner then v_owner end
          from claimed n;
      if found then return; end if;
    end if;

    -- Another claim was faster: it has the operation, or one of its serial owner.
    if v_id is not null then
      v_missed := v_missed || v_id;
      v_id := null;
      exit when cardinality(v_missed) >= c_misses_max;
      continue;
    end if;
    if v_is_from_front and not v_is_by_owner then
      v_is_by_owner := exists (
        select 1 from operation f
         where f.state = 'verified' and f.lane = p_lane and f.priority = v_priority and f.run_at <= now()
         order by f.run_at, f.arrival
        offset c_looked_at_max - 1 limit 1);
      continue when v_is_by_owner;
    end if;
    v_is_new_priority := true;
    v_is_by_owner := false;
    if v_is_from_front then
      v_priority := (select o.priority from operation o
                      where o.state = 'verified' and o.lane = p_lane and o.priority > v_priority
                      order by o.priority limit 1);
      continue when v_priority is not null;
      exit when v_busy = '{}';
      v_busy := '{}';
    end if;
    v_is_from_front := true;
    p_run_at := '-infinity';
    p_arrival := 0;
    v_priority := (select o.priority from operation o where o.state = 'verified' and o.lane = p_lane
                    order by o.priority limit 1);
    exit when v_priority is null;
  end loop;
end $$;

-- The priorities at which anything of the lane waits, due or not. An index is read once for each.
create or replace function lane_priorities(p_lane text) returns smallint[]
language plpgsql stable set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan as $$
declare
  v_priorities smallint[] := '{}';
  v_priority smallint := (select o.priority from operation o where o.state = 'verified' and o.lane = p_lane
                           order by o.priority limit 1);
begin
  while v_priority is not null loop
    v_priorities := v_priorities || v_priority;
    v_priority := (select o.priority from operation o
                    where o.state = 'verified' and o.lane = p_lane and o.priority > v_priority
                    order by o.priority limit 1);
  end loop;
  return v_priorities;
end $$;

-- The time at which the next operation of the lane falls due or a gate of its operations opens; or an
-- earlier one. Null: nothing does by itself. For idle runners.
create or replace function lane_next_due(p_lane text) returns timestamptz
language plpgsql stable set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  -- Gates that are looked at, in the order of their times. Whoever wakes for the last looks again.
  c_gates_max constant integer := 20;
  v_looked_at integer := 0;
  v_priorities smallint[] := lane_priorities(p_lane);
  v_due timestamptz;
  g record;
begin
  if v_priorities = '{}' then return null; end if;
  v_due := (select min(d.run_at)
              from unnest(v_priorities) as p (priority)
             cross join lateral (
                select o.run_at from operation o
                 where o.state = 'verified' and o.lane = p_lane and o.priority = p.priority
                   and o.run_at > now() and o.run_at < 'infinity'
                 order by o.run_at limit 1) d);
  for g in select owner, direction, not_before from owner_gate
            where not_before > now() and not_before < coalesce(v_due, 'infinity')
            order by not_before limit c_gates_max loop
    v_looked_at := v_looked_at + 1;
    if v_looked_at = c_gates_max or exists (
         select 1 from unnest(v_priorities) as p (priority)
          where exists (select 1 from operation o
                         where o.state = 'verified' and o.lane = p_lane and o.priority = p.priority
                           and o.owner = g.owner and o.direction = g.direction)) then
      return g.not_before;
    end if;
  end loop;
  return v_due;
end $$;

-- The state of the queue, at the same cost however much waits. Of the lane's operations, as many as
-- p_counted_max are looked at: o_waiting is how many of them could begin now, fairness aside.
create or replace function queue_health(
  p_lane text, p_counted_max integer, out o_waiting bigint, out o_oldest_due_at timestamptz,
  out o_running bigint, out o_expired bigint, out o_is_paused boolean)
language plpgsql stable set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_sort = off set enable_material = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_priorities smallint[] := lane_priorities(p_lane);
begin
  select count(*) into o_waiting
    from (select o.owner, o.direction, o.resource_id
            from unnest(v_priorities) as p (priority)
           cross join lateral (
              select f.owner, f.direction, f.resource_id
                from operation f
               where f.state = 'verified' and f.lane = p_lane and f.priority = p.priority and f.run_at <= now()
               order by f.run_at, f.arrival
               limit p_counted_max) o
           limit p_counted_max) w
   where not exists (select 1 from owner_gate g
                      where g.owner = w.owner and g.direction = w.direction and g.not_before > now())
     and not exists (select 1 from lease l
                      where l.resource_id = w.resource_id and l.operation_id is not null)
     and not exists (select 1 from resource r
                      where r.id = w.resource_id
                        and (not r.is_enabled or r.paused_until is not null)
                        and (not r.is_enabled or r.paused_until > now()));
  o_oldest_due_at := (
    select min(d.run_at)
      from unnest(v_priorities) as p (priority)
     cross join lateral (
        select o.run_at from operation o
         where o.state = 'verified' and o.lane = p_lane and o.priority = p.priority and o.run_at <= now()
         order by o.run_at limit 1) d);
  select count(*), count(*) filter (where lease_expires_at < clock_timestamp())
    into o_running, o_expired from lease where operation_id is not null;
  o_is_paused := coalesce((select paused_until > clock_timestamp() from queue_control), false);
end $$;

-- The operations that have not ended, by kind and state. Of those that wait, no more than
-- p_counted_max are counted at once; when there are more, the last count of all of them
-- (operation_count_open) is returned, if there is one.
create or replace function operations_open(p_counted_max integer)
returns table (o_kind text, o_state text, o_count bigint)
language plpgsql stable set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_is_long boolean := exists (
    select 1 from operation where state in ('received', 'verified', 'held') offset p_counted_max limit 1);
begin
  return query
    select kind, state::text, count(*) from operation where state in ('scheduled', 'processing')
     group by kind, state;
  if v_is_long then
    return query select kind, state::text, count from operation_count;
    if found then return; end if;
  end if;
  return query
    select w.kind, w.state::text, count(*)
      from (select kind, state from operation where state in ('received', 'verified', 'held')
             limit p_counted_max) w
     group by w.kind, w.state;
end $$;

-- Counts everything that waits, when that is more than p_counted_max, at most once in p_interval by
-- whichever process asks. Returns whether it has counted.
create or replace function operation_count_open(p_counted_max integer, p_interval interval)
returns boolean language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set jit = off as $$
declare
  v_is_long boolean;
begin
  if not pg_try_advisory_xact_lock(hashtext('devy.operation_count_open')) then return false; end if;
  if exists (select 1 from operation_count where counted_at > clock_timestamp() - p_interval) then
    return false;
  end if;
  v_is_long := exists (
    select 1 from operation where state in ('received', 'verified', 'held') offset p_counted_max limit 1);
  if not v_is_long and not exists (select 1 from operation_count) then return false; end if;
  delete from operation_count;
  if v_is_long then
    insert into operation_count (kind, state, count)
    select kind, state, count(*) from operation where state in ('received', 'verified', 'held')
     group by kind, state;
  end if;
  return true;
end $$;

-- Makes an interruption that equals the one before it one with that: the attempt before, and the
-- events since the operation was given back then, go, and the last attempt counts them. Otherwise a
-- server that always says "later" would fill the database.
create or replace function operation_merge_interruption(p_operation_id uuid, p_fence bigint)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  o record;
  v_last record;
  v_before record;
  v_given_back record;
begin
  select state, step, event_count into o from operation where id = p_operation_id;
  select * into v_last from attempt where operation_id = p_operation_id and fence = p_fence;
  select * into v_before from attempt
   where operation_id = p_operation_id and fence < p_fence
   order by fence desc limit 1;
  if v_before.outcome is distinct from 'interrupted'
     or v_before.error_code is distinct from v_last.error_code
     or v_before.step is distinct from v_last.step then
    return;
  end if;
  -- The last event says that it was given back now, and the one before it of that state, then.
  select seq, step into v_given_back from operation_event
   where operation_id = p_operation_id and state = 'verified' and seq < o.event_count
   order by seq desc limit 1;
  if v_given_back.seq is null or o.state <> 'verified' or v_given_back.step is distinct from o.step then
    return;
  end if;
  delete from attempt where operation_id = p_operation_id and fence = v_before.fence;
  update attempt
     set repeats = v_before.repeats + 1,
         repeated_since = coalesce(v_before.repeated_since, v_before.started_at)
   where operation_id = p_operation_id and fence = p_fence;
  update operation set event_count = v_given_back.seq where id = p_operation_id;
  delete from operation_event where operation_id = p_operation_id and seq > v_given_back.seq;
end $$;

-- Ends an attempt in any way except completed: updates the operation and closes the attempt, frees
-- nothing. The caller holds the lease (already freed) and the resource.
--
-- An interruption gives the attempt back, so it needs a bound of its own: an operation that is given
-- back for longer than p_stalled_max (null: a day) without a new step fails with its last reason.
-- Those that have a reason come at growing intervals, a quarter of that time.
create or replace function operation_settle(
  p_operation_id uuid, p_fence bigint, p_outcome text, p_revision text, p_code text, p_text text,
  p_hint text, p_delay interval, p_pointer uuid, p_stalled_max interval default null)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  c_counted_wait_max constant interval := '5 minutes';
  c_delay_max constant interval := '15 minutes';
  o operation;
  v_newer uuid;
  v_now timestamptz := clock_timestamp();
  v_begun_at timestamptz;
  v_stalled_for interval;
  v_delay interval := coalesce(p_delay, interval '0');
  s text;
begin
  select * into o from operation where id = p_operation_id for no key update;
  if p_outcome = 'interrupted' then
    v_stalled_for := interval '0';
    if o.stalled_at is not null then
      select started_at into v_begun_at from attempt
       where operation_id = p_operation_id and fence = p_fence;
      v_stalled_for := o.stalled_for
        + greatest(o.run_at - o.stalled_at, interval '0')
        + least(greatest(v_begun_at - greatest(o.run_at, o.stalled_at), interval '0'), c_counted_wait_max)
        + greatest(v_now - v_begun_at, interval '0');
    end if;
    if p_code is not null then
      v_delay := greatest(v_delay, least(v_stalled_for / 4, c_delay_max) * (0.8 + 0.4 * random()));
    end if;
  end if;
  select id into v_newer from operation
   where resource_id = o.resource_id and direction = o.direction
     and state in ('received', 'verified', 'held');
  s := case
    when p_outcome in ('failed', 'dropped') then p_outcome
    when p_outcome = 'cancelled' then 'cancelled'
    when o.cancel_requested_at is not null and o.cancel_requested_by is null then 'cancelled'
    when v_newer is not null then 'cancelled'
    when p_outcome = 'held' then 'held'
    when p_outcome = 'rescued' and o.crashes + 1 >= 3 then 'failed'
    when p_outcome <> 'interrupted' and o.attempt >= o.max_attempts then 'failed'
    when v_stalled_for >= coalesce(p_stalled_max, interval '24 hours') then 'failed'
    else 'verified' end;
  if s = 'failed' and p_outcome = 'interrupted' then
    p_code := coalesce(p_code, o.error_code, 'stalled');
    p_text := coalesce(p_text, o.error_text, 'unable to go on: it was given back again and again');
    p_hint := concat_ws(' ', nullif(coalesce(p_hint, o.error_hint), ''),
      'It was given back for longer than queue.stalled_max without a new step: replay it when the cause is gone.');
  end if;
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
         run_at = case when s = 'verified' then v_now + v_delay else run_at end,
         stalled_for = case when p_outcome = 'interrupted' then v_stalled_for else stalled_for end,
         stalled_at = case when p_outcome = 'interrupted' then v_now else stalled_at end,
         stalled_steps = case when p_outcome = 'interrupted'
                           then coalesce(stalled_steps, array[coalesce(step, '')])
                           else stalled_steps end,
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
  if p_outcome = 'interrupted' and s = 'verified' then
    perform operation_merge_interruption(p_operation_id, p_fence);
  end if;
  -- The resource still waits for the result that this operation did not deliver.
  if s in ('cancelled', 'failed') and v_newer is not null then
    update operation set waiting_since = least(waiting_since, o.waiting_since) where id = v_newer;
  end if;
  return s;
end $$;

-- The fence: every transaction that writes on behalf of an operation begins with it. It renews the
-- lease and, until commit, holds off rescue.
--
-- The worker's name is checked, too: when a primary is lost with claims that it had not replicated,
-- its successor gives out the same fences again.
create or replace function operation_fence(
  p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_worker text, p_ttl interval)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  update lease set lease_expires_at = clock_timestamp() + p_ttl
   where resource_id = p_resource_id and operation_id = p_operation_id and fence = p_fence
     and worker = p_worker;
  if not found then
    raise exception 'lease lost: operation %, fence %', p_operation_id, p_fence using errcode = 'DV001';
  end if;
end $$;

-- Begins a step, fenced and idempotent. Returns 'continue', 'cancelled' (a person asked it to stop)
-- or 'superseded' (a newer operation did, and the resource has not waited longer than p_patience).
-- A step that is new since the operation was given back first is progress: it is stalled no longer.
-- Kinds whose work has pages or items begin a step for each that is committed.
create or replace function operation_step(
  p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_worker text, p_ttl interval, p_step text,
  p_is_interruptible boolean, p_patience interval, p_revision text)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  -- The steps that are remembered, so that whoever goes in circles ends all the same.
  c_steps_max constant integer := 64;
  o record;
  v_is_new boolean;
begin
  perform operation_fence(p_resource_id, p_operation_id, p_fence, p_worker, p_ttl);
  select cancel_requested_at, cancel_requested_by, is_interruptible, waiting_since, direction, stalled_steps
    into o from operation where id = p_operation_id for no key update;
  if o.cancel_requested_at is not null and o.cancel_requested_by is null then return 'cancelled'; end if;
  if o.cancel_requested_at is not null and o.is_interruptible
     and clock_timestamp() - o.waiting_since <= p_patience
     -- A person may have cancelled the newer one meanwhile.
     and exists (select 1 from operation where resource_id = p_resource_id and direction = o.direction
                    and state in ('received', 'verified', 'held')) then
    return 'superseded';
  end if;
  v_is_new := o.stalled_steps is not null and p_step <> all (o.stalled_steps);
  update operation
     set state = 'processing', step = p_step, is_interruptible = p_is_interruptible,
         fetched_revision = coalesce(p_revision, fetched_revision),
         stalled_for = case when not v_is_new then stalled_for end,
         stalled_at = case when not v_is_new then stalled_at end,
         stalled_steps = case when v_is_new
                           then (p_step || stalled_steps)[1:c_steps_max] else stalled_steps end
   where id = p_operation_id;
  return 'continue';
end $$;

-- Ends an attempt: completed, failed, retry, cancelled, held, dropped, or interrupted (given back).
-- Completing an operation that a person has asked to stop is refused (DV004): the caller rolls
-- back.
--
-- An outbound operation passes the time that it heard from the source (p_event_at): the answer to a
-- write tells it. What a resource completed last, and when by the source's clock, is set by whichever
-- direction heard a time; its revision by inbound ones only.
create or replace function operation_finish(
  p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_worker text, p_outcome text, p_revision text,
  p_code text, p_text text, p_hint text, p_delay interval, p_pointer uuid,
  p_event_at timestamptz default null, p_stalled_max interval default null)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_now timestamptz := clock_timestamp();
  v_step text;
begin
  update lease set operation_id = null, worker = null, lease_expires_at = null
   where resource_id = p_resource_id and operation_id = p_operation_id and fence = p_fence
     and worker = p_worker;
  if not found then
    raise exception 'lease lost: operation %, fence %', p_operation_id, p_fence using errcode = 'DV001';
  end if;
  if p_outcome <> 'completed' then
    perform 1 from resource where id = p_resource_id for no key update;
    return operation_settle(p_operation_id, p_fence, p_outcome, p_revision, p_code, p_text, p_hint,
                            p_delay, p_pointer, p_stalled_max);
  end if;
  p_event_at := source_time(p_event_at, v_now);
  -- Nearly all attempts end so, and nothing else needs to be read: each row is written once.
  update resource r
     set completed_operation_id = case
           when o.direction = 'inbound'
             or coalesce(p_event_at, o.event_at) >= coalesce(r.completed_event_at, '-infinity')
           then p_operation_id else r.completed_operation_id end,
         completed_event_at = greatest(r.completed_event_at, p_event_at, o.event_at),
         completed_event_by = case
           when coalesce(p_event_at, o.event_at) >= coalesce(r.completed_event_at, '-infinity')
           then p_operation_id else r.completed_event_by end,
         completed_revision = case
           when o.direction = 'inbound' then coalesce(p_revision, o.fetched_revision)
           else r.completed_revision end,
         completed_variant = case
           when o.direction = 'inbound' then o.variant else r.completed_variant end
    from operation o
   where r.id = p_resource_id and o.id = p_operation_id;
  update operation
     set state = 'completed', finished_at = v_now, is_interruptible = true,
         fetched_revision = coalesce(p_revision, fetched_revision),
         event_at = coalesce(p_event_at, event_at),
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

-- Takes a lease away from a dead worker. Returns nothing when a write in progress holds the row, or
-- the lease is valid.
create or replace function lease_revoke(p_resource_id bigint, p_operation_id uuid, p_fence bigint, p_outcome text,
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

-- Rescues one operation whose lease has expired. Any process may call it; there is no leader.
create or replace function operation_rescue(out o_id uuid, out o_state text)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  c record;
begin
  for c in select resource_id, operation_id, fence, worker from lease
            where operation_id is not null and lease_expires_at < clock_timestamp()
            order by lease_expires_at limit 20 loop
    o_state := lease_revoke(c.resource_id, c.operation_id, c.fence, 'rescued',
                               'the lease of worker ' || c.worker || ' ran out', true);
    if o_state is not null then
      o_id := c.operation_id;
      return;
    end if;
  end loop;
end $$;

-- Frees what workers that are known to be dead still hold (a restart after a crash). Also frees
-- what was claimed for a living worker that never got the reply: it is given back (interrupted).
create or replace function operation_release(p_workers text[], p_outcome text) returns integer
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  c record;
  v_count integer := 0;
begin
  for c in select resource_id, operation_id, fence, worker from lease
            where operation_id is not null and worker = any (p_workers) loop
    if lease_revoke(c.resource_id, c.operation_id, c.fence, p_outcome,
                       case when p_outcome = 'rescued' then 'worker ' || c.worker || ' died' end, false) is not null then
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end $$;

-- Enables or disables a resource. Disabled: waiting operations of both directions end as disabled, a
-- running one is asked to stop.
create or replace function resource_switch(p_resource_id bigint, p_is_enabled boolean)
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

-- A waiting operation ends now; a running one is asked to stop and notices at its next heartbeat,
-- step or commit; with p_is_forced its lease is taken away unless it is committing right now.
-- Returns the state afterwards; 'conflict' when it had already ended.
create or replace function operation_cancel(p_operation_id uuid, p_is_forced boolean, p_reason text)
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

-- Opens an ended operation again as its next attempt. An operation older than one that is completed
-- or in progress ends as dropped, unless p_is_forced. Returns the state; 'conflict' when it has not
-- ended.
create or replace function operation_replay(
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
     where n.resource_id = o.resource_id and n.direction = o.direction and n.arrival > o.arrival
       and (n.state in ('verified', 'held', 'scheduled', 'processing')
            or (n.state = 'completed' and not p_from_start
                and o.fetched_revision is distinct from
                    case when n.direction = 'inbound' then r.completed_revision else n.fetched_revision end
                and o.fetched_revision is not null))
     order by n.arrival desc limit 1;
  end if;
  -- Two duplicates of one event cannot both have its id.
  v_event_id := o.event_id;
  if o.state = 'duplicate' and exists (
       select 1 from operation n where n.resource_id = o.resource_id and n.event_id = o.event_id
          and n.direction = o.direction and n.state <> 'duplicate') then
    v_event_id := null;
  end if;
  if o_pointer is null then
    -- The waiting or running operations of its direction are older, or a person has decided that
    -- this one replaces them.
    update operation set state = 'cancelled', cancelled_by = o.id, finished_at = clock_timestamp(),
                         cancel_reason = 'superseded by a replay'
     where resource_id = o.resource_id and direction = o.direction
       and state in ('received', 'verified', 'held');
    update operation set cancel_requested_at = clock_timestamp(), cancel_requested_by = o.id
     where resource_id = o.resource_id and direction = o.direction
       and state in ('scheduled', 'processing')
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
         stalled_for = null, stalled_at = null, stalled_steps = null,
         run_at = clock_timestamp(), waiting_since = clock_timestamp(), event_id = v_event_id,
         requested_by = coalesce(p_requested_by, requested_by), reason = coalesce(p_reason, reason)
   where id = p_operation_id and o_pointer is null;
  if o_pointer is not null then
    -- Setting verified in the same statement would collide with the waiting operation.
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
  update resource
     set newest_operation_id = case when o.direction = 'inbound' then o.id else newest_operation_id end,
         newest_outbound_id = case when o.direction = 'outbound' then o.id else newest_outbound_id end
   where id = o.resource_id;
  o_state := 'verified';
end $$;

-- Lets a held operation continue; the guard does not hold it again for the same revision.
create or replace function operation_approve(p_operation_id uuid, p_requested_by text, p_reason text)
returns text language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  s text;
begin
  perform 1 from resource r join operation o on o.resource_id = r.id
    where o.id = p_operation_id for no key update of r;
  update operation
     set state = 'verified', is_approved = true, run_at = clock_timestamp(), error_code = null,
         -- Being held was no failure: whatever the attempt's number, a few more are allowed.
         max_attempts = greatest(max_attempts, attempt + 3),
         error_text = null, error_hint = null,
         requested_by = coalesce(p_requested_by, requested_by), reason = coalesce(p_reason, reason)
   where id = p_operation_id and state = 'held';
  if found then return 'verified'; end if;
  select state into s from operation where id = p_operation_id;
  if s is null then raise exception 'unknown operation %', p_operation_id using errcode = 'DV003'; end if;
  return 'conflict';
end $$;

-- Ends waiting operations of none of the given kinds that have been due for p_due_for: no program
-- runs them. It looks at p_limit waiting ones, in the order of their resources, after p_after; o_last
-- is where the next call goes on, null at the end. What is paused, or locked, stays for the next time.
create or replace function operations_end_unknown(
  p_kinds text[], p_due_for interval, p_after bigint, p_limit integer, out o_last bigint, out o_ended integer)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  c record;
  v_looked_at integer := 0;
begin
  o_ended := 0;
  if exists (select from queue_control where paused_until > clock_timestamp()) then return; end if;
  for c in
    select o.id, o.resource_id, o.kind, o.run_at from operation o
     where o.state in ('received', 'verified', 'held') and o.resource_id > p_after
     order by o.resource_id, o.direction limit p_limit loop
    v_looked_at := v_looked_at + 1;
    o_last := c.resource_id;
    continue when c.kind = any (p_kinds) or c.run_at > clock_timestamp() - p_due_for;
    perform 1 from resource
      where id = c.resource_id and (paused_until is null or paused_until <= clock_timestamp())
        for no key update skip locked;
    continue when not found;
    update operation
       set state = 'cancelled', finished_at = clock_timestamp(),
           cancel_reason = 'no program runs operations of kind ' || kind
     where id = c.id and state = 'verified' and run_at <= clock_timestamp() - p_due_for;
    if found then o_ended := o_ended + 1; end if;
  end loop;
  -- Its other direction may wait, too: the next call begins with the same resource.
  o_last := case when v_looked_at >= p_limit then o_last - 1 end;
end $$;

-- ------------------------------------------------------------------ retention

create table prune_pass (
  name       text primary key,
  position   text not null default '',
  due_at     timestamptz not null default clock_timestamp(),
  begun_at   timestamptz,
  covered_at timestamptz,
  pruned     bigint not null default 0
) with (fillfactor = 50);
comment on table prune_pass is 'How far pruning has come, by the sort of rows: a daemon that ends in the middle of a pass, or another one, goes on from there.';
comment on column prune_pass.position is 'Where the next batch begins, in the sort''s own words; empty: at the oldest row.';
comment on column prune_pass.due_at is 'The time of the next pass; it stays while a pass is under way.';
comment on column prune_pass.begun_at is 'When the pass that is under way began; null: none is.';
comment on column prune_pass.covered_at is 'When the last whole pass began: what was too old by then, and could go, has gone.';
comment on column prune_pass.pruned is 'Number of rows that the pass under way, or else the last one, has deleted.';

-- Deletes of these operations those that ended before p_before and that nothing needs any more: their
-- resource does not compare new ones with them, and no operation that stays points to them. One
-- that others still point to is blocked: it goes in a later pass, after them.
--
-- Ingest makes pointers under the resource's lock, so whatever is deleted here is locked before it is
-- looked at; a resource that is locked already is left for the next pass, because nobody shall wait
-- for pruning. With p_is_dry_run nothing is locked or deleted, and what old operations point to counts
-- as deleted, as several passes would.
create or replace function operations_prune(p_ids uuid[], p_before timestamptz, p_is_dry_run boolean default false)
returns table (o_kind text, o_pruned bigint, o_blocked bigint)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  v_resource bigint[];
  v_free bigint[];
  v_old uuid[];
  v_blocked uuid[];
begin
  v_resource := array(select distinct o.resource_id from operation o where o.id = any (p_ids));
  v_free := v_resource;
  if not p_is_dry_run then
    v_free := array(select r.id from resource r where r.id = any (v_resource)
                     order by r.id for no key update skip locked);
  end if;
  v_old := array(
    select o.id
      from operation o
      join resource r on r.id = o.resource_id
     where o.id = any (p_ids)
       and o.finished_at < p_before
       and o.resource_id = any (v_free)
       and o.id is distinct from r.newest_operation_id
       and o.id is distinct from r.newest_outbound_id
       and o.id is distinct from r.completed_operation_id
       and o.id is distinct from r.completed_event_by);
  v_blocked := array(
    with recursive blocked (id) as (
      select c.id
        from unnest(v_old) as c (id)
       where exists (
               select from operation p
                where coalesce(p.cancelled_by, p.duplicate_of, p.dropped_for) = c.id
                  and p.id <> all (v_old)
                  and not (p_is_dry_run and p.finished_at < p_before))
      union
      -- What one that stays points to, stays.
      select coalesce(o.cancelled_by, o.duplicate_of, o.dropped_for)
        from blocked b
        join operation o on o.id = b.id
       where coalesce(o.cancelled_by, o.duplicate_of, o.dropped_for) = any (v_old)
    )
    select b.id from blocked b);
  v_old := array(select c.id from unnest(v_old) as c (id) where c.id <> all (v_blocked));
  return query
    with gone as (
      delete from operation o where not p_is_dry_run and o.id = any (v_old) returning o.kind
    ), counted as (
      select g.kind, 1 as pruned, 0 as blocked from gone g
      union all
      select o.kind, 1, 0 from operation o where p_is_dry_run and o.id = any (v_old)
      union all
      select o.kind, 0, 1 from operation o where o.id = any (v_blocked)
    )
    select c.kind, sum(c.pruned), sum(c.blocked) from counted c group by c.kind;
end $$;
comment on function operations_prune is 'Retention: deletes ended operations that nothing needs any more.';
