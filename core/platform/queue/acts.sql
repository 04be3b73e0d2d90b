-- What operators do with resources and operations.

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

-- What a replay of an operation would come to: 'verified'; 'conflict' when it has not ended;
-- 'disabled' when its resource is switched off; 'dropped' when a newer one, o_pointer, is completed or
-- in progress, unless p_is_forced. Changes nothing.
create or replace function operation_replay_verdict(
  p_operation_id uuid, p_is_forced boolean, p_from_start boolean, out o_state text, out o_pointer uuid)
language plpgsql stable set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  o operation;
  r resource;
begin
  select * into o from operation where id = p_operation_id;
  if not found then raise exception 'unknown operation %', p_operation_id using errcode = 'DV003'; end if;
  select * into r from resource where id = o.resource_id;
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
  o_state := case when o_pointer is null then 'verified' else 'dropped' end;
end $$;

-- Opens an ended operation again as its next attempt, which has its own times. A replay that is
-- refused changes no row. Returns the verdict.
create or replace function operation_replay(
  p_operation_id uuid, p_is_forced boolean, p_from_start boolean, p_extra_attempts integer,
  p_requested_by text, p_reason text, out o_state text, out o_pointer uuid)
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  o operation;
  v_event_id text;
begin
  perform 1 from resource r join operation o2 on o2.resource_id = r.id
    where o2.id = p_operation_id for no key update of r;
  select * into o from operation where id = p_operation_id for no key update;
  select v.o_state, v.o_pointer into o_state, o_pointer
    from operation_replay_verdict(p_operation_id, p_is_forced, p_from_start) v;
  if o_state <> 'verified' then return; end if;
  -- Two duplicates of one event cannot both have its id.
  v_event_id := o.event_id;
  if o.state = 'duplicate' and exists (
       select 1 from operation n where n.resource_id = o.resource_id and n.event_id = o.event_id
          and n.direction = o.direction and n.state <> 'duplicate') then
    v_event_id := null;
  end if;
  -- The waiting or running operations of its direction are older, or a person has decided that this
  -- one replaces them.
  update operation set state = 'cancelled', cancelled_by = o.id, finished_at = clock_timestamp(),
                       cancel_reason = 'superseded by a replay'
   where resource_id = o.resource_id and direction = o.direction
     and state in ('received', 'verified', 'held');
  update operation set cancel_requested_at = clock_timestamp(), cancel_requested_by = o.id
   where resource_id = o.resource_id and direction = o.direction
     and state in ('scheduled', 'processing')
     and (cancel_requested_at is null or cancel_requested_by is not null);
  update operation
     set state = 'verified', replays = replays + 1, started_at = null, finished_at = null, cancelled_by = null,
         cancel_reason = null, cancel_requested_at = null, cancel_requested_by = null, duplicate_of = null,
         dropped_for = null, crashes = 0, is_forced = p_is_forced, is_approved = false, is_interruptible = true,
         max_attempts = attempt + greatest(p_extra_attempts, 1),
         step = case when p_from_start then null else step end,
         fetched_revision = case when p_from_start then null else fetched_revision end,
         error_code = null, error_text = null, error_hint = null,
         stalled_for = null, stalled_at = null, stalled_steps = null,
         run_at = clock_timestamp(), waiting_since = clock_timestamp(), event_id = v_event_id,
         requested_by = coalesce(p_requested_by, requested_by), reason = coalesce(p_reason, reason)
   where id = p_operation_id;
  if p_is_forced then
    update operation set arrival = default where id = p_operation_id;
  end if;
  update resource
     set newest_operation_id = case when o.direction = 'inbound' then o.id else newest_operation_id end,
         newest_outbound_id = case when o.direction = 'outbound' then o.id else newest_outbound_id end
   where id = o.resource_id;
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

-- Holds back what waits: of one resource, or of all where p_resource_id is null.
create or replace function queue_pause(p_resource_id bigint, p_reason text) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  if p_resource_id is null then
    update queue_control set paused_until = 'infinity', reason = p_reason, paused_at = clock_timestamp();
  else
    update resource set paused_until = 'infinity', paused_reason = p_reason, paused_at = clock_timestamp()
     where id = p_resource_id;
  end if;
end $$;
comment on function queue_pause is 'Pauses the queue or one resource until somebody resumes it.';

create or replace function queue_resume(p_resource_id bigint) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  if p_resource_id is null then
    update queue_control set paused_until = null, reason = null, paused_at = null;
  else
    update resource set paused_until = null, paused_reason = null, paused_at = null where id = p_resource_id;
  end if;
end $$;
comment on function queue_resume is 'Ends such a pause.';

-- Holds back what waits of one kind, and what will: it goes out of the line, as with a paused resource
-- (operation_transition). What another session is recording now stays in line, and no claim takes it.
create or replace function queue_pause_kind(p_kind text, p_reason text) returns void
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  insert into kind_pause (kind, reason) values (p_kind, p_reason)
  on conflict (kind) do update set reason = excluded.reason, paused_at = clock_timestamp();
  -- In the order of the index, as whoever locks several of a resource does.
  update operation o
     set run_at = 'infinity', stalled_at = case when stalled_at is not null then clock_timestamp() end
    from (select id from operation
           where state = 'verified' and kind = p_kind and run_at < 'infinity'
           order by resource_id, direction for update) w
   where o.id = w.id and o.state = 'verified';
end $$;
comment on function queue_pause_kind is 'Pauses a kind of operations until somebody resumes it.';

-- Back in line, as resource_pause does: what is paused with its resource waits for that.
create or replace function queue_resume_kind(p_kind text) returns void
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  delete from kind_pause where kind = p_kind;
  update operation o
     set run_at = case when o.attempt = 0 then least(o.waiting_since, clock_timestamp()) else clock_timestamp() end,
         stalled_at = case when o.stalled_at is not null then clock_timestamp() end
    from (select w.id from operation w
           where w.state = 'verified' and w.kind = p_kind and w.run_at = 'infinity'
             and not exists (select from resource r
                              where r.id = w.resource_id
                                and (not r.is_enabled or r.paused_until is not null)
                                and r.paused_until > clock_timestamp())
           order by w.resource_id, w.direction for update of w) w
   where o.id = w.id and o.state = 'verified';
end $$;
comment on function queue_resume_kind is 'Ends such a pause.';
