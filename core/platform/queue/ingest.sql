-- Recording operations: one, or many at once; and the gates of owners.

-- A time that a source's own clock told, but none that lies further ahead than clocks disagree: it
-- would make everything that the source says until then look old. Infinity is no clock's: a system says by
-- it that this is the last that can be said of the resource.
create or replace function source_time(p_at timestamptz, p_received_at timestamptz) returns timestamptz
language sql immutable as $$
  select case when p_at = 'infinity' then p_at
              when p_at is not null then least(p_at, p_received_at + interval '5 minutes') end
$$;
comment on function source_time is 'A source''s time as it is stored and compared: at most five minutes ahead of ours, or infinity.';

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
  if p_event_at > v_now then p_event_at := source_time(p_event_at, v_now); end if;
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
