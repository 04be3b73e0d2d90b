-- What an idle runner and the health ask: at the same cost whatever waits.

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
