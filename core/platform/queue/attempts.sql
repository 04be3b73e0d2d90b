-- What a worker says of its attempt, and what others do when it is dead.

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
  -- For triggers that note what a row was changed for.
  perform set_config('devy.operation_id', p_operation_id::text, true);
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

-- Says, in the transaction that commits it, that the attempt has done a part of the work that no later one
-- does again: crashes and tries that came before do not count any more, and this attempt is the first. What
-- has a thousand pages may be killed more than three times. The caller has passed the fence.
create or replace function operation_advance(p_operation_id uuid)
returns void language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_resource bigint;
begin
  select resource_id into v_resource from operation
   where id = p_operation_id and (crashes > 0 or attempt > 1);
  if not found then return; end if;
  perform from resource where id = v_resource for no key update;
  update operation set crashes = 0, attempt = 1 where id = p_operation_id;
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
  if p_event_at > v_now then p_event_at := source_time(p_event_at, v_now); end if;
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
