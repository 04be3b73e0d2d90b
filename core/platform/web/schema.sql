-- The role web: sessions of people who are logged in, logins under way, and the audit of what they did.
-- Its functions stand in sessions.sql, login.sql and audit.sql. No table holds a token that lets anybody
-- in, only SHA-256 digests of such tokens.

create table web_session (
  id             uuid primary key default gen_random_uuid(),
  account_id     uuid not null references account on delete cascade,
  token_hash     bytea not null unique check (octet_length(token_hash) = 32),
  former_hash    bytea unique check (octet_length(former_hash) = 32),
  former_until   timestamptz,
  token_at       timestamptz not null default clock_timestamp(),
  created_at     timestamptz not null default clock_timestamp(),
  seen_at        timestamptz not null default clock_timestamp(),
  expires_at     timestamptz not null,
  ends_at        timestamptz not null,
  agent          text not null default '' check (length(agent) <= 256),
  address        inet,
  method         text not null check (method in ('github', 'link')),
  constraint web_session_former check ((former_hash is null) = (former_until is null)),
  constraint web_session_order check (expires_at <= ends_at)
) with (fillfactor = 70);
comment on table web_session is 'A browser in which somebody is logged in. It lives until expires_at; one that was ended has that in the past. Kept a day longer.';
comment on column web_session.token_hash is 'SHA-256 of the cookie, 256 random bits.';
comment on column web_session.former_hash is 'SHA-256 of the cookie before, which is good until former_until: requests that were under way when it changed still have it.';
comment on column web_session.token_at is 'When the cookie was given. After a day, or at once when it is -infinity because the account or the session gained rights, the next request gets another one.';
comment on column web_session.seen_at is 'The last request, to the minute.';
comment on column web_session.expires_at is 'When it ends unless it is used before: never later than ends_at.';
comment on column web_session.ends_at is 'When it ends however much it is used.';
comment on column web_session.agent is 'The browser as it called itself at the login: text of a stranger.';
comment on column web_session.method is 'github: logged in there · link: by an address that `devy-upload web link` made.';
create index web_session_account on web_session (account_id, seen_at desc);
create index web_session_expires on web_session (expires_at);

create table session_token (
  session_id uuid primary key references web_session on delete cascade,
  sealed     bytea not null check (octet_length(sealed) between 29 and 4096),
  scopes     text not null default '',
  created_at timestamptz not null default clock_timestamp()
);
comment on table session_token is 'A user''s token of GitHub for the switches of hooks, until its session ends.';
comment on column session_token.sealed is 'The token, by AES-256-GCM under web.key_file; what it is sealed for is the session''s id.';
comment on column session_token.scopes is 'As GitHub said that it granted them, not as they were asked for.';

create table login_attempt (
  state_hash  bytea primary key check (octet_length(state_hash) = 32),
  cookie_hash bytea not null check (octet_length(cookie_hash) = 32),
  session_id  uuid references web_session on delete cascade,
  verifier    text check (length(verifier) between 43 and 128),
  next        text not null check (length(next) <= 2048),
  scope       text not null default '',
  address     inet,
  created_at  timestamptz not null default clock_timestamp(),
  expires_at  timestamptz not null,
  used_at     timestamptz,
  constraint login_attempt_used check ((used_at is null) = (verifier is not null))
);
comment on table login_attempt is 'A login that somebody began and GitHub is to confirm: once, within ten minutes, in the same browser. Kept a day longer.';
comment on column login_attempt.state_hash is 'SHA-256 of the parameter state, 256 random bits.';
comment on column login_attempt.cookie_hash is 'SHA-256 of the cookie of the browser that began it: an answer in another browser is foreign.';
comment on column login_attempt.session_id is 'The session for which more scopes are asked; null: a login.';
comment on column login_attempt.verifier is 'The secret of PKCE (RFC 7636). Null once it was used.';
comment on column login_attempt.next is 'Where the browser goes afterwards: a path of this site.';
create index login_attempt_expires on login_attempt (expires_at);

create table login_link (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  account_id uuid not null references account on delete cascade,
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at    timestamptz
);
comment on table login_link is 'An address that logs in without GitHub, made by an operator: once, within a minute. Kept a day longer.';
comment on column login_link.token_hash is 'SHA-256 of the address''s token, 256 random bits.';
create index login_link_expires on login_link (expires_at);

create table audit (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default clock_timestamp(),
  actor   text not null,
  address inet,
  act     text not null check (act ~ '^[a-z_]+(\.[a-z_]+)*$'),
  target  text not null default '',
  filter  jsonb,
  count   bigint,
  reason  text,
  result  text not null default 'done'
);
comment on table audit is 'Each change that a person made: rows are only added, and nobody changes or deletes them before 400 days have passed (triggers audit_stays and audit_is_not_emptied).';
comment on column audit.actor is 'web:<username>, the user of the command line as requested_by has him, or api:<username>.';
comment on column audit.act is 'A verb, with a noun before it: operation.cancel, account.operator, web.login.';
comment on column audit.filter is 'Of an act on many: what they had in common. Null: target is the only one.';
comment on column audit.result is 'done, or how it ended otherwise: refused, failed, a code of an error.';
create index audit_at on audit (at);
