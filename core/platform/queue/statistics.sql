-- What ended, minute by minute, for charts: of minutes for two days, then of hours for 400.

create table operation_minute (
  minute         timestamptz not null,
  is_hour        boolean not null default false,
  kind           text not null,
  direction      operation_direction not null,
  state          operation_state not null,
  count          bigint not null,
  run_ms_sum     bigint not null,
  run_hist       integer[] not null check (cardinality(run_hist) = 24),
  wait_hist      integer[] not null check (cardinality(wait_hist) = 24),
  oldest_wait_ms bigint not null,
  primary key (is_hour, minute, kind, direction, state)
);
comment on table operation_minute is 'Operations that ended in a minute, or in an hour, by kind, direction and state. Charts read this and never the operations.';
comment on column operation_minute.minute is 'When the minute or hour began.';
comment on column operation_minute.run_ms_sum is 'Time between claim and end, of all of them together.';
comment on column operation_minute.run_hist is 'How many ran for less than 1, 2, 4, 8 … ms, each in the first bound that it is below; the last has all that took longer.';
comment on column operation_minute.wait_hist is 'The same of the time that their resource waited until they ended: from waiting_since, so with those that they superseded.';
comment on column operation_minute.oldest_wait_ms is 'The longest of these.';

create table operation_minute_until (
  is_only    boolean primary key default true check (is_only),
  minute     timestamptz not null
);
comment on table operation_minute_until is 'One row: the minute up to which ended operations have been counted.';
insert into operation_minute_until (minute) values (date_trunc('minute', clock_timestamp()));

-- The bound that a time is below: 1 for less than 1 ms, 2 for less than 2 ms, … 24 for the rest.
create or replace function wait_bound(p_ms double precision) returns integer
language sql immutable set search_path = devy, pg_temp as $$
  select width_bucket(p_ms, array[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536,
                                  131072, 262144, 524288, 1048576, 2097152, 4194304]::double precision[]) + 1;
$$;

-- Counts the minutes that are over and not counted yet, at most p_minutes_max of them. A transaction
-- that is open for longer than p_settle after the end that it notes is not counted. False: nothing was
-- due, or another daemon is at it.
create or replace function operation_minutes_count(p_settle interval, p_minutes_max integer) returns boolean
language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  v_from timestamptz;
  v_to timestamptz;
begin
  select minute into v_from from operation_minute_until for update skip locked;
  if not found then return false; end if;
  v_to := least(date_trunc('minute', clock_timestamp() - p_settle), v_from + p_minutes_max * interval '1 minute');
  if v_to <= v_from then return false; end if;
  with ended as (
    select date_trunc('minute', o.finished_at) as minute, o.kind, o.direction, o.state,
           greatest(0, extract(epoch from o.finished_at - coalesce(o.started_at, o.finished_at)) * 1000)::double precision as run_ms,
           greatest(0, extract(epoch from o.finished_at - o.waiting_since) * 1000)::double precision as wait_ms
      from operation o
     where o.finished_at >= v_from and o.finished_at < v_to),
  runs as (select minute, kind, direction, state, wait_bound(run_ms) as bound, count(*) as n
             from ended group by minute, kind, direction, state, wait_bound(run_ms)),
  waits as (select minute, kind, direction, state, wait_bound(wait_ms) as bound, count(*) as n
              from ended group by minute, kind, direction, state, wait_bound(wait_ms))
  insert into operation_minute (minute, kind, direction, state, count, run_ms_sum, run_hist, wait_hist,
                                oldest_wait_ms)
  select e.minute, e.kind, e.direction, e.state, count(*), sum(e.run_ms)::bigint,
         (select array_agg(coalesce(h.n, 0) order by b.bound)
            from generate_series(1, 24) b (bound)
                 left join runs h on h.bound = b.bound and (h.minute, h.kind, h.direction, h.state) = (e.minute, e.kind, e.direction, e.state)),
         (select array_agg(coalesce(h.n, 0) order by b.bound)
            from generate_series(1, 24) b (bound)
                 left join waits h on h.bound = b.bound and (h.minute, h.kind, h.direction, h.state) = (e.minute, e.kind, e.direction, e.state)),
         max(e.wait_ms)::bigint
    from ended e
   group by e.minute, e.kind, e.direction, e.state
  on conflict do nothing;
  update operation_minute_until set minute = v_to;
  perform operation_minutes_fold();
  return true;
end $$;

-- Adds minutes that are two days old together to hours, and forgets hours after 400 days.
create or replace function operation_minutes_fold() returns void
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_before constant timestamptz := date_trunc('hour', clock_timestamp() - interval '48 hours');
begin
  if not exists (select from operation_minute where not is_hour and minute < v_before) then return; end if;
  with gone as (
    delete from operation_minute where not is_hour and minute < v_before
    returning *, date_trunc('hour', minute) as hour)
  insert into operation_minute (minute, is_hour, kind, direction, state, count, run_ms_sum, run_hist, wait_hist,
                                oldest_wait_ms)
  select g.hour, true, g.kind, g.direction, g.state, sum(g.count), sum(g.run_ms_sum),
         (select array_agg(n order by place)
            from (select u.place, sum(u.n)::integer as n from gone h, unnest(h.run_hist) with ordinality as u (n, place)
                   where (h.hour, h.kind, h.direction, h.state) = (g.hour, g.kind, g.direction, g.state)
                   group by u.place) sums),
         (select array_agg(n order by place)
            from (select u.place, sum(u.n)::integer as n from gone h, unnest(h.wait_hist) with ordinality as u (n, place)
                   where (h.hour, h.kind, h.direction, h.state) = (g.hour, g.kind, g.direction, g.state)
                   group by u.place) sums),
         max(g.oldest_wait_ms)
    from gone g
   group by g.hour, g.kind, g.direction, g.state
  on conflict do nothing;
  delete from operation_minute where is_hour and minute < clock_timestamp() - interval '400 days';
end $$;
