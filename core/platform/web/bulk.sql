-- Acts of an operator on many operations: which ones are meant is frozen as rows when he confirms. Few are
-- acted on in that transaction; many by an operation of kind bulk, a batch at a time.

create table bulk (
  id           uuid primary key,
  act          text not null check (act in ('replay', 'cancel', 'approve')),
  actor        text not null,
  reason       text not null,
  filter       jsonb not null,
  count        integer not null check (count > 0),
  is_operation boolean not null,
  created_at   timestamptz not null default clock_timestamp()
);
comment on table bulk is 'An act on many operations, from its confirmation on. Kept as long as ended operations.';
comment on column bulk.id is 'Made with the page that asks for the confirmation, so that a form which is sent twice acts once; also the id of its operation.';
comment on column bulk.filter is 'What they had in common, or which were selected: as in the audit.';
comment on column bulk.is_operation is 'False: it was done in the transaction that confirmed it.';
create index bulk_created on bulk (created_at);

create table bulk_item (
  bulk_id      uuid not null references bulk on delete cascade,
  place        integer not null,
  operation_id uuid not null,
  result       text check (result in ('done', 'gone', 'not_ended', 'disabled', 'newer', 'ended', 'not_held')),
  primary key (bulk_id, place)
) with (fillfactor = 80);
comment on table bulk_item is 'The operations that it is about, the newest first: of several of one resource the newest is replayed.';
comment on column bulk_item.result is
  'Null: not reached yet · done · gone: there is no such operation any more · not_ended, disabled, newer: not replayed, because '
  'it runs or waits, its resource is off, or something newer goes before it · ended: not cancelled · not_held: not approved.';
create index bulk_item_left on bulk_item (bulk_id, place) where result is null;

-- The operations that a filter of console_operations means, the newest first, none with an arrival
-- above p_as_of, and none that ended after p_ended_until. At most p_wanted. o_is_whole is false when
-- the bound of rows, p_rounds_max times p_looked_at_max, ended the search.
create or replace function bulk_match(
  p_as_of bigint, p_states text[], p_kinds text[], p_owner text, p_code text, p_key text,
  p_ended_until timestamptz, p_wanted integer, p_looked_at_max integer, p_resources_max integer,
  p_rounds_max integer, out o_ids uuid[], out o_is_whole boolean)
language plpgsql stable security definer set search_path = devy, pg_temp as $$
declare
  v_before bigint := p_as_of + 1;
  v_ids uuid[];
  v_found bigint;
  v_is_bounded boolean;
  v_lowest bigint;
begin
  o_ids := '{}';
  o_is_whole := true;
  for round in 1 .. p_rounds_max loop
    select coalesce(array_agg(f.id order by f.arrival desc)
                      filter (where f.id is not null
                                and (f.finished_at is null or p_ended_until is null or f.finished_at <= p_ended_until)),
                    '{}'),
           count(f.id), coalesce(bool_or(f.id is null), false), min(f.arrival)
      into v_ids, v_found, v_is_bounded, v_lowest
      from console_operations(v_before, p_states, p_kinds, p_owner, p_code, p_key, null, p_wanted,
                              p_looked_at_max, p_resources_max) f;
    o_ids := (o_ids || v_ids)[1:p_wanted];
    if cardinality(o_ids) = p_wanted or (v_found < p_wanted and not v_is_bounded) then return; end if;
    v_before := v_lowest;
  end loop;
  o_is_whole := false;
end $$;
comment on function bulk_match is 'Which operations "all that match" means, at a bounded cost.';

-- Freezes what is meant, and records the operation that will do it, if one shall. False: the id is known
-- already, so the form was sent before, and nothing is recorded.
create or replace function bulk_record(
  p_id uuid, p_act text, p_actor text, p_reason text, p_filter jsonb, p_operations uuid[], p_is_operation boolean,
  p_max_attempts integer)
returns boolean language plpgsql set search_path = devy, pg_temp as $$
declare
  v_resource bigint;
begin
  insert into bulk (id, act, actor, reason, filter, count, is_operation)
  values (p_id, p_act, p_actor, p_reason, p_filter, cardinality(p_operations), p_is_operation)
  on conflict (id) do nothing;
  if not found then return false; end if;
  insert into bulk_item (bulk_id, place, operation_id)
  select p_id, o.place, o.id from unnest(p_operations) with ordinality as o (id, place);
  if p_is_operation then
    insert into resource (kind, key, owner) values ('bulk', p_id::text, p_actor) returning id into v_resource;
    perform operation_ingest(p_id, v_resource, 'bulk', 'operator', null, null, null, '', false, 100::smallint,
                             p_max_attempts, null, p_actor, p_reason);
  end if;
  return true;
end $$;
comment on function bulk_record is 'Freezes which operations an act on many is about.';

-- Acts on the next p_items_max operations, by the rules that hold for each alone, and returns how many that
-- were. It locks all their resources, and that of the bulk's own operation, in the order of their ids.
create or replace function bulk_run(p_id uuid, p_items_max integer, p_extra_attempts integer)
returns integer language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off as $$
declare
  b bulk;
  i record;
  v_places integer[];
  v_ids uuid[];
  v_result text;
begin
  select * into b from bulk where id = p_id for no key update;
  if not found then raise exception 'unknown bulk %', p_id using errcode = 'DV003'; end if;
  select coalesce(array_agg(n.place order by n.place), '{}'), coalesce(array_agg(n.operation_id order by n.place), '{}')
    into v_places, v_ids
    from (select place, operation_id from bulk_item where bulk_id = p_id and result is null
           order by place limit p_items_max) n;
  perform from resource r
    where r.id in (select o.resource_id from operation o where o.id = any (v_ids || p_id))
    order by r.id for no key update;
  for i in select n.place, n.id, o.id is not null as is_there
             from unnest(v_places, v_ids) as n (place, id) left join operation o on o.id = n.id
            order by n.place loop
    if not i.is_there then
      v_result := 'gone';
    elsif b.act = 'replay' then
      v_result := (select case v.o_state when 'verified' then 'done' when 'conflict' then 'not_ended'
                                         when 'dropped' then 'newer' else v.o_state end
                     from operation_replay(i.id, false, false, p_extra_attempts, b.actor, b.reason) v);
    elsif b.act = 'cancel' then
      v_result := case operation_cancel(i.id, false, b.reason || ' (' || b.actor || ')')
                    when 'conflict' then 'ended' else 'done' end;
    else
      v_result := case operation_approve(i.id, b.actor, b.reason) when 'conflict' then 'not_held' else 'done' end;
    end if;
    update bulk_item set result = v_result where bulk_id = p_id and place = i.place;
  end loop;
  return cardinality(v_places);
end $$;
comment on function bulk_run is 'Does the next part of an act on many operations.';
