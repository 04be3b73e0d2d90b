-- The feed's triggers on changed rows: which fields of each are others. Each table's fields are named,
-- because a comparison by way of jsonb took four to seven times as long as the whole change in a trial.

create or replace function change_action(p_old_deleted_at timestamptz, p_new_deleted_at timestamptz) returns text
language sql immutable as $$
  select case when p_old_deleted_at is null and p_new_deleted_at is not null then 'delete'
              when p_old_deleted_at is not null and p_new_deleted_at is null then 'restore'
              else 'update' end
$$;

create or replace function change_note_user() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'user', n.id, null, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.avatar_url is distinct from o.avatar_url then 'avatar_url' end,
             case when n.bio is distinct from o.bio then 'bio' end,
             case when n.blog is distinct from o.blog then 'blog' end,
             case when n.company is distinct from o.company then 'company' end,
             case when n.created_at is distinct from o.created_at then 'created_at' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.email is distinct from o.email then 'email' end,
             case when n.followers_count is distinct from o.followers_count then 'followers_count' end,
             case when n.following_count is distinct from o.following_count then 'following_count' end,
             case when n.hireable is distinct from o.hireable then 'hireable' end,
             case when n.location is distinct from o.location then 'location' end,
             case when n.login is distinct from o.login then 'login' end,
             case when n.name is distinct from o.name then 'name' end,
             case when n.node_id is distinct from o.node_id then 'node_id' end,
             case when n.public_gists_count is distinct from o.public_gists_count then 'public_gists_count' end,
             case when n.public_repos_count is distinct from o.public_repos_count then 'public_repos_count' end,
             case when n.site_admin is distinct from o.site_admin then 'site_admin' end,
             case when n.type is distinct from o.type then 'type' end,
             case when n.updated_at is distinct from o.updated_at then 'updated_at' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github."user"
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_user();

create or replace function change_note_repository() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'repository', n.id, n.id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.archived is distinct from o.archived then 'archived' end,
             case when n.created_at is distinct from o.created_at then 'created_at' end,
             case when n.default_branch is distinct from o.default_branch then 'default_branch' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.description is distinct from o.description then 'description' end,
             case when n.disabled is distinct from o.disabled then 'disabled' end,
             case when n.fork is distinct from o.fork then 'fork' end,
             case when n.forks_count is distinct from o.forks_count then 'forks_count' end,
             case when n.full_name is distinct from o.full_name then 'full_name' end,
             case when n.has_discussions is distinct from o.has_discussions then 'has_discussions' end,
             case when n.has_downloads is distinct from o.has_downloads then 'has_downloads' end,
             case when n.has_issues is distinct from o.has_issues then 'has_issues' end,
             case when n.has_pages is distinct from o.has_pages then 'has_pages' end,
             case when n.has_projects is distinct from o.has_projects then 'has_projects' end,
             case when n.has_wiki is distinct from o.has_wiki then 'has_wiki' end,
             case when n.homepage is distinct from o.homepage then 'homepage' end,
             case when n.installation is distinct from o.installation then 'installation' end,
             case when n.is_mirrored is distinct from o.is_mirrored then 'is_mirrored' end,
             case when n.is_template is distinct from o.is_template then 'is_template' end,
             case when n.language is distinct from o.language then 'language' end,
             case when n.name is distinct from o.name then 'name' end,
             case when n.node_id is distinct from o.node_id then 'node_id' end,
             case when n.open_issues_count is distinct from o.open_issues_count then 'open_issues_count' end,
             case when n.organization_id is distinct from o.organization_id then 'organization_id' end,
             case when n.organization_login is distinct from o.organization_login then 'organization_login' end,
             case when n.owner_id is distinct from o.owner_id then 'owner_id' end,
             case when n.owner_login is distinct from o.owner_login then 'owner_login' end,
             case when n.parent_id is distinct from o.parent_id then 'parent_id' end,
             case when n.private is distinct from o.private then 'private' end,
             case when n.pushed_at is distinct from o.pushed_at then 'pushed_at' end,
             case when n.size is distinct from o.size then 'size' end,
             case when n.stargazers_count is distinct from o.stargazers_count then 'stargazers_count' end,
             case when n.topics is distinct from o.topics then 'topics' end,
             case when n.updated_at is distinct from o.updated_at then 'updated_at' end,
             case when n.visibility is distinct from o.visibility then 'visibility' end,
             case when n.watchers_count is distinct from o.watchers_count then 'watchers_count' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.repository
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_repository();

create or replace function change_note_user_repository() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'user_repository', n.user_id, n.repository_id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (user_id, repository_id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.can_admin is distinct from o.can_admin then 'can_admin' end,
             case when n.can_maintain is distinct from o.can_maintain then 'can_maintain' end,
             case when n.can_pull is distinct from o.can_pull then 'can_pull' end,
             case when n.can_push is distinct from o.can_push then 'can_push' end,
             case when n.can_triage is distinct from o.can_triage then 'can_triage' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.user_id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.user_repository
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_user_repository();

create or replace function change_note_repository_hook() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'repository_hook', n.id, n.repository_id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.active is distinct from o.active then 'active' end,
             case when n.config is distinct from o.config then 'config' end,
             case when n.created_at is distinct from o.created_at then 'created_at' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.events is distinct from o.events then 'events' end,
             case when n.is_ours is distinct from o.is_ours then 'is_ours' end,
             case when n.last_response is distinct from o.last_response then 'last_response' end,
             case when n.name is distinct from o.name then 'name' end,
             case when n.repository_id is distinct from o.repository_id then 'repository_id' end,
             case when n.updated_at is distinct from o.updated_at then 'updated_at' end,
             case when n.url is distinct from o.url then 'url' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.repository_hook
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_repository_hook();

create or replace function change_note_label() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'label', n.id, n.repository_id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.color is distinct from o.color then 'color' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.description is distinct from o.description then 'description' end,
             case when n.is_default is distinct from o.is_default then 'is_default' end,
             case when n.name is distinct from o.name then 'name' end,
             case when n.node_id is distinct from o.node_id then 'node_id' end,
             case when n.repository_id is distinct from o.repository_id then 'repository_id' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.label
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_label();

create or replace function change_note_milestone() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'milestone', n.id, n.repository_id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.closed_at is distinct from o.closed_at then 'closed_at' end,
             case when n.closed_issues_count is distinct from o.closed_issues_count then 'closed_issues_count' end,
             case when n.created_at is distinct from o.created_at then 'created_at' end,
             case when n.creator_id is distinct from o.creator_id then 'creator_id' end,
             case when n.creator_login is distinct from o.creator_login then 'creator_login' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.description is distinct from o.description then 'description' end,
             case when n.due_at is distinct from o.due_at then 'due_at' end,
             case when n.node_id is distinct from o.node_id then 'node_id' end,
             case when n.number is distinct from o.number then 'number' end,
             case when n.open_issues_count is distinct from o.open_issues_count then 'open_issues_count' end,
             case when n.repository_id is distinct from o.repository_id then 'repository_id' end,
             case when n.state is distinct from o.state then 'state' end,
             case when n.title is distinct from o.title then 'title' end,
             case when n.updated_at is distinct from o.updated_at then 'updated_at' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.milestone
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_milestone();

create or replace function change_note_issue() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'issue', n.id, n.repository_id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.active_lock_reason is distinct from o.active_lock_reason then 'active_lock_reason' end,
             case when n.assignee_id is distinct from o.assignee_id then 'assignee_id' end,
             case when n.assignee_login is distinct from o.assignee_login then 'assignee_login' end,
             case when n.author_association is distinct from o.author_association then 'author_association' end,
             case when n.body is distinct from o.body then 'body' end,
             case when n.closed_at is distinct from o.closed_at then 'closed_at' end,
             case when n.closed_by_id is distinct from o.closed_by_id then 'closed_by_id' end,
             case when n.closed_by_login is distinct from o.closed_by_login then 'closed_by_login' end,
             case when n.comments_count is distinct from o.comments_count then 'comments_count' end,
             case when n.created_at is distinct from o.created_at then 'created_at' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.is_pull_request is distinct from o.is_pull_request then 'is_pull_request' end,
             case when n.locked is distinct from o.locked then 'locked' end,
             case when n.milestone_id is distinct from o.milestone_id then 'milestone_id' end,
             case when n.milestone_number is distinct from o.milestone_number then 'milestone_number' end,
             case when n.node_id is distinct from o.node_id then 'node_id' end,
             case when n.number is distinct from o.number then 'number' end,
             case when n.reactions_count is distinct from o.reactions_count then 'reactions_count' end,
             case when n.repository_id is distinct from o.repository_id then 'repository_id' end,
             case when n.state is distinct from o.state then 'state' end,
             case when n.state_reason is distinct from o.state_reason then 'state_reason' end,
             case when n.title is distinct from o.title then 'title' end,
             case when n.transferred_to_number is distinct from o.transferred_to_number then 'transferred_to_number' end,
             case when n.transferred_to_repository_id is distinct from o.transferred_to_repository_id then 'transferred_to_repository_id' end,
             case when n.type is distinct from o.type then 'type' end,
             case when n.updated_at is distinct from o.updated_at then 'updated_at' end,
             case when n.user_id is distinct from o.user_id then 'user_id' end,
             case when n.user_login is distinct from o.user_login then 'user_login' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.issue
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_issue();

create or replace function change_note_pull_request() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'pull_request', n.id, n.repository_id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.additions is distinct from o.additions then 'additions' end,
             case when n.assignee_id is distinct from o.assignee_id then 'assignee_id' end,
             case when n.assignee_login is distinct from o.assignee_login then 'assignee_login' end,
             case when n.author_association is distinct from o.author_association then 'author_association' end,
             case when n.base_ref is distinct from o.base_ref then 'base_ref' end,
             case when n.base_sha is distinct from o.base_sha then 'base_sha' end,
             case when n.body is distinct from o.body then 'body' end,
             case when n.changed_files is distinct from o.changed_files then 'changed_files' end,
             case when n.closed_at is distinct from o.closed_at then 'closed_at' end,
             case when n.comments_count is distinct from o.comments_count then 'comments_count' end,
             case when n.commits_count is distinct from o.commits_count then 'commits_count' end,
             case when n.created_at is distinct from o.created_at then 'created_at' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.deletions is distinct from o.deletions then 'deletions' end,
             case when n.draft is distinct from o.draft then 'draft' end,
             case when n.files_are_truncated is distinct from o.files_are_truncated then 'files_are_truncated' end,
             case when n.files_base_sha is distinct from o.files_base_sha then 'files_base_sha' end,
             case when n.files_head_sha is distinct from o.files_head_sha then 'files_head_sha' end,
             case when n.head_ref is distinct from o.head_ref then 'head_ref' end,
             case when n.head_repo_id is distinct from o.head_repo_id then 'head_repo_id' end,
             case when n.head_sha is distinct from o.head_sha then 'head_sha' end,
             case when n.locked is distinct from o.locked then 'locked' end,
             case when n.merge_commit_sha is distinct from o.merge_commit_sha then 'merge_commit_sha' end,
             case when n.mergeable is distinct from o.mergeable then 'mergeable' end,
             case when n.mergeable_state is distinct from o.mergeable_state then 'mergeable_state' end,
             case when n.merged is distinct from o.merged then 'merged' end,
             case when n.merged_at is distinct from o.merged_at then 'merged_at' end,
             case when n.merged_by_id is distinct from o.merged_by_id then 'merged_by_id' end,
             case when n.merged_by_login is distinct from o.merged_by_login then 'merged_by_login' end,
             case when n.milestone_id is distinct from o.milestone_id then 'milestone_id' end,
             case when n.milestone_number is distinct from o.milestone_number then 'milestone_number' end,
             case when n.node_id is distinct from o.node_id then 'node_id' end,
             case when n.number is distinct from o.number then 'number' end,
             case when n.repository_id is distinct from o.repository_id then 'repository_id' end,
             case when n.review_comments_count is distinct from o.review_comments_count then 'review_comments_count' end,
             case when n.state is distinct from o.state then 'state' end,
             case when n.title is distinct from o.title then 'title' end,
             case when n.updated_at is distinct from o.updated_at then 'updated_at' end,
             case when n.user_id is distinct from o.user_id then 'user_id' end,
             case when n.user_login is distinct from o.user_login then 'user_login' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.pull_request
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_pull_request();

create or replace function change_note_issue_comment() returns trigger language plpgsql as $$
begin
  insert into github.change (relation, id, repository_id, action, columns)
  select 'issue_comment', n.id, n.repository_id, c.action, case c.action when 'delete' then '{}' when 'restore' then array_remove(c.columns, 'deleted_reason') else c.columns end
    from old_rows o
    join new_rows n using (id)
   cross join lateral (
           select devy.change_action(o.deleted_at, n.deleted_at) as action, array_remove(array[
             case when n.body is distinct from o.body then 'body' end,
             case when n.created_at is distinct from o.created_at then 'created_at' end,
             case when n.deleted_reason is distinct from o.deleted_reason then 'deleted_reason' end,
             case when n.number is distinct from o.number then 'number' end,
             case when n.repository_id is distinct from o.repository_id then 'repository_id' end,
             case when n.updated_at is distinct from o.updated_at then 'updated_at' end,
             case when n.user_id is distinct from o.user_id then 'user_id' end,
             case when n.user_login is distinct from o.user_login then 'user_login' end], null) as columns
           offset 0) c
   where c.columns <> '{}'
   order by n.id;
  if found then perform devy.change_tell(); end if;
  return null;
end $$;
create or replace trigger change_note after update on github.issue_comment
  referencing old table as old_rows new table as new_rows for each statement execute function change_note_issue_comment();
