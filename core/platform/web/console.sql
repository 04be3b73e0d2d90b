-- What the pages of operators and users read of the queue. Each costs the same whatever the table
-- holds: pages go by keyset, and a filter that no index serves looks at a bounded number of rows
-- and says how far back it has looked.

-- Operations, newest first, and at most p_wanted of them. A last row without an id, if there is one,
-- has the arrival and the time below which nothing was looked at.
create or replace function console_operations(
  p_before bigint, p_states text[], p_kinds text[], p_owner text, p_code text, p_key text,
  p_resources bigint[], p_wanted integer, p_looked_at_max integer, p_resources_max integer)
returns table (
  arrival bigint, id uuid, kind text, state text, source text, owner text, step text,
  error_code text, error_text text, attempt integer, max_attempts integer, created_at timestamptz,
  run_at timestamptz, started_at timestamptz, finished_at timestamptz, resource_kind text, key text)
language plpgsql stable security definer set search_path = devy, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
declare
  v_found     operation[];
  v_resources bigint[] := p_resources;
  v_way       text := 'arrival';
  v_arrival   bigint;
  v_at        timestamptz;
begin
  -- Which way looks at the fewest rows?
  if p_key is not null then
    -- There are a handful of kinds: the index is asked for each.
    v_resources := array(
      with recursive resource_kinds as (
        (select r.kind from resource r order by r.kind limit 1)
        union all
        select (select r.kind from resource r where r.kind > k.kind order by r.kind limit 1)
          from resource_kinds k where k.kind is not null)
      select r.id
        from resource_kinds k join resource r on r.kind = k.kind and r.key = p_key
       where p_resources is null or r.id = any (p_resources));
    v_way := 'resources';
  elsif v_resources is not null then
    v_way := 'resources';
  elsif p_owner is not null then
    v_resources := array(select r.id from resource r where r.owner = p_owner limit p_resources_max + 1);
    if cardinality(v_resources) <= p_resources_max then v_way := 'resources'; end if;
  end if;
  if v_way = 'arrival' and cardinality(p_states) > 0 then
    if p_states <@ array['failed', 'held'] then
      v_way := 'attention';
    elsif p_states <@ array['received', 'verified', 'held', 'scheduled', 'processing']
          and p_looked_at_max >= (
            select count(*)
              from ((select 1 from operation o where o.state in ('received', 'verified', 'held')
                      limit p_looked_at_max + 1)
                    union all
                    (select 1 from operation o where o.state in ('scheduled', 'processing')
                      limit p_looked_at_max + 1)) unfinished) then
      v_way := 'open';
    end if;
  end if;

  if v_way = 'resources' then
    v_found := array(
      select o
        from unnest(v_resources) wanted (id)
             cross join lateral (
               select recent
                 from (select * from operation r
                        where r.resource_id = wanted.id and r.arrival < p_before
                        order by r.arrival desc limit p_looked_at_max) recent
                where (cardinality(p_states) = 0 or recent.state = any (p_states))
                  and (cardinality(p_kinds) = 0 or recent.kind = any (p_kinds))
                  and (p_owner is null or recent.owner = p_owner)
                  and (p_code is null or recent.error_code = p_code)
                order by recent.arrival desc limit p_wanted) mine (o)
       order by (o).arrival desc limit p_wanted);
  elsif v_way = 'attention' then
    v_found := array(
      select recent::operation
        from (select * from operation r
               where r.state in ('failed', 'held') and r.arrival < p_before
               order by r.arrival desc limit p_looked_at_max) recent
       where recent.state = any (p_states)
         and (cardinality(p_kinds) = 0 or recent.kind = any (p_kinds))
         and (p_owner is null or recent.owner = p_owner)
         and (p_code is null or recent.error_code = p_code)
       order by recent.arrival desc limit p_wanted);
  elsif v_way = 'open' then
    v_found := array(
      select unfinished::operation
        from (select * from operation r where r.state in ('received', 'verified', 'held')
              union all
              select * from operation r where r.state in ('scheduled', 'processing')) unfinished
       where unfinished.arrival < p_before
         and unfinished.state = any (p_states)
         and (cardinality(p_kinds) = 0 or unfinished.kind = any (p_kinds))
         and (p_owner is null or unfinished.owner = p_owner)
         and (p_code is null or unfinished.error_code = p_code)
       order by unfinished.arrival desc limit p_wanted);
  else
    v_found := array(
      select recent::operation
        from (select * from operation r where r.arrival < p_before
               order by r.arrival desc limit p_looked_at_max) recent
       where (cardinality(p_states) = 0 or recent.state = any (p_states))
         and (cardinality(p_kinds) = 0 or recent.kind = any (p_kinds))
         and (p_owner is null or recent.owner = p_owner)
         and (p_code is null or recent.error_code = p_code)
       order by recent.arrival desc limit p_wanted);
  end if;

  return query
    select o.arrival, o.id, o.kind, o.state::text, o.source::text, o.owner, o.step, o.error_code,
           o.error_text, o.attempt, o.max_attempts, o.created_at,
           case when isfinite(o.run_at) then o.run_at end, o.started_at, o.finished_at, r.kind, r.key
      from unnest(v_found) with ordinality as f
           join lateral (select f.*) o on true
           join resource r on r.id = o.resource_id
     order by o.arrival desc;
  if cardinality(v_found) >= p_wanted then return; end if;

  if v_way = 'resources' then
    select o.arrival, o.created_at into v_arrival, v_at
      from unnest(v_resources) wanted (id)
           cross join lateral (select r.arrival, r.created_at from operation r
                                where r.resource_id = wanted.id and r.arrival < p_before
                                order by r.arrival desc offset p_looked_at_max - 1 limit 1) o
     order by o.arrival desc limit 1;
  elsif v_way = 'attention' then
    select r.arrival, r.created_at into v_arrival, v_at from operation r
     where r.state in ('failed', 'held') and r.arrival < p_before
     order by r.arrival desc offset p_looked_at_max - 1 limit 1;
  elsif v_way = 'arrival' then
    select r.arrival, r.created_at into v_arrival, v_at from operation r
     where r.arrival < p_before order by r.arrival desc offset p_looked_at_max - 1 limit 1;
  end if;
  if v_arrival is null then return; end if;
  arrival := v_arrival;
  created_at := v_at;
  id := null;
  return next;
end $$;
comment on function console_operations is 'Operations for a page, newest first, at a bounded cost.';
