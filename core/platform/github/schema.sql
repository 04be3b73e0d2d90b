-- Calls of GitHub's API.

create table api_pause (
  name       text primary key,
  not_before timestamptz not null,
  failures   integer not null default 0,
  reason     text not null,
  secondary_at timestamptz
);
comment on column api_pause.secondary_at is 'When GitHub last refused with a secondary limit: for an hour one request at a time is enough.';
comment on table api_pause is 'The time until which GitHub''s API must not be called: because of a rate limit, or because it is unavailable. Shared by all daemons.';
comment on column api_pause.name is 'api: all requests · app, token, installation/<id>, user/<id>: requests with that credential.';
comment on column api_pause.failures is 'Number of consecutive failures; each doubles the pause.';

-- Whoever asks GitHub holds a slot, so that all daemons together ask no more at once than GitHub likes.
create table api_slot (
  slot       integer primary key,
  credential text not null,
  held_until timestamptz not null,
  holder     integer not null
) with (fillfactor = 50);
comment on table api_slot is 'Operations that ask GitHub at this moment, over all daemons.';
comment on column api_slot.holder is 'The session''s process at the server: a slot is free when that has ended, or its time is over.';

create or replace function api_slot_is_held(p_slot api_slot) returns boolean
language sql stable as $$
  select p_slot.held_until > clock_timestamp() and exists (select from pg_stat_get_activity(p_slot.holder))
$$;

-- Takes a free slot of p_slots; null: there is none. Of a credential that met a secondary limit within the
-- hour only one is held at a time.
create or replace function api_slot_take(
  p_credential text, p_slots integer, p_held interval, out o_slot integer, out o_held_until timestamptz)
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_slot integer;
begin
  if exists (select from api_pause where name = p_credential and secondary_at > clock_timestamp() - interval '1 hour') then
    perform pg_advisory_xact_lock(hashtextextended('api_slot/' || p_credential, 0));
    if exists (select from api_slot a where a.credential = p_credential and api_slot_is_held(a)) then
      return;
    end if;
  end if;
  select s into v_slot from generate_series(1, p_slots) s
   where not exists (select from api_slot a where a.slot = s and api_slot_is_held(a))
   order by s limit 1;
  if v_slot is null then return; end if;
  -- Null where another one was quicker.
  insert into api_slot as a (slot, credential, held_until, holder)
  values (v_slot, p_credential, clock_timestamp() + p_held, pg_backend_pid())
      on conflict (slot) do update
     set credential = excluded.credential, held_until = excluded.held_until, holder = excluded.holder
   where not api_slot_is_held(a)
  returning a.slot, a.held_until into o_slot, o_held_until;
end $$;
comment on function api_slot_take is 'Takes a slot for asking GitHub, of those that all daemons share.';

create table api_budget (
  credential text not null,
  resource   text not null,
  quota      bigint not null,
  remaining  bigint not null,
  reset_at   timestamptz not null,
  seen_at    timestamptz not null default clock_timestamp(),
  factor     real not null default 1 check (factor > 0 and factor <= 1),
  slowed_at  timestamptz,
  primary key (credential, resource)
) with (fillfactor = 50);
comment on table api_budget is 'How many requests GitHub still answers before reset_at, as its last answer told. Shared by all daemons.';
comment on column api_budget.credential is 'As in api_pause.name; none: requests without a credential.';
comment on column api_budget.factor is 'The part of what we allow ourselves to write that is left since a secondary limit; it grows again by a tenth for each quiet ten minutes since slowed_at.';

create table api_write (
  credential text not null,
  at         timestamptz not null default clock_timestamp(),
  points     smallint not null,
  is_content boolean not null
);
comment on table api_write is 'Requests of the last hour that count against GitHub''s secondary limits, by points: 5 of a write, 1 of a reading before it. One that makes an issue or a comment is content.';
create index api_write_at on api_write (credential, at);
