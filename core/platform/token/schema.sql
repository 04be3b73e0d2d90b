-- Tokens of the API.

create table token_denied (
  jti       text primary key check (length(jti) between 1 and 128),
  denied_at timestamptz not null default clock_timestamp(),
  denied_by text not null,
  reason    text
);
comment on table token_denied is 'API tokens that are refused before they expire. Kept for two days, because none lives longer.';
comment on column token_denied.jti is 'The token''s own id.';
