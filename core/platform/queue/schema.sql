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
  paused_at              timestamptz,
  constraint resource_identity unique (kind, key)
) with (fillfactor = 80);
comment on table resource is 'The thing that operations are serialised on. Its row lock orders ingest; per resource at most one operation runs, and at most one waits in each direction.';
comment on column resource.kind is 'The type of thing that the key names: repository, issue, comment, gist_owner, …';
comment on column resource.owner is 'The owner whose share of the workers its operations use: claim is fair between owners.';
comment on column resource.is_enabled is 'False: every operation that is recorded ends as disabled.';
comment on column resource.paused_until is 'Operations wait until then; infinity until an operator resumes it.';
comment on column resource.paused_at is 'Since when it has been paused.';
comment on column resource.newest_operation_id is 'The newest accepted inbound operation, with which a new event is compared.';
comment on column resource.newest_outbound_id is 'The same for outbound operations: the two directions know nothing of each other.';
comment on column resource.completed_operation_id is 'The last completed inbound operation, or an outbound one that heard a later time of the source.';
comment on column resource.completed_event_at is 'The latest time of the source that a completed operation of either direction has heard: an older event is dropped.';
comment on column resource.completed_event_by is 'The operation that heard it.';
comment on column resource.newest_event_at is 'The time of that event by the source''s own clock (GitHub''s), never by ours.';
comment on column resource.completed_revision is 'The revision that the last completed inbound operation actually fetched.';
comment on column resource.completed_variant is 'The settings of that operation (see operation.variant).';
-- Without this partial index claim would read every resource to find the few that are blocked.
create index resource_owner on resource (owner);
create index resource_blocked on resource (id) where not is_enabled or paused_until is not null;

create table queue_control (
  is_only      boolean primary key default true check (is_only),
  paused_until timestamptz,
  reason       text,
  paused_at    timestamptz
);
comment on table queue_control is 'One row: whether the whole queue is paused.';
insert into queue_control default values;

create table kind_pause (
  kind      text primary key,
  reason    text not null,
  paused_at timestamptz not null default clock_timestamp()
);
comment on table kind_pause is 'Kinds of operations of which none begins until somebody resumes them.';

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
create domain operation_source as text check (value in ('webhook', 'api', 'operator', 'poll', 'reconcile', 'repair'));
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
  'inbound: brings news in · outbound: tells others, or puts right what a resource shows without news. A new operation supersedes, and is compared with, those of its own direction '
  'only; one of either runs at a time.';
comment on column operation.priority is 'A lower number runs first.';
comment on column operation.crashes is 'Number of leases that expired since the last replay; the third ends it as worker_crashed.';
comment on column operation.is_forced is 'Runs although something newer is done: a rollback.';
comment on column operation.is_approved is 'A person has approved it after a guard held it.';
comment on column operation.waiting_since is 'The time since when its resource has waited for any operation to complete; inherited from those it supersedes.';
comment on column operation.started_at is 'The first claim since it was recorded, or since its last replay: a replay has its own times.';
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
create index operation_attention on operation (arrival desc) where state in ('failed', 'held');
comment on index operation_attention is 'What needs somebody, for lists.';
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
comment on table lease is 'The worker that runs a resource''s operation now; one narrow row for each resource.';
comment on column lease.fence is 'It only increases, by claim and by rescue: a worker with an older fence can change nothing.';
comment on column lease.operation_id is 'Null: the lease is free.';
comment on column lease.owner is 'The owner of the operation, so that fairness reads held leases only; so its lane and direction.';
comment on column lease.lease_expires_at is 'By the database''s clock. It is in no index, so that heartbeats stay heap-only updates.';
create index lease_held on lease (resource_id) where operation_id is not null;

-- Each resource has its lease from the beginning: a claim can then lock it, or pass it over.
create or replace function resource_lease() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  insert into lease (resource_id) select m.id from made m on conflict do nothing;
  return null;
end $$;
create or replace trigger resource_lease after insert on resource
  referencing new table as made for each statement execute function resource_lease();

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
      or (old.finished_at is not null and new.state = 'verified' and new.replays = old.replays + 1)) then
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
    if exists (select from devy.kind_pause p where p.kind = new.kind) then new.run_at := 'infinity'; end if;
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
