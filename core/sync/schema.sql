-- Sync: tasks and comments of projects, and what of them is the same thing as an issue, a pull request or a
-- comment at GitHub (sync.md, section 1). GitHub's own facts are the mirror's rows; here stands what people made
-- of them, and the pair of both (sync_link). Rows are written by the functions of projects.sql, edits.sql,
-- inbound.sql, outbound.sql and connections.sql alone.
--
-- Lock order: lease → mirror's rows → sync_link → record (task, comment) → resource → operation.

create domain project_role as text check (value in ('admin', 'member'));
create domain connection_state as text check (value in (
  'connecting', 'loading', 'tasks', 'comments', 'exporting', 'synced', 'blocked', 'suspended', 'disconnected'));
comment on domain connection_state is
  'connecting: GitHub is asked for the rights · loading: the mirror fills · tasks, comments: records are made of the mirror''s rows · '
  'exporting: tasks of ours are sent · synced: both sides are kept equal · blocked: a person has to act, reason says how · '
  'suspended: the App''s installation is · disconnected: nothing is synced any more.';
create domain sync_outcome as text check (value in (
  'created', 'applied', 'merged', 'unchanged', 'sent', 'adopted', 'refused', 'gone'));
create domain record_kind as text check (value in ('task', 'comment'));

create table user_token (
  account_id      uuid primary key references account on delete cascade,
  login           text not null,
  token           bytea not null check (octet_length(token) between 29 and 4096),
  refresh         bytea check (octet_length(refresh) between 29 and 4096),
  token_ends_at   timestamptz,
  refresh_ends_at timestamptz,
  created_at      timestamptz not null default clock_timestamp()
);
comment on table user_token is 'Users'' tokens of GitHub, by which their new issues and comments are theirs there, too. Whose they are says account.github_id.';
comment on column user_token.token is 'The token, by AES-256-GCM under sync.token_key_file; what it is sealed for is the account''s id. So is refresh.';

create table installation (
  id                bigint primary key,
  github_account_id bigint not null,
  login             text not null,
  account_type      text not null check (account_type in ('User', 'Organization')),
  state             text not null default 'active' check (state in ('active', 'suspended', 'deleted')),
  permissions       jsonb not null default '{}',
  seen_at           timestamptz not null default clock_timestamp()
);
comment on table installation is 'Installations of our GitHub App, as GitHub last told; the id is GitHub''s.';
create index installation_account on installation (github_account_id);

create table project (
  id             uuid primary key default gen_random_uuid(),
  account_id     uuid not null references account,
  slug           text not null constraint project_slug_form check (slug ~ '^[a-z0-9](-?[a-z0-9]){0,62}$'),
  title          text not null check (length(title) between 1 and 256),
  is_private     boolean not null default false,
  conflict       text not null default 'github' check (conflict in ('github', 'local')),
  on_task_delete text not null default 'close' check (on_task_delete in ('close', 'leave')),
  next_number    integer not null default 1,
  created_at     timestamptz not null default clock_timestamp(),
  constraint project_address unique (account_id, slug)
) with (fillfactor = 70);
comment on table project is 'Projects: tasks of people, kept equal with the issues of the repositories that are connected.';
comment on column project.conflict is 'The side that wins where both changed a field differently; what the other said is kept as a lost version.';
comment on column project.on_task_delete is 'A deleted task''s issue is closed as not planned, or left as it is.';
comment on column project.next_number is 'The number that the next task gets, read and moved under the lock of this row.';

create table project_member (
  project_id uuid not null references project on delete cascade,
  account_id uuid not null references account on delete cascade,
  role       project_role not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (project_id, account_id)
);
comment on table project_member is 'Who may do what in a project; its owner is an admin without a row.';
create index project_member_account on project_member (account_id);

create table project_repository (
  id            uuid primary key default gen_random_uuid(),
  project_id    uuid not null references project on delete cascade,
  repository_id bigint not null,
  name          text,
  resource_id   bigint not null references resource,
  state         connection_state not null default 'connecting',
  reason        text,
  former_state  connection_state,
  export        text not null default 'none' check (export in ('none', 'open', 'all')),
  labels        jsonb not null default '{}' check (jsonb_typeof(labels) = 'object'),
  cursor        jsonb,
  done          integer not null default 0,
  total         integer,
  verified_at   timestamptz,
  verify_at     timestamptz,
  connected_by  uuid references account on delete set null,
  is_export_approved boolean not null default false,
  approved_at   timestamptz,
  created_at    timestamptz not null default clock_timestamp(),
  constraint project_repository_reason check (state not in ('blocked', 'suspended', 'disconnected') or reason is not null),
  constraint project_repository_pair unique (project_id, repository_id)
) with (fillfactor = 70);
comment on table project_repository is 'Connections: a repository whose issues are a project''s tasks.';
comment on column project_repository.repository_id is 'GitHub''s id; its rows are the mirror''s.';
comment on column project_repository.name is 'owner/name, as it was called when it was connected; the mirror''s row says how it is now.';
comment on column project_repository.resource_id is 'The resource `connection` on which its own operations run.';
comment on column project_repository.reason is 'Why it does not go on: a code that `explain` knows.';
comment on column project_repository.former_state is 'The step to go on with when what blocks or suspends it has ended.';
comment on column project_repository.export is 'Which tasks of ours become issues when the first sync ends: none, those that are open, or all.';
comment on column project_repository.labels is 'GitHub''s names of labels → ours; null: the label is ignored. A label that is not here has the same name on both sides.';
comment on column project_repository.is_export_approved is 'A person has seen how many tasks become issues.';
comment on column project_repository.approved_at is 'When a person last let it go on: what was deleted before counts no more towards a mass delete.';
comment on column project_repository.cursor is 'How far the step of the first sync has come.';
comment on column project_repository.verify_at is 'When records and the mirror''s rows are compared next.';
create unique index project_repository_connected on project_repository (repository_id) where state <> 'disconnected';
comment on index project_repository_connected is 'A repository belongs to one project.';
create index project_repository_verify on project_repository (verify_at) where state = 'synced';

-- A record''s id is also its link''s, if it has one.
create table task (
  id               uuid primary key default gen_random_uuid(),
  project_id       uuid not null references project,
  number           integer not null,
  connection_id    uuid references project_repository,
  author_id        uuid references account on delete set null,
  github_author_id bigint,
  edited_by        uuid references account on delete set null,
  title            text not null check (length(title) between 1 and 256),
  body             text compression lz4 not null default '' check (length(body) <= 65536),
  state            text not null default 'open' check (state in ('open', 'closed')),
  state_reason     text check (state_reason in ('completed', 'not_planned', 'duplicate')),
  labels           text[] not null default '{}',
  milestone        text,
  is_pull_request  boolean not null default false,
  is_merged        boolean not null default false,
  is_draft         boolean not null default false,
  is_locked        boolean not null default false,
  is_archived      boolean not null default false,
  list             text not null default 'inbox' check (list in ('inbox', 'doing', 'done', 'pull_requests')),
  version          integer not null default 1,
  created_at       timestamptz not null default clock_timestamp(),
  updated_at       timestamptz not null default clock_timestamp(),
  closed_at        timestamptz,
  deleted_at       timestamptz,
  request_key      text check (length(request_key) between 1 and 255),
  request_digest   bytea,
  constraint task_number unique (project_id, number),
  constraint task_reason check (state = 'closed' or state_reason is null),
  constraint task_request_digest check ((request_key is null) = (request_digest is null))
) with (fillfactor = 70);
comment on table task is 'Tasks: what people plan and do in a project.';
comment on column task.number is 'Shown as T-12; #12 is always GitHub''s.';
comment on column task.connection_id is 'Where it is an issue, or is to become one; fixed once it is linked. Null: it is of this site alone.';
comment on column task.github_author_id is 'The user of GitHub who opened it there; an account that has that number is its author, too.';
comment on column task.version is 'Counts its changes, from 1; each has a row in record_version.';
comment on column task.request_key is 'The Idempotency-Key of the request that made it; the digest is of its body.';
create unique index task_request on task (project_id, request_key) where request_key is not null;
create index task_list on task (project_id, state, updated_at desc, id desc) where deleted_at is null;
create index task_connection on task (connection_id, id) where connection_id is not null;

create table task_assignee (
  task_id        uuid not null references task on delete cascade,
  account_id     uuid references account on delete cascade,
  github_user_id bigint,
  constraint task_assignee_one check ((account_id is null) <> (github_user_id is null))
);
comment on table task_assignee is 'Who works on a task: an account, or a user of GitHub whom no account is linked to.';
create unique index task_assignee_account on task_assignee (task_id, account_id) where account_id is not null;
create unique index task_assignee_github on task_assignee (task_id, github_user_id) where github_user_id is not null;
create index task_assignee_task on task_assignee (task_id);
create index task_assignee_of on task_assignee (account_id) where account_id is not null;

create table comment (
  id               uuid primary key default gen_random_uuid(),
  task_id          uuid not null references task on delete cascade,
  author_id        uuid references account on delete set null,
  github_author_id bigint,
  edited_by        uuid references account on delete set null,
  body             text compression lz4 not null check (length(body) <= 65536),
  version          integer not null default 1,
  created_at       timestamptz not null default clock_timestamp(),
  updated_at       timestamptz not null default clock_timestamp(),
  deleted_at       timestamptz,
  request_key      text check (length(request_key) between 1 and 255),
  request_digest   bytea,
  constraint comment_request_digest check ((request_key is null) = (request_digest is null))
) with (fillfactor = 70);
comment on table comment is 'Comments on tasks. One that was deleted at GitHub keeps its text.';
create unique index comment_request on comment (task_id, request_key) where request_key is not null;
create index comment_task on comment (task_id, created_at, id);

create table sync_link (
  id                uuid primary key,
  kind              record_kind not null,
  resource_id       bigint not null unique references resource,
  connection_id     uuid not null references project_repository,
  parent_id         uuid,
  github_key        bigint,
  github_id         bigint,
  github_updated_at timestamptz,
  base              jsonb,
  base_digest       text,
  owed              integer not null default 0,
  refused           jsonb not null default '{}' check (jsonb_typeof(refused) = 'object'),
  intent            jsonb,
  gone_at           timestamptz,
  gone_reason       text,
  constraint sync_link_gone check ((gone_at is null) = (gone_reason is null)),
  constraint sync_link_reason check (gone_reason in (
    'deleted', 'transferred', 'gone', 'repository_deleted', 'access_lost', 'unlinked')),
  constraint sync_link_parent check ((kind = 'comment') = (parent_id is not null)),
  constraint sync_link_key unique (connection_id, kind, github_key)
) with (fillfactor = 70);
comment on table sync_link is 'Pairs: a record of ours and the issue, pull request or comment of GitHub that is the same thing. The id is the record''s, given before the record exists.';
comment on column sync_link.resource_id is 'The resource, of kind task or comment and with the id as its key, on which operations of both directions run, one at a time.';
comment on column sync_link.parent_id is 'Of a comment: its task.';
comment on column sync_link.github_key is 'The number of the issue, or the id of the comment; null as long as it does not exist there.';
comment on column sync_link.github_id is 'The issue''s own id.';
comment on column sync_link.github_updated_at is 'How new base is, by GitHub''s clock.';
comment on column sync_link.base is 'The synced fields as GitHub last said them, in its own words (core/sync/record/remote.hpp): what both sides were compared with last. Null: it does not exist there yet, or nothing was heard.';
comment on column sync_link.base_digest is 'The digest of base: what says the same is no news.';
comment on column sync_link.owed is 'Reasons to write to GitHub that have not been written: edits of people here, and changes that are not ours. A write that nothing is owed for would be a loop, and waits for a person.';
comment on column sync_link.refused is 'Field → the digest of the value that GitHub would not take: not sent again before it changes, or somebody asks for it.';
comment on column sync_link.intent is 'A creation whose answer is not known: {at, number_before, marker, tries, lookups}.';
comment on column sync_link.gone_reason is 'Why it is synced no more: the mirror''s reasons, or unlinked because the task was deleted here.';
create index sync_link_parent on sync_link (parent_id) where kind = 'comment';
create index sync_link_gone on sync_link (connection_id, gone_at) where gone_at is not null;
create index sync_link_intent on sync_link (connection_id) where intent is not null;

create table sync_operation (
  operation_id           uuid primary key,
  link_id                uuid not null,
  connection_id          uuid not null,
  github_installation_id bigint,
  delivery_guid          uuid,
  action                 text,
  github_key             bigint,
  github_updated_at      timestamptz,
  local_version          integer,
  fields                 text[],
  outcome                sync_outcome,
  api_calls              integer not null default 0,
  calls                  jsonb
);
comment on table sync_operation is 'The operations of kinds task_sync and comment_sync: the reason for each, and its result.';
comment on column sync_operation.fields is 'Outbound: the fields that were sent.';
comment on column sync_operation.calls is 'The last requests: [{method, path, status, at}], at most twenty.';
create index sync_operation_link on sync_operation (link_id);
create index sync_operation_connection on sync_operation (connection_id);
create index sync_operation_delivery on sync_operation (delivery_guid) where delivery_guid is not null;

create table record_version (
  record_id        uuid not null,
  version          integer not null,
  origin           text not null check (origin in ('local', 'github', 'merge')),
  author_id        uuid references account on delete set null,
  github_author_id bigint,
  fields           jsonb not null,
  is_lost          boolean not null default false,
  lost_to          integer,
  operation_id     uuid,
  at               timestamptz not null default clock_timestamp(),
  primary key (record_id, version)
);
comment on table record_version is 'What a record said, version by version. Fifty a record are kept, and those that lost 180 days.';
comment on column record_version.fields is 'The synced fields in our words (core/sync/record/fields.hpp); of a lost version only those that lost.';
comment on column record_version.is_lost is 'It never came to be, or was overwritten unseen: another side''s version took its place, lost_to.';
create index record_version_lost on record_version (record_id) where is_lost;
create index record_version_at on record_version (at);

create table budget_minute (
  minute     timestamptz not null,
  credential text not null,
  remaining  bigint,
  writes     integer not null default 0,
  contents   integer not null default 0,
  primary key (minute, credential)
) with (fillfactor = 70);
comment on table budget_minute is 'What a credential wrote at GitHub, minute by minute, and what was left to it. Kept as operation_minute is.';
