-- What a credential may write at GitHub within the secondary limits, counted for all daemons.

-- The factor now: it has grown since the last secondary limit.
create or replace function api_factor(p_factor real, p_slowed_at timestamptz) returns real
language sql stable as $$
  select least(1, p_factor + 0.1 * floor(extract(epoch from coalesce(clock_timestamp() - p_slowed_at, interval '0')) / 600))::real
$$;

-- Locks the credential's budget; it is made where nothing is known of it.
create or replace function api_budget_lock(p_credential text) returns real
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_factor real;
begin
  insert into api_budget (credential, resource, quota, remaining, reset_at)
  values (p_credential, 'core', 0, 0, '-infinity')
      on conflict do nothing;
  select api_factor(factor, slowed_at) into v_factor from api_budget
   where credential = p_credential and resource = 'core' for no key update;
  return v_factor;
end $$;

-- One more request: null where it may be sent, and it is counted then; otherwise when it may be. Counted are the
-- sliding minute (writes, points), the sliding hour (content), and the gap since the last write.
create or replace function api_take(
  p_credential text, p_points smallint, p_is_content boolean, p_writes_per_minute integer, p_content_per_hour integer,
  p_points_per_minute integer, p_gap interval)
returns timestamptz language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_factor constant real := api_budget_lock(p_credential);
  v_now constant timestamptz := clock_timestamp();
  v_writes constant integer := greatest(1, floor(p_writes_per_minute * v_factor));
  v_contents constant integer := greatest(1, floor(p_content_per_hour * v_factor));
  v_points constant integer := greatest(p_points, floor(p_points_per_minute * v_factor));
  v_minute constant timestamptz := v_now - interval '1 minute';
  v_hour constant timestamptz := v_now - interval '1 hour';
  v_after timestamptz;
begin
  delete from api_write where credential = p_credential and at < v_hour;
  if p_points > 1 then
    -- The write whose age has to reach a minute before one more fits.
    select at + interval '1 minute' into v_after from api_write
     where credential = p_credential and points > 1 and at > v_minute order by at desc offset v_writes - 1 limit 1;
    v_after := greatest(v_after, (select max(at) + p_gap from api_write where credential = p_credential and points > 1));
  end if;
  if p_is_content then
    v_after := greatest(v_after, (select at + interval '1 hour' from api_write
                                   where credential = p_credential and is_content and at > v_hour
                                   order by at desc offset v_contents - 1 limit 1));
  end if;
  v_after := greatest(v_after, (
    select min(at) + interval '1 minute'
      from (select at, sum(points) over (order by at desc) as total from api_write
             where credential = p_credential and at > v_minute) n
     where n.total + p_points > v_points));
  if v_after > v_now then return v_after; end if;
  insert into api_write (credential, at, points, is_content) values (p_credential, v_now, p_points, p_is_content);
  return null;
end $$;
comment on function api_take is 'Counts a request against what its credential may do, or says when it may be sent.';

-- GitHub said that it was too much: half of it from now on.
create or replace function api_slow(p_credential text) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  c_factor_min constant real := 0.05;
  v_factor constant real := api_budget_lock(p_credential);
begin
  update api_budget set factor = greatest(v_factor / 2, c_factor_min), slowed_at = clock_timestamp()
   where credential = p_credential and resource = 'core';
end $$;
comment on function api_slow is 'Halves what a credential allows itself, after a secondary limit.';
