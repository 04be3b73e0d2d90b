-- Ending what nobody will run, and deleting what is older than it has to be kept.

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
