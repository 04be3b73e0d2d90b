-- What deliveries bring to the mirror, for the process that takes them in.

-- Those of the repositories that are mirrored; one that may not be seen can be seen again.
create or replace function mirror_known(p_ids bigint[])
returns table (o_id bigint, o_full_name text, o_owner text) language plpgsql stable set search_path = devy, pg_temp
-- Every delivery asks: planning it each time would cost more than the answer.
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
  select r.id, r.full_name, r.owner_login
    from github.repository r
   where r.id = any (p_ids) and r.is_mirrored
     and (r.deleted_at is null or r.deleted_reason in ('gone', 'access_lost'));
end $$;

-- Where the App was installed, and where it is not any more. Returns the repositories that are mirrored
-- and concerned; with p_is_whole_lost all of that installation that are not named.
create or replace function mirror_installation_change(p_installation bigint, p_gained bigint[], p_lost bigint[], p_is_whole_lost boolean)
returns table (o_id bigint, o_full_name text, o_owner text) language sql set search_path = devy, pg_temp as $$
  update github.repository r set installation = case when r.id = any (p_gained) then p_installation end
   where r.is_mirrored
     and (r.id = any (p_gained)
          or ((r.id = any (p_lost) or p_is_whole_lost) and r.installation = p_installation))
  returning r.id, r.full_name, r.owner_login
$$;

-- Whether a change of the App's installation concerns anything that is mirrored.
create or replace function mirror_is_installed(p_installation bigint, p_ids bigint[], p_is_whole boolean) returns boolean
language sql stable set search_path = devy, pg_temp as $$
  select exists (select from github.repository r
                  where r.is_mirrored and (r.id = any (p_ids) or (p_is_whole and r.installation = p_installation)))
$$;

-- Records an operation for each thing that deliveries name, all in one statement, and notes which
-- delivery it came with. An operation of a kind besides these is not recorded for a stranger.
create or replace function mirror_deliveries_record(
  p_id uuid[], p_kind text[], p_key text[], p_owner text[], p_target text[], p_repository_id bigint[],
  p_guid uuid[], p_event_at timestamptz[])
returns table (o_place bigint, o_id uuid) language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  if exists (select 1 from unnest(p_kind) k where k not in ('mirror_document', 'mirror_fetch')) then
    raise exception 'no delivery brings such an operation' using errcode = 'DV003';
  end if;
  return query
  with ingested as materialized (
    select i.o_place, i.o_id
      from operations_ingest(
             p_id => p_id, p_kind => p_kind, p_resource_kind => p_kind, p_key => p_key, p_owner => p_owner,
             p_event_id => p_guid::text[],
             p_event_at => p_event_at,
             p_revision => array_fill(null::text, array[cardinality(p_id)]),
             p_variant => array_fill(''::text, array[cardinality(p_id)]),
             p_lane => array(select case when k = 'mirror_document' then 'work' else 'github' end from unnest(p_kind) k),
             p_direction => array_fill('inbound'::text, array[cardinality(p_id)]),
             p_priority => array(select (case when k = 'mirror_document' then 110 else 120 end)::smallint from unnest(p_kind) k),
             p_max_attempts => array_fill(12, array[cardinality(p_id)]), p_source => 'webhook') i
  ), noted as (
    insert into mirror_operation (operation_id, target, repository_id, delivery_guid)
    select i.o_id, p_target[i.o_place], p_repository_id[i.o_place], p_guid[i.o_place]
      from ingested i
        on conflict do nothing
  )
  select i.o_place, i.o_id from ingested i;
end $$;
comment on function mirror_deliveries_record is 'Records what deliveries bring to the mirror.';

-- For metrics: what is mirrored, which scans are open, and how many rows are uncertain.
create or replace function mirror_figures(
  out o_repositories bigint, out o_running bigint, out o_sweeping bigint, out o_held bigint, out o_unsettled bigint)
language sql stable set search_path = devy, pg_temp as $$
  select (select count(*) from github.repository where is_mirrored),
         count(*) filter (where phase = 'running'), count(*) filter (where phase = 'sweeping'),
         count(*) filter (where phase = 'held'),
         (select count(*) from github.issue where not is_settled and deleted_at is null)
           + (select count(*) from github.pull_request where not is_settled and deleted_at is null)
           + (select count(*) from github.milestone where not is_settled and deleted_at is null)
           + (select count(*) from github.label where not is_settled and deleted_at is null)
           + (select count(*) from github.issue_comment where not is_settled and deleted_at is null)
    from mirror_scan where finished_at is null
$$;
