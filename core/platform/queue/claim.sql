-- Claiming an operation: the search, in order and by owner, and the lease.

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

-- Rule 2: one statement tests everything that makes an operation eligible, and locks it and its free
-- lease; nobody can change either before they are written. Operations of owners below their share come first; only when there are
-- none, any others. A function keeps its plans (planning costs more than the work); the settings keep
-- the plans independent of the statistics of tables that are empty one moment and full the next.
--
-- Only operations of the lane and of the kinds that the worker knows are claimed (null: of any). One
-- that is named by p_only is claimed whatever its lane.
--
-- The cost does not depend on how much waits. Each priority is searched by itself: only so does the
-- index end where nothing is due any more. Its first operations are looked at in order. When none of
-- these may run, because their owners are gated or have their share, or the first one that may is
-- lost to a faster claim, the search goes from owner to owner. It does so at once where a serial
-- owner is among them, because the owner must then be locked. What is paused is not due
-- (operation_transition).
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
  v_has_serial boolean := false;
  v_has_closed boolean := false;
  v_is_from_front boolean := p_priority is null;
  v_priority smallint := p_priority;
  v_schema_version integer;
  v_is_paused boolean;
  v_has_gates boolean;
  v_is_new_priority boolean := true;
  v_is_by_owner boolean := false;
  v_missed uuid[] := '{}';
  -- What the search by owner, or for p_only, has found; v_id is null while searching in order.
  v_id uuid;
  v_owner text;
  v_direction text;
  v_is_serial boolean;
  -- What is locked, with its lease, and is claimed.
  v_claimed uuid;
  v_resource_id bigint;
  v_lane text;
  v_fence bigint;
begin
  select (select max(version) from schema_version),
         paused_until > clock_timestamp(),
         array(select owner from lease where operation_id is not null and lane = p_lane
                group by owner having count(*) >= p_owner_running_max),
         exists (select 1 from owner_gate)
    into v_schema_version, v_is_paused, v_busy, v_has_gates from queue_control where is_only;
  v_is_paused := coalesce(v_is_paused, not found);
  -- A program that is running while the schema is migrated begins nothing any more.
  if p_schema_version is distinct from v_schema_version then
    raise exception 'the schema is version %, this program''s is %', v_schema_version, p_schema_version
      using errcode = 'DV005';
  end if;
  if v_is_paused then return; end if;
  -- What waits of a paused kind is out of the line, but for what was being recorded at that moment.
  if p_kinds is not null and exists (select 1 from kind_pause) then
    p_kinds := array(select k.kind from unnest(p_kinds) as k (kind)
                      where not exists (select 1 from kind_pause p where p.kind = k.kind));
    if p_kinds = '{}' then return; end if;
  end if;
  if v_has_gates then
    v_has_serial := exists (select 1 from owner_gate where is_serial);
    v_has_closed := exists (select 1 from owner_gate where not_before > now());
  end if;
  if v_priority is null then
    v_priority := (select o.priority from operation o where o.state = 'verified' and o.lane = p_lane
                    order by o.priority limit 1);
    if v_priority is null and p_only is null then return; end if;
  end if;
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
    elsif v_has_serial and v_is_new_priority then
      v_is_new_priority := false;
      v_is_by_owner := exists (
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
      -- Neither row is waited for. Whoever holds a lease may wait for the resource, and whoever holds
      -- that for the operation.
      if v_id is null then
        select o.id, o.resource_id, o.owner, o.lane, o.direction
          into v_claimed, v_resource_id, v_owner, v_lane, v_direction
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
          join lease l on l.resource_id = w.resource_id
         where o.state = 'verified'
           and l.operation_id is null
           and w.owner <> all (v_busy)
           and (p_kinds is null or w.kind = any (p_kinds))
           and not ((v_has_serial or v_has_closed) and exists (
                 select 1 from owner_gate g
                  where g.owner = w.owner and g.direction = w.direction
                    and (g.is_serial or g.not_before > now())))
           and not exists (select 1 from resource r
                            where r.id = w.resource_id
                              and (not r.is_enabled or r.paused_until is not null)
                              and (not r.is_enabled or r.paused_until > now()))
         order by w.run_at, w.arrival
         limit 1
           for update of o skip locked
           for no key update of l skip locked;
      else
        select o.id, o.resource_id, o.owner, o.lane, o.direction
          into v_claimed, v_resource_id, v_owner, v_lane, v_direction
          from operation o
          join lease l on l.resource_id = o.resource_id
         where o.id = v_id
           and o.state = 'verified'
           and o.run_at <= now()
           and l.operation_id is null
           for update of o skip locked
           for no key update of l skip locked;
      end if;
      if v_claimed is not null then
        update lease l
           set fence = l.fence + 1,
               operation_id = v_claimed,
               owner = v_owner,
               worker = p_worker,
               lease_expires_at = clock_timestamp() + p_ttl,
               lane = v_lane,
               direction = v_direction
         where l.resource_id = v_resource_id
        returning l.fence into v_fence;
        update operation o
           set state = 'scheduled',
               attempt = o.attempt + 1,
               started_at = coalesce(o.started_at, clock_timestamp())
         where o.id = v_claimed
        returning o.id, o.resource_id, v_fence, o.kind, o.step, o.fetched_revision,
                  o.announced_revision, o.attempt, o.max_attempts, o.is_forced, o.is_approved,
                  o.priority, o.run_at, o.arrival, case when v_is_by_owner then v_owner end
             into o_id, o_resource_id, o_fence, o_kind, o_step, o_fetched_revision, o_announced_revision,
                  o_attempt, o_max_attempts, o_is_forced, o_is_approved, o_priority, o_run_at,
                  o_arrival, o_after_owner;
        insert into attempt (operation_id, fence, resource_id, number, worker, started_at)
        values (o_id, o_fence, o_resource_id, o_attempt, p_worker, clock_timestamp());
        return next;
        return;
      end if;
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
         where f.state = 'verified' and f.lane = p_lane and f.priority = v_priority and f.run_at <= now());
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
