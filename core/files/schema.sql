-- Files: uploads by people, their bytes by digest, and the tokens by which a form keeps what it uploaded
-- (files.md, section 1). Rows are written by the functions of owners.sql, receive.sql, tokens.sql and
-- cleanup.sql.
--
-- Lock order: lease → token → file (by id) → content (by digest) → owner → resource → operation. The owner
-- comes last, so that no one waits for a disk while he holds a quota.

create domain file_digest as bytea check (octet_length(value) = 32);
create domain file_node as text check (value ~ '^[a-z0-9]{1,32}$');
create domain file_state as text
  check (value in ('receiving', 'assembling', 'checking', 'temporary', 'permanent', 'rejected', 'deleted'));
comment on domain file_state is
  'receiving: bytes are still to come · assembling: parts are being joined · checking: inspectors look at it, and nobody may have it yet · '
  'temporary: whole, deleted at expires_at unless somebody persists it · permanent: whole, until somebody deletes it · '
  'rejected: refused, its bytes are gone · deleted: a permanent one may be restored as long as its bytes are there.';
create domain content_state as text check (value in ('staged', 'stored', 'doomed', 'deleting', 'lost'));
comment on domain content_state is
  'staged: on this node, on its way to its storage · stored: in its storage · doomed: no file has it, it is deleted soon · '
  'deleting: its storage is being told to delete it · lost: its bytes are missing or others; uploading them again heals it.';

create table file_owner (
  id             uuid primary key default gen_random_uuid(),
  github_user_id bigint unique,
  account_id     uuid unique references account,
  login          text not null,
  bytes_used     bigint not null default 0 check (bytes_used >= 0),
  bytes_reserved bigint not null default 0 check (bytes_reserved >= 0),
  files          bigint not null default 0 check (files >= 0),
  bytes_max      bigint check (bytes_max >= 0),
  files_max      bigint check (files_max >= 0),
  blocked_at     timestamptz,
  blocked_reason text,
  constraint file_owner_known check (github_user_id is not null or account_id is not null)
) with (fillfactor = 50);
comment on table file_owner is 'Whose files are whose: a user of GitHub, an account of this site, or one who is known as both.';
comment on column file_owner.login is 'As he was called last; ids decide.';
comment on column file_owner.bytes_used is 'The sizes of his files that are checking, temporary or permanent, together.';
comment on column file_owner.bytes_reserved is 'What his open uploads announced.';
comment on column file_owner.files is 'How many files are in bytes_used.';
comment on column file_owner.bytes_max is 'His own limit; null: the configured one.';

create table file_token (
  digest     file_digest primary key,
  owner_id   uuid not null references file_owner,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at    timestamptz,
  used_kind  text check (length(used_kind) between 1 and 64),
  used_key   text check (length(used_key) between 1 and 1024),
  constraint file_token_used check (used_at is not null or used_kind is null),
  constraint file_token_reference check ((used_kind is null) = (used_key is null))
) with (fillfactor = 80);
comment on table file_token is 'Tokens of batches of temporary files: who sends one persists all of them, once. Kept 7 days more.';
comment on column file_token.digest is 'SHA-256 of the token, dvf_ and 256 random bits, which is stored nowhere.';
create index file_token_owner on file_token (owner_id);
create index file_token_expires on file_token (expires_at);

create sequence content_generation as integer;
comment on sequence content_generation is 'Each time that bytes come to stay has a number of its own, so that no key in S3 is ever used again.';

create table content (
  sha256       file_digest primary key,
  size         bigint not null check (size >= 0),
  storage      text not null check (storage in ('disk', 's3')),
  generation   integer not null default nextval('content_generation') check (generation > 0),
  state        content_state not null,
  node         file_node,
  multipart_id text,
  unused_since timestamptz,
  verified_at  timestamptz
) with (fillfactor = 80);
comment on table content is 'Bytes by their digest. Files share them. They are linked and unlinked under the lock of their row alone.';
comment on column content.generation is 'When these bytes came, or came back after they were doomed: part of their key in S3, so that a late deletion of what they were meets nothing.';
comment on column content.node is 'The node that has them, as long as they are on a disk.';
comment on column content.multipart_id is 'The upload in parts by which they are on their way to S3.';
comment on column content.unused_since is 'Since when no file has them, of those that were deleted and are kept neither; null: one has.';
comment on column content.verified_at is 'When its bytes were last known to be right: as they came, so since when a staged one waits, or when they were read again.';
create index content_unused on content (unused_since) where unused_since is not null;
create index content_verified on content (verified_at nulls first) where state = 'stored';
create index content_pending on content (state, sha256) where state in ('staged', 'doomed', 'deleting');

create table file (
  id              uuid primary key default gen_random_uuid(),
  owner_id        uuid not null references file_owner,
  token_digest    file_digest references file_token,
  name            text not null check (octet_length(name) between 1 and 255),
  size            bigint check (size >= 0),
  received_sha256 file_digest,
  sha256          file_digest references content,
  declared_type   text check (octet_length(declared_type) <= 255),
  media_type      text,
  state           file_state not null,
  is_temporary    boolean not null,
  metadata        jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object' and octet_length(metadata::text) <= 4096),
  error_code      text,
  request_key     text check (length(request_key) between 1 and 255),
  created_at      timestamptz not null default clock_timestamp(),
  completed_at    timestamptz,
  expires_at      timestamptz,
  deleted_at      timestamptz,
  deleted_by      text,
  constraint file_request unique (owner_id, request_key),
  constraint file_whole check (state not in ('checking', 'temporary', 'permanent')
    or (size is not null and received_sha256 is not null and sha256 is not null and completed_at is not null)),
  constraint file_temporary check (state <> 'temporary' or (is_temporary and expires_at is not null)),
  constraint file_permanent check (state <> 'permanent' or (not is_temporary and expires_at is null)),
  constraint file_rejected check ((state = 'rejected') = (error_code is not null)),
  constraint file_deleted check ((state = 'deleted') = (deleted_at is not null))
) with (fillfactor = 80);
comment on table file is 'Files as their owners see them.';
comment on column file.token_digest is 'The batch that it was uploaded with; null: it was permanent from the beginning.';
comment on column file.name is 'As its owner calls it: text of a stranger, never a path, a key or a header as it stands.';
comment on column file.received_sha256 is 'SHA-256 of what was sent, sha256 of what is kept: an inspector may replace it.';
comment on column file.declared_type is 'The type that the client said; nothing is served by it.';
comment on column file.request_key is 'Its Idempotency-Key: the same request again gets the same file.';
create index file_owner_files on file (owner_id, created_at desc, id desc);
create index file_newest on file (created_at desc, id desc);
create index file_same on file (owner_id, sha256, name) where state = 'permanent';
create index file_of_content on file (sha256) where sha256 is not null;
create index file_of_token on file (token_digest) where token_digest is not null;
create index file_expires on file (expires_at) where state = 'temporary';
create index file_gone on file (deleted_at) where state = 'deleted';
create index file_rejections on file (created_at) where state = 'rejected';
create index file_pending on file (state, created_at) where state in ('assembling', 'checking');

create table file_upload (
  file_id       uuid primary key references file on delete cascade,
  node          file_node not null,
  key_digest    file_digest not null,
  length        bigint check (length >= 0),
  received      bigint not null default 0 check (received >= 0),
  fence         bigint not null default 1,
  concat        text check (concat in ('partial', 'final')),
  parts         uuid[],
  owner_id      uuid not null references file_owner,
  concat_digest file_digest,
  metadata_sent text check (octet_length(metadata_sent) <= 4096),
  expires_at    timestamptz not null,
  constraint file_upload_concat unique (owner_id, concat_digest),
  constraint file_upload_received check (length is null or received <= length)
) with (fillfactor = 70);
comment on table file_upload is 'Uploads that can be resumed, each with its bytes in staging on one node.';
comment on column file_upload.key_digest is 'SHA-256 of the key in the upload''s URL.';
comment on column file_upload.received is 'The bytes that are safe on the disk.';
comment on column file_upload.fence is 'Counts its writers: who has an older one records nothing.';
comment on column file_upload.owner_id is 'As the file has it, for the constraint.';
create index file_upload_expires on file_upload (expires_at);

create table file_reference (
  file_id    uuid not null references file on delete restrict,
  kind       text not null check (length(kind) between 1 and 64),
  key        text not null check (length(key) between 1 and 1024),
  created_at timestamptz not null default clock_timestamp(),
  created_by text not null,
  primary key (file_id, kind, key)
);
comment on table file_reference is 'What uses a file: it cannot be deleted as long as something does.';
create index file_reference_place on file_reference (kind, key);

create table file_storage (
  node     file_node primary key,
  instance uuid not null default gen_random_uuid(),
  kind     text not null check (kind in ('disk', 's3')),
  place    text not null
);
comment on table file_storage is 'Where the bytes of each node are. A storage carries its instance, so that an empty folder is not taken for an empty store.';

create table file_s3_pause (
  is_only    boolean primary key default true check (is_only),
  begun_at   timestamptz not null,
  not_before timestamptz not null,
  reason     text not null,
  hint       text not null
);
comment on table file_s3_pause is 'That S3 refuses us, and until when it is not asked again. No row: it does not.';
