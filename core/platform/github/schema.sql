-- Calls of GitHub's API.

create table api_pause (
  name       text primary key,
  not_before timestamptz not null,
  failures   integer not null default 0,
  reason     text not null
);
comment on table api_pause is 'The time until which GitHub''s API must not be called: because of a rate limit, or because it is unavailable. Shared by all daemons.';
comment on column api_pause.name is 'api: all requests · app, token, installation/<id>: requests with that credential.';
comment on column api_pause.failures is 'Number of consecutive failures; each doubles the pause.';

create table api_budget (
  credential text not null,
  resource   text not null,
  quota      bigint not null,
  remaining  bigint not null,
  reset_at   timestamptz not null,
  seen_at    timestamptz not null default clock_timestamp(),
  primary key (credential, resource)
) with (fillfactor = 50);
comment on table api_budget is 'How many requests GitHub still answers before reset_at, as its last answer told. Shared by all daemons.';
comment on column api_budget.credential is 'As in api_pause.name; none: requests without a credential.';
