-- The mirror: GitHub's data as tables that people query (schema github), and what the mirror itself
-- keeps (schema devy). mirror.md is the specification; the names of columns are GitHub's own.
--
-- Absent is not null: a row has what any document has said of it so far. There are no foreign keys,
-- because documents come in any order. Rows are written by the functions of apply_accounts.sql,
-- apply_work.sql and apply_parts.sql alone, by the rules of judge.sql.

create schema github;
comment on schema github is 'GitHub''s repositories, issues, pull requests … as Devy''s mirror last saw them.';

-- The columns that every mirrored table has.
create table github.replica (
  last_replicated_via_webhook_at timestamptz,
  last_replicated_via_api_at     timestamptz,
  last_replicated_at             timestamptz generated always as (greatest(last_replicated_via_webhook_at, last_replicated_via_api_at)) stored,
  github_at                      timestamptz,
  is_settled                     boolean not null default false,
  deleted_at                     timestamptz,
  deleted_reason                 text,
  constraint replica_deleted check ((deleted_at is null) = (deleted_reason is null)),
  constraint replica_reason check (deleted_reason in ('deleted', 'transferred', 'gone', 'repository_deleted', 'access_lost'))
);
-- Copied with the columns; what a column means is said once.
do $$
begin
  comment on column github.replica.last_replicated_via_webhook_at is 'When the last delivery arrived that said what the row says.';
  comment on column github.replica.last_replicated_via_api_at is 'When the last request was sent whose answer said that the row is there.';
  comment on column github.replica.github_at is 'How new the row is by GitHub''s own clock: no older document changes it.';
  comment on column github.replica.is_settled is 'An answer of the API confirmed it at least two seconds after github_at: whole seconds hide no later change.';
  comment on column github.replica.deleted_reason is
    'deleted: GitHub said so · transferred: it is another repository''s now · gone: GitHub knows no such thing any more · '
    'repository_deleted: with its repository · access_lost: the mirror may not see it any more. The first, second and fourth are final.';
end $$;

create table github."user" (
  id bigint not null,
  node_id text,
  login text,
  type text,
  site_admin boolean,
  name text,
  company text,
  blog text,
  location text,
  email text,
  hireable boolean,
  bio text,
  avatar_url text,
  public_repos_count integer,
  public_gists_count integer,
  followers_count integer,
  following_count integer,
  created_at timestamptz,
  updated_at timestamptz,
  repos_last_scanned_at timestamptz,
  like github.replica including all,
  primary key (id)
);
comment on table github."user" is 'Accounts: people, organizations and Apps. Most rows are as short as they come within other documents.';
create index user_unsettled on github."user" (id) where not is_settled;
create index user_login on github."user" (lower(login));

create table github.repository (
  id bigint not null,
  node_id text,
  name text,
  owner_id bigint,
  owner_login text,
  full_name text generated always as (owner_login || '/' || name) stored,
  organization_id bigint,
  organization_login text,
  private boolean,
  visibility text,
  description text,
  homepage text,
  language text,
  topics text[],
  default_branch text,
  fork boolean,
  parent_id bigint,
  archived boolean,
  disabled boolean,
  is_template boolean,
  size integer,
  stargazers_count integer,
  watchers_count integer,
  forks_count integer,
  open_issues_count integer,
  has_issues boolean,
  has_projects boolean,
  has_downloads boolean,
  has_wiki boolean,
  has_pages boolean,
  has_discussions boolean,
  created_at timestamptz,
  updated_at timestamptz,
  pushed_at timestamptz,
  is_mirrored boolean not null default false,
  installation bigint,
  hooks_last_scanned_at timestamptz,
  issues_last_scanned_at timestamptz,
  pull_requests_last_scanned_at timestamptz,
  labels_last_scanned_at timestamptz,
  milestones_last_scanned_at timestamptz,
  comments_last_scanned_at timestamptz,
  like github.replica including all,
  primary key (id)
);
comment on table github.repository is 'Repositories: those that are mirrored, and others that documents named.';
create index repository_unsettled on github.repository (id) where not is_settled;
create index repository_mirrored on github.repository (id) where is_mirrored;
create index repository_name on github.repository (lower(owner_login), lower(name));

create table github.label (
  id bigint not null,
  node_id text,
  repository_id bigint not null,
  name text,
  color text,
  description text,
  is_default boolean,
  like github.replica including all,
  primary key (id)
);
comment on table github.label is 'Labels that a repository has.';
create index label_seen on github.label (repository_id, last_replicated_at);
create index label_unsettled on github.label (repository_id) where not is_settled;
create index label_name on github.label (repository_id, lower(name));

create table github.milestone (
  id bigint not null,
  node_id text,
  repository_id bigint not null,
  number integer,
  state text,
  title text,
  description text,
  creator_id bigint,
  creator_login text,
  open_issues_count integer,
  closed_issues_count integer,
  created_at timestamptz,
  updated_at timestamptz,
  closed_at timestamptz,
  due_at timestamptz,
  like github.replica including all,
  constraint milestone_number unique (repository_id, number),
  primary key (id)
);
comment on table github.milestone is 'Milestones of a repository.';
create index milestone_seen on github.milestone (repository_id, last_replicated_at);
create index milestone_state on github.milestone (repository_id, state, updated_at);
create index milestone_unsettled on github.milestone (repository_id) where not is_settled;

create table github.issue (
  id bigint not null,
  node_id text,
  repository_id bigint not null,
  number integer,
  is_pull_request boolean,
  state text,
  state_reason text,
  type text,
  title text,
  body text compression lz4,
  user_id bigint,
  user_login text,
  assignee_id bigint,
  assignee_login text,
  closed_by_id bigint,
  closed_by_login text,
  milestone_id bigint,
  milestone_number integer,
  locked boolean,
  active_lock_reason text,
  comments_count integer,
  reactions_count integer,
  author_association text,
  created_at timestamptz,
  updated_at timestamptz,
  closed_at timestamptz,
  transferred_to_repository_id bigint,
  transferred_to_number integer,
  like github.replica including all,
  constraint issue_number unique (repository_id, number),
  primary key (id)
);
comment on table github.issue is 'Issues, and each pull request as the issue that it also is.';
create index issue_seen on github.issue (repository_id, last_replicated_at);
create index issue_state on github.issue (repository_id, state, updated_at);
create index issue_user on github.issue (user_id);
create index issue_unsettled on github.issue (repository_id) where not is_settled;

create table github.pull_request (
  id bigint not null,
  node_id text,
  repository_id bigint not null,
  number integer,
  state text,
  draft boolean,
  locked boolean,
  title text,
  body text compression lz4,
  user_id bigint,
  user_login text,
  assignee_id bigint,
  assignee_login text,
  merged_by_id bigint,
  merged_by_login text,
  milestone_id bigint,
  milestone_number integer,
  base_ref text,
  base_sha text,
  head_repo_id bigint,
  head_ref text,
  head_sha text,
  merged boolean,
  mergeable boolean,
  mergeable_state text,
  merge_commit_sha text,
  comments_count integer,
  review_comments_count integer,
  commits_count integer,
  additions integer,
  deletions integer,
  changed_files integer,
  author_association text,
  created_at timestamptz,
  updated_at timestamptz,
  closed_at timestamptz,
  merged_at timestamptz,
  detail_at timestamptz,
  files_head_sha text,
  files_base_sha text,
  files_are_truncated boolean,
  files_last_scanned_at timestamptz,
  like github.replica including all,
  constraint pull_request_number unique (repository_id, number),
  primary key (id)
);
comment on table github.pull_request is 'Pull requests. What lists do not say of them (merged, mergeable, counts, lines) is as old as detail_at.';
create index pull_request_seen on github.pull_request (repository_id, last_replicated_at);
create index pull_request_state on github.pull_request (repository_id, state, updated_at);
create index pull_request_user on github.pull_request (user_id);
create index pull_request_unsettled on github.pull_request (repository_id) where not is_settled;

create table github.pull_request_file (
  pull_request_id bigint not null,
  filename text not null,
  previous_filename text,
  sha text,
  status text,
  additions integer,
  deletions integer,
  changes integer,
  patch text compression lz4,
  position integer,
  like github.replica including all,
  primary key (pull_request_id, filename)
);
comment on table github.pull_request_file is 'Files that a pull request changes, at the head that pull_request.files_head_sha names.';
create index pull_request_file_unsettled on github.pull_request_file (pull_request_id) where not is_settled;

create table github.repository_hook (
  id bigint not null,
  repository_id bigint not null,
  name text,
  url text,
  config jsonb,
  events text[],
  active boolean,
  last_response jsonb,
  created_at timestamptz,
  updated_at timestamptz,
  is_ours boolean not null default false,
  like github.replica including all,
  primary key (id)
);
comment on table github.repository_hook is 'Webhooks of a repository; never their secrets.';
create index repository_hook_seen on github.repository_hook (repository_id, last_replicated_at);
create index repository_hook_unsettled on github.repository_hook (repository_id) where not is_settled;

create table github.issue_comment (
  id bigint not null,
  repository_id bigint not null,
  number integer,
  user_id bigint,
  user_login text,
  body text compression lz4,
  created_at timestamptz,
  updated_at timestamptz,
  like github.replica including all,
  primary key (id)
);
comment on table github.issue_comment is 'Comments on issues and pull requests.';
create index issue_comment_seen on github.issue_comment (repository_id, last_replicated_at);
create index issue_comment_user on github.issue_comment (user_id);
create index issue_comment_unsettled on github.issue_comment (repository_id) where not is_settled;
create index issue_comment_issue on github.issue_comment (repository_id, number);
create index issue_comment_updated on github.issue_comment (repository_id, updated_at);

create table github.user_repository (
  user_id bigint not null,
  repository_id bigint not null,
  can_pull boolean,
  can_triage boolean,
  can_push boolean,
  can_maintain boolean,
  can_admin boolean,
  checked_at timestamptz,
  like github.replica including all,
  primary key (user_id, repository_id)
);
comment on table github.user_repository is 'The rights that a user has in a repository.';
comment on column github.user_repository.checked_at is 'When GitHub was last asked about the rights, and said them.';
create index user_repository_seen on github.user_repository (repository_id, last_replicated_at);
create index user_repository_unsettled on github.user_repository (repository_id) where not is_settled;

-- Numbers are shared by issues and pull requests, and so are their labels and assignees.
create table github.issue_label (
  repository_id bigint not null,
  number        integer not null,
  label_id      bigint not null,
  label_name    text not null,
  primary key (repository_id, number, label_id)
);
comment on table github.issue_label is 'Labels that an issue or a pull request has.';
create index issue_label_label on github.issue_label (label_id);

create table github.assignee (
  repository_id bigint not null,
  number        integer not null,
  user_id       bigint not null,
  primary key (repository_id, number, user_id)
);
comment on table github.assignee is 'Users who are assigned to an issue or a pull request.';
create index assignee_user on github.assignee (user_id);

create table github.requested_reviewer (
  pull_request_id bigint not null,
  user_id         bigint not null,
  primary key (pull_request_id, user_id)
);
comment on table github.requested_reviewer is 'Users who are asked to review a pull request.';
create index requested_reviewer_user on github.requested_reviewer (user_id);

-- It only lent its columns.
drop table github.replica;

create or replace view github.current_issue with (security_invoker = true) as
select r.full_name as repository, i.number, i.state, i.title, i.user_login, i.assignee_login,
       (select array_agg(l.label_name order by l.label_name) from github.issue_label l
         where l.repository_id = i.repository_id and l.number = i.number) as labels,
       m.title as milestone, i.comments_count, i.created_at, i.updated_at, i.closed_at,
       i.last_replicated_at, i.is_settled, i.repository_id, i.id
  from github.issue i
  join github.repository r on r.id = i.repository_id
  left join github.milestone m on m.repository_id = i.repository_id and m.number = i.milestone_number
 where i.deleted_at is null and not i.is_pull_request;
comment on view github.current_issue is 'Issues that exist, with the names of what they refer to; pull requests are elsewhere.';

create or replace view github.current_pull_request with (security_invoker = true) as
select r.full_name as repository, p.number, p.state, p.draft, p.merged_at, p.title, p.user_login,
       p.assignee_login,
       (select array_agg(l.label_name order by l.label_name) from github.issue_label l
         where l.repository_id = p.repository_id and l.number = p.number) as labels,
       m.title as milestone, p.base_ref, p.head_ref, p.head_sha, p.additions, p.deletions, p.changed_files,
       p.created_at, p.updated_at, p.closed_at, p.last_replicated_at, p.is_settled, p.repository_id, p.id
  from github.pull_request p
  join github.repository r on r.id = p.repository_id
  left join github.milestone m on m.repository_id = p.repository_id and m.number = p.milestone_number
 where p.deleted_at is null;
comment on view github.current_pull_request is 'Pull requests that exist, with the names of what they refer to.';
