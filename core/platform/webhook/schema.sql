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
  verdict_reason text,
  scope         text,
  digest        bytea,
  body_bytes    bigint,
  body_omitted  text check (body_omitted in ('unneeded', 'over_budget'))
);
comment on table delivery is 'One webhook request as received, with a valid signature. Kept for reference; the body is deleted before the row.';
comment on column delivery.headers is 'The headers that GitHub sends; and `signer`, which names the secret that matched.';
comment on column delivery.scope is 'What the secret that signed it is valid for: unscoped · app · for and GitHub''s id of a repository. Null: it was stored before secrets had scopes, and counts as unscoped.';
comment on column delivery.digest is 'SHA-256 of the event''s name and the payload: the same ones under another GUID are a copy. Null: it was stored before there were digests.';
comment on column delivery.github_id is 'The repository that the payload is about.';
comment on column delivery.body_bytes is 'The size of a body that was not kept; null where it was kept.';
comment on column delivery.body_omitted is 'Why the body was not kept: unneeded: the event means nothing to any system · over_budget: the bytes of that day were used up. Null: it was kept.';
comment on column delivery.verdict is 'accepted: made or matched an upload · ignored: stored only · rejected: refused by a rule';
create index delivery_received on delivery (received_at desc);
create index delivery_digest on delivery (digest) where verdict = 'accepted';
create index delivery_body on delivery (received_at) where body is not null;
comment on index delivery_body is 'Bodies are deleted long before their rows, which need not be read again for it.';

-- Records deliveries with the verdict that their subscribers gave. It is one statement for all that
-- came together. Neither a GUID nor an event's name is signed, so what is signed is compared too:
--   fresh    its GUID is new; or it was ignored under this GUID, and is accepted now
--   again    the delivery of this GUID is known; nothing changes, and the stored verdict is given
--   copy     the same event and payload were accepted under another GUID; it is stored as ignored
--   foreign  the GUID is that of a delivery with another payload; nothing changes
-- Of two deliveries in one call with the same GUID or payload, the first counts. A body is kept unless
-- p_omitted says why not, or its payer has no bytes left today; where p_payer is null it is not counted.
-- Of one payer's bodies in one call, the first ones are kept, up to one that does not fit. Rows are written in
-- the order of their GUIDs, so two calls wait for each other in one order.
create or replace function delivery_record(
  p_guid uuid[], p_event text[], p_action text[], p_github_id bigint[], p_scope text[], p_digest bytea[],
  p_sender inet[], p_headers jsonb[], p_body bytea[], p_verdict text[], p_reason text[],
  p_body_bytes bigint[], p_omitted text[], p_payer bigint[], p_budget bigint)
returns table (o_place bigint, o_standing text, o_verdict text, o_reason text, o_is_kept boolean)
language plpgsql set search_path = devy, pg_temp
-- As in operation_claim, plans must not depend on the tables' statistics.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
  d record;
  k record;
  v_today date := (clock_timestamp() at time zone 'utc')::date;
begin
  for d in
    with given as materialized (
      select n.*,
             case when n.verdict = 'accepted' then coalesce(
               nullif(first_value(n.guid) over (partition by n.digest, n.verdict order by n.place), n.guid),
               (select a.guid from delivery a
                 where a.digest = n.digest and a.verdict = 'accepted' and a.guid <> n.guid limit 1)) end as original,
             coalesce(n.given_omitted, case
               when coalesce((select b.bytes from body_budget b where b.payer = n.payer and b.day = v_today), 0)
                    + sum(n.size) over (partition by n.payer order by n.place) > p_budget
                and n.payer is not null then 'over_budget' end) as omitted
        from unnest(p_guid, p_event, p_action, p_github_id, p_scope, p_digest, p_sender, p_headers, p_body,
                    p_verdict, p_reason, p_body_bytes, p_omitted, p_payer)
          with ordinality as n (guid, event, action, github_id, scope, digest, sender, headers, body, verdict,
                                reason, size, given_omitted, payer, place)),
    judged as materialized (
      select g.guid, g.place, g.event, g.action, g.github_id, g.scope, g.digest, g.sender, g.headers,
             case when g.omitted is null then g.body end as body,
             case when g.omitted is not null then g.size end as body_bytes, g.omitted,
             g.original is not null as is_copy,
             case when g.original is null then g.verdict else 'ignored' end as verdict,
             case when g.original is null then g.reason else 'a copy of ' || g.original end as reason
        from given g),
    stored as (
      insert into delivery (guid, event, action, github_id, scope, digest, sender, headers, body,
                            body_bytes, body_omitted, verdict, verdict_reason)
      select j.guid, j.event, j.action, j.github_id, j.scope, j.digest, j.sender, j.headers, j.body,
             j.body_bytes, j.omitted, j.verdict, j.reason
        from judged j
       order by j.guid, j.place
      on conflict (guid) do nothing
      returning delivery.guid)
    select j.guid, j.place, j.github_id, j.scope, j.digest, j.body_bytes, j.omitted, j.is_copy, j.verdict, j.reason,
           s.guid is not null and array_position(p_guid, j.guid) = j.place as is_stored
      from judged j
      left join stored s on s.guid = j.guid
     order by j.place
  loop
    o_place := d.place;
    o_is_kept := d.omitted is null;
    o_standing := case when d.is_copy then 'copy' else 'fresh' end;
    o_verdict := d.verdict;
    o_reason := d.reason;
    if not d.is_stored then
      select e.verdict, e.verdict_reason, e.github_id, e.digest into k from delivery e where e.guid = d.guid;
      if k.github_id is distinct from d.github_id or coalesce(k.digest, d.digest) <> d.digest then
        o_standing := 'foreign';
        o_verdict := 'rejected';
        o_reason := 'its GUID is that of another delivery';
      else
        update delivery e
           set verdict = d.verdict, verdict_reason = d.reason, scope = d.scope, digest = d.digest,
               -- An ignored one may have been stored without its body.
               body = coalesce(case when d.omitted is null then p_body[d.place] end, e.body),
               body_bytes = case when d.omitted is not null and e.body is null then d.body_bytes end,
               body_omitted = case when e.body is null then d.omitted end
         where e.guid = d.guid and e.verdict = 'ignored' and d.verdict = 'accepted';
        if not found then
          o_standing := 'again';
          o_verdict := k.verdict;
          o_reason := k.verdict_reason;
        end if;
      end if;
    end if;
    return next;
  end loop;
end $$;
comment on function delivery_record is 'Stores deliveries; a known GUID, or a copy, changes nothing.';

create table body_budget (
  payer bigint primary key,
  day   date not null,
  bytes bigint not null
) with (fillfactor = 50);
comment on table body_budget is 'The bytes of deliveries'' bodies that were kept on one day (UTC), the last one on which there were any.';
comment on column body_budget.payer is 'GitHub''s id of a repository that a system knows; 0: all others together.';

-- The last statement of a transaction that stored deliveries with these bodies. The account's rows are
-- locked in one order and until the commit alone: nobody who holds one waits for anything but another.
-- In PL/pgSQL its plan is kept; one of SQL would be planned at every call.
create or replace function delivery_bodies_charge(p_bytes bigint[], p_payer bigint[]) returns void
language plpgsql set search_path = devy, pg_temp as $$
begin
  insert into body_budget as b (payer, day, bytes)
  select n.payer, (clock_timestamp() at time zone 'utc')::date, sum(n.bytes)
    from unnest(p_bytes, p_payer) as n (bytes, payer)
   group by n.payer
   order by n.payer
  on conflict (payer) do update
     set bytes = excluded.bytes + case when b.day >= excluded.day then b.bytes else 0 end,
         day = greatest(b.day, excluded.day);
end $$;
comment on function delivery_bodies_charge is 'Charges for the bodies of deliveries that were kept.';

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

-- A delivery that is taken in again is recorded as if it came now, and keeps the time at which it came.
create or replace function delivery_forget(p_guid uuid) returns void
language sql set search_path = devy, pg_temp as $$
  delete from delivery where guid = p_guid;
$$;
comment on function delivery_forget is 'Deletes a delivery that is recorded again in the same transaction.';
create or replace function delivery_received(p_guid uuid, p_at timestamptz) returns void
language sql set search_path = devy, pg_temp as $$
  update delivery set received_at = p_at where guid = p_guid;
$$;
comment on function delivery_received is 'Gives a delivery that was recorded again the time at which it came.';
