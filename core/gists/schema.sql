-- Gists: the public gists of tracked users of GitHub, what each visitor has seen of them, and what is passed on
-- to the CRM (gists.md, "Data"). Rows are written by the functions of users.sql, scans.sql, visits.sql and
-- crm.sql.
--
-- Lock order: lease → tracked_user (by id) → routine → gist → gist_file → gist_version → crm_item → resource →
-- operation. Whoever numbers versions, or counts them for a visitor, holds the lock of the tracked user.

create domain tracked_user_state as text check (value in ('new', 'active', 'missing', 'off'));
comment on domain tracked_user_state is
  'new: GitHub was not asked yet who it is · active: scanned by each routine · missing: GitHub knows no such user, asked again daily · '
  'off: not scanned until somebody tracks the user again; what was found stays.';
create domain gist_content_state as text check (value in ('whole', 'cut', 'binary', 'too_large'));
comment on domain gist_content_state is
  'whole: all bytes are here · cut: only the first gists.content_bytes_max are · binary: no text, so only its facts are kept · '
  'too_large: above gists.file_bytes_max, so it was not fetched.';
create domain crm_item_state as text check (value in ('pending', 'sending', 'sent', 'refused', 'gone'));
comment on domain crm_item_state is
  'pending: waits to be sent · sending: a request was begun whose answer is not known · sent: the CRM has it · '
  'refused: the CRM will not have it, so a person has to look · gone: a person deleted it in the CRM, and it is not made anew.';

create table routine (
  id          bigint generated always as identity primary key,
  reason      text not null check (reason in ('timer', 'operator')),
  started_at  timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  is_filled   boolean not null default true,
  pending     integer not null default 0 check (pending >= 0),
  users       integer not null default 0,
  failed      integer not null default 0,
  gists       integer not null default 0,
  files       integer not null default 0
) with (fillfactor = 70);
comment on table routine is 'Rounds of scans: each has some tracked users scanned once. Kept 400 days.';
comment on column routine.is_filled is 'False as long as users are still to be given to it.';
comment on column routine.pending is 'The users whose scan has not ended; at 0 the routine has finished.';
comment on column routine.users is 'The users whose scan has ended; those that failed are among them.';
comment on column routine.gists is 'The gists in which it found something new, and how many versions of files.';
create index routine_open on routine (id) where finished_at is null;
create index routine_started on routine (started_at);

create table tracked_user (
  id           uuid primary key default gen_random_uuid(),
  external_id  text not null unique check (external_id ~ '^[A-Za-z0-9_-]{1,64}$'),
  login        text not null check (login ~ '^([a-z0-9_-]{1,39}|@[0-9]{1,19})$'),
  github_id    bigint unique,
  state        tracked_user_state not null default 'new',
  since        timestamptz,
  scan_at      timestamptz,
  scanned_at   timestamptz,
  full_at      timestamptz,
  is_full_wanted boolean not null default false,
  watermark    timestamptz,
  etag         text,
  failures     integer not null default 0,
  error        text,
  next_seq     bigint not null default 1,
  routine_id   bigint references routine,
  operation_id uuid,
  created_at   timestamptz not null default clock_timestamp(),
  added_by     text not null,
  constraint tracked_user_known check (state in ('new', 'off', 'missing') or github_id is not null)
) with (fillfactor = 50);
comment on table tracked_user is 'Users of GitHub whose public gists are scanned.';
comment on column tracked_user.external_id is 'The id that whoever tracks the user knows him by; the login where none was given.';
comment on column tracked_user.login is 'As GitHub called him last, in lower case. "@" and his number: somebody else has his login now, and the next scan asks for the new one.';
comment on column tracked_user.since is 'Gists that were updated last before then are not looked at; null: all are.';
comment on column tracked_user.scan_at is 'The next scan is recorded then; null: the next routine says when.';
comment on column tracked_user.full_at is 'When a scan last read the whole list.';
comment on column tracked_user.is_full_wanted is 'A person has asked for a scan of the whole list.';
comment on column tracked_user.watermark is 'The latest updated_at that was seen, by GitHub''s clock. It moves only when something newer was seen, so that the address of the list stays.';
comment on column tracked_user.etag is 'GitHub''s validator of the list at this watermark; null: it has several pages, or was not read.';
comment on column tracked_user.failures is 'Scans that failed since the last that did not.';
comment on column tracked_user.next_seq is 'The number that the next version gets. It is read and moved under the lock of this row, so numbers become visible in order.';
comment on column tracked_user.routine_id is 'The routine that waits for this user''s scan.';
comment on column tracked_user.operation_id is 'The scan that was recorded last, until its end has been noted here.';
create unique index tracked_user_login on tracked_user (login) where state <> 'off';
create index tracked_user_due on tracked_user (scan_at) where scan_at is not null and state <> 'off';
-- Lists of people: by state, and those whose scans fail.
create index tracked_user_state on tracked_user (state, login, id);
create index tracked_user_failing on tracked_user (login, id) where failures > 0 and state <> 'off';
create index tracked_user_scanning on tracked_user (operation_id) where operation_id is not null;
create index tracked_user_routine on tracked_user (routine_id) where routine_id is not null;

create table gist (
  id              text primary key check (id ~ '^[0-9a-f]{20,40}$'),
  tracked_user_id uuid not null references tracked_user on delete cascade,
  description     text,
  html_url        text not null,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  is_partial      boolean not null default false,
  gone_at         timestamptz,
  gone_reason     text check (gone_reason in ('deleted', 'secret', 'blocked')),
  constraint gist_gone check ((gone_at is null) = (gone_reason is null))
) with (fillfactor = 80);
comment on table gist is 'Public gists, and those that were public once.';
comment on column gist.created_at is 'By GitHub''s clock, as updated_at.';
comment on column gist.is_partial is 'It has more files than gists.files_max: only the first are here.';
comment on column gist.gone_at is 'When it was found to be public no more. Its contents left this database at once.';
comment on column gist.gone_reason is 'deleted: GitHub does not know it · secret: its owner hid it · blocked: GitHub does not show it.';
create index gist_gone on gist (id) where gone_at is not null;
create index gist_of_user on gist (tracked_user_id, updated_at desc, id);

create table gist_file (
  id         uuid primary key default gen_random_uuid(),
  gist_id    text not null references gist on delete cascade,
  filename   text not null check (octet_length(filename) between 1 and 1024),
  version    integer not null default 0 check (version >= 0),
  removed_at timestamptz
) with (fillfactor = 80);
comment on table gist_file is 'The files of gists. A file that is renamed stays the same row.';
comment on column gist_file.filename is 'Text of a stranger, never a path, a key or a header as it stands.';
comment on column gist_file.version is 'The number of its newest version.';
create unique index gist_file_name on gist_file (gist_id, filename) where removed_at is null;
create index gist_file_removed on gist_file (gist_id) where removed_at is not null;

create table gist_version (
  gist_file_id    uuid not null references gist_file on delete cascade,
  number          integer not null check (number > 0),
  tracked_user_id uuid not null references tracked_user on delete cascade,
  blob            text not null check (blob ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
  size            bigint not null check (size >= 0),
  media_type      text,
  language        text,
  raw_url         text not null,
  content         bytea compression lz4,
  content_state   gist_content_state not null,
  seq             bigint not null check (seq > 0),
  found_at        timestamptz not null default clock_timestamp(),
  routine_id      bigint,
  primary key (gist_file_id, number),
  constraint gist_version_seq unique (tracked_user_id, seq),
  constraint gist_version_content check (content is null or content_state in ('whole', 'cut'))
);
comment on table gist_version is 'Each content that a file of a gist was found with. One that comes back is a version of its own.';
comment on column gist_version.tracked_user_id is 'As the gist has it, for the index.';
comment on column gist_version.blob is 'Git''s id of the content; where GitHub tells none, its SHA-256.';
comment on column gist_version.content is 'Null: there is no text, or its gist is gone.';
comment on column gist_version.seq is 'Its number among all versions of its tracked user. No clock decides what a visitor has seen.';
comment on column gist_version.routine_id is 'The routine that found it; null: a scan that belongs to none, or the routine is deleted.';

create table routine_gist_user (
  routine_id      bigint not null references routine on delete cascade,
  gist_id         text not null references gist on delete cascade,
  tracked_user_id uuid not null references tracked_user on delete cascade,
  primary key (routine_id, gist_id)
);
comment on table routine_gist_user is 'The gists that a routine added.';
create index routine_gist_user_gist on routine_gist_user (gist_id);
create index routine_gist_user_user on routine_gist_user (tracked_user_id);

create table gist_visitor (
  tracked_user_id uuid not null references tracked_user on delete cascade,
  visitor         text not null check (octet_length(visitor) between 1 and 512),
  seen_seq        bigint not null default 0,
  primary key (tracked_user_id, visitor)
) with (fillfactor = 50);
comment on table gist_visitor is 'How far each visitor has seen the versions of a tracked user.';
comment on column gist_visitor.visitor is '"anonymous", "token:<key id>/<subject>", "github:<user id>", "web:<account id>" in the browser, or "operator:<user>".';

create table gist_session (
  id              bigint generated always as identity primary key,
  tracked_user_id uuid not null references tracked_user on delete cascade,
  visitor         text not null,
  from_seq        bigint not null,
  to_seq          bigint not null,
  edits           boolean not null default false,
  is_more         boolean not null default false,
  idempotency_key text check (octet_length(idempotency_key) between 1 and 255),
  created_at      timestamptz not null default clock_timestamp(),
  constraint gist_session_range check (from_seq <= to_seq),
  constraint gist_session_key unique (tracked_user_id, visitor, idempotency_key)
);
comment on table gist_session is 'Visits: each has the versions whose numbers are above from_seq and not above to_seq. Kept 400 days.';
comment on column gist_session.edits is 'It shows later versions besides the first of each file.';
comment on column gist_session.is_more is 'More was known than one visit gives.';
create index gist_session_visitor on gist_session (tracked_user_id, visitor, id desc);
create index gist_session_created on gist_session (created_at);

create table crm_item (
  id              uuid primary key default gen_random_uuid(),
  kind            text not null check (kind in ('activity', 'deal')),
  gist_file_id    uuid references gist_file on delete cascade,
  gist_id         text references gist on delete cascade,
  tracked_user_id uuid references tracked_user on delete cascade,
  number          integer check (number > 0),
  wanted          integer not null default 1 check (wanted > 0),
  sent            integer not null default 0 check (sent >= 0),
  state           crm_item_state not null default 'pending',
  remote_id       bigint,
  attempt_at      timestamptz,
  absent_at       timestamptz,
  is_done         boolean not null default false,
  wanted_at       timestamptz not null default clock_timestamp(),
  error           text,
  constraint crm_item_target check (num_nonnulls(gist_file_id, gist_id, tracked_user_id) = 1),
  constraint crm_item_kind check ((kind = 'activity') = (gist_file_id is not null)),
  constraint crm_item_number check (number is null or kind = 'activity'),
  constraint crm_item_identity unique nulls not distinct (kind, gist_file_id, gist_id, tracked_user_id, number),
  constraint crm_item_sent check (state <> 'sent' or (remote_id is not null and sent >= wanted)),
  constraint crm_item_sending check (state <> 'sending' or attempt_at is not null)
) with (fillfactor = 70);
comment on table crm_item is 'What the CRM is told: an activity for each file, or for each version, and deals. Its id is in the marker of the activity''s note.';
comment on column crm_item.number is 'The version that the activity is about; null: it follows the file.';
comment on column crm_item.wanted is 'The version that the CRM is to have, and the one that it has: of a deal 1.';
comment on column crm_item.remote_id is 'The activity''s, or the deal''s, id in the CRM.';
comment on column crm_item.attempt_at is 'When the last request was begun.';
comment on column crm_item.absent_at is 'When the CRM first did not list what a request without an answer was to make; sent again when it is still absent after a while.';
comment on column crm_item.is_done is 'The activity was marked as done, because its file or gist is gone.';
comment on column crm_item.wanted_at is 'Since when the CRM has not had what it is to have.';
comment on column crm_item.error is 'Why the CRM refused it.';
create index crm_item_unsent on crm_item (wanted_at, id) where state in ('pending', 'sending');
create index crm_item_attention on crm_item (id) where state in ('refused', 'gone');
create index crm_item_file on crm_item (gist_file_id) where gist_file_id is not null;
create index crm_item_gist on crm_item (gist_id) where gist_id is not null;
create index crm_item_user on crm_item (tracked_user_id) where tracked_user_id is not null;
