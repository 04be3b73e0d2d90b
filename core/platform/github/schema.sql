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
