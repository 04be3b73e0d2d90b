-- Deliveries: those received, and those that GitHub tried to send and that did not arrive.

create table delivery (
  guid          uuid primary key,
  received_at   timestamptz not null default clock_timestamp(),
  event         text not null,
  action        text,
  github_id     bigint,
  sender        inet,
  headers       jsonb not null default '{}',
  body          bytea compression lz4,
  verdict       text not null check (verdict in ('accepted', 'ignored', 'rejected')),
  verdict_reason text
);
comment on table delivery is 'One webhook request as received, with a valid signature. Kept for reference; the body is deleted before the row.';
comment on column delivery.headers is 'The headers that GitHub sends; and `signer`, which names the secret that matched.';
comment on column delivery.github_id is 'The repository that the payload is about.';
comment on column delivery.verdict is 'accepted: made or matched an upload · ignored: stored only · rejected: refused by a rule';
create index delivery_received on delivery (received_at desc);
create index delivery_body on delivery (received_at) where body is not null;
comment on index delivery_body is 'Bodies are deleted long before their rows, which need not be read again for it.';

-- Records deliveries with the verdict that their subscribers gave. It is one statement for all that
-- came together. A GUID that is already known changes nothing, and gives the verdict that is stored;
-- of two deliveries in one call with the same GUID, the first counts. Rows are written in the order of
-- their GUIDs, so two calls wait for each other in one order.
create or replace function delivery_record(
  p_guid uuid[], p_event text[], p_action text[], p_github_id bigint[], p_sender inet[], p_headers jsonb[],
  p_body bytea[], p_verdict text[], p_reason text[])
returns table (o_place bigint, o_is_new boolean, o_verdict text, o_reason text)
language plpgsql set search_path = devy, pg_temp
-- As in operation_claim, plans must not depend on the tables' statistics.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
  d record;
begin
  for d in
    with given as materialized (
      select * from unnest(p_guid, p_event, p_action, p_github_id, p_sender, p_headers, p_body, p_verdict, p_reason)
        with ordinality as n (guid, event, action, github_id, sender, headers, body, verdict, reason, place)),
    stored as (
      insert into delivery (guid, event, action, github_id, sender, headers, body, verdict, verdict_reason)
      select g.guid, g.event, g.action, g.github_id, g.sender, g.headers, g.body, g.verdict, g.reason
        from given g
       order by g.guid, g.place
      on conflict (guid) do nothing
      returning delivery.guid)
    select g.guid, g.place, g.verdict, g.reason,
           s.guid is not null and array_position(p_guid, g.guid) = g.place as is_new
      from given g
      left join stored s on s.guid = g.guid
     order by g.place
  loop
    o_place := d.place;
    o_is_new := d.is_new;
    o_verdict := d.verdict;
    o_reason := d.reason;
    if not d.is_new then
      select k.verdict, k.verdict_reason into o_verdict, o_reason from delivery k where k.guid = d.guid;
    end if;
    return next;
  end loop;
end $$;
comment on function delivery_record is 'Stores deliveries; each known GUID changes nothing.';

create table hook (
  key           text primary key,
  hook_id       bigint,
  seen_id       bigint not null default 0,
  etag          text not null default '',
  look_at       timestamptz not null default clock_timestamp(),
  looked_at     timestamptz,
  failures      integer not null default 0,
  error         text,
  url           text not null default ''
) with (fillfactor = 50);
comment on table hook is 'The hooks whose deliveries are checked at GitHub: the App''s hook, or with a token each repository''s own.';
comment on column hook.key is 'app: the App''s hook; else the name by which a system knows the repository whose own hook it is.';
comment on column hook.url is 'The address of the repository; empty for the App''s hook.';
comment on column hook.hook_id is 'GitHub''s id of the hook; null until it was looked up, and for the App.';
comment on column hook.seen_id is 'GitHub''s id of the newest delivery that was checked: the next check ends there.';
comment on column hook.etag is 'The etag of the newest page: as long as it is the same, asking costs nothing.';
comment on column hook.look_at is 'The time of the next check; the daemon that claims it moves it ahead.';
create index hook_due on hook (look_at);

create table missed_delivery (
  guid     uuid primary key,
  hook     text not null references hook on delete cascade,
  event    text not null,
  found_at timestamptz not null default clock_timestamp(),
  asked    integer not null default 0,
  asked_at timestamptz
);
comment on table missed_delivery is 'A delivery that GitHub tried and no daemon received. Kept as long as GitHub could be asked for it.';
comment on column missed_delivery.asked is 'How often something was done about it; after a few times nothing more is done.';
create index missed_delivery_found on missed_delivery (found_at);
