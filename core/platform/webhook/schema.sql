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

create table hook (
  key           text primary key,
  repository_id uuid unique references repository on delete cascade,
  hook_id       bigint,
  seen_id       bigint not null default 0,
  etag          text not null default '',
  look_at       timestamptz not null default clock_timestamp(),
  looked_at     timestamptz,
  failures      integer not null default 0,
  error         text,
  constraint hook_identity check (key = coalesce(repository_id::text, 'app'))
) with (fillfactor = 50);
comment on table hook is 'The hooks whose deliveries are checked at GitHub: the App''s hook, or with a token each repository''s own.';
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
