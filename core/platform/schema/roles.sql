-- Roles with no more rights than each process needs: applied by `devy-upload db roles`, as often as
-- one likes, by whoever owns the schema and may create roles. Embedded in the programs.
--
-- They can log in and have no password: give them one, or let pg_hba.conf decide. The owner of the
-- schema is whoever ran `db init`; no process needs to be it.

do $$
declare
  v_role text;
begin
  foreach v_role in array array['devy_listener', 'devy_worker', 'devy_operator', 'devy_metrics',
                                'devy_mirror_reader', 'devy_mirror_all', 'devy_web'] loop
    -- Two databases of one cluster share their roles.
    if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
      execute format('create role %I login nosuperuser nocreatedb nocreaterole noinherit', v_role);
    end if;
    execute format('revoke all on all tables in schema devy from %I', v_role);
    execute format('revoke all on all functions in schema devy from %I', v_role);
    execute format('revoke all on all tables in schema github from %I', v_role);
    execute format('revoke all on all functions in schema github from %I', v_role);
    execute format('grant usage on schema devy to %I', v_role);
    execute format('grant select on devy.schema_version to %I', v_role);
  end loop;
end $$;
revoke all on all functions in schema devy, github from public;

-- The listener hears strangers. It records deliveries and uploads through functions that do it as
-- the schema's owner and by the queue's rules; it can neither read nor write what readers see.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_catalog.pg_proc p
     where p.pronamespace = 'devy'::regnamespace
       and p.proname in ('delivery_record', 'delivery_bodies_charge',
                         'upload_pushes_consider', 'upload_pushes_record', 'upload_request',
                         'repository_told', 'repository_claim', 'repository_freeze',
                         'repository_hook_lost', 'mirror_known', 'mirror_installation_change',
                         'mirror_is_installed', 'mirror_deliveries_record',
                         -- what deliveries tell sync
                         'installation_event', 'user_token_revoke', 'sync_known', 'sync_inbound_record',
                         'sync_name_changed') loop
    execute format('alter function %s security definer', v_function);
    execute format('grant execute on function %s to devy_listener', v_function);
  end loop;
end $$;
grant select on devy.account, devy.repository, devy.blog, devy.resource, devy.operation,
  devy.upload, devy.upload_status to devy_listener;
grant select (jti) on devy.token_denied to devy_listener;
-- The operations that a delivery brought, when it comes again.
grant select (operation_id, delivery_guid) on devy.mirror_operation, devy.sync_operation to devy_listener;
-- How many posts a blog has, and nothing of them.
grant select (blog_id) on devy.post, devy.file_error to devy_listener;

-- Workers, and the maintenance process beside them, publish.
grant select, insert, update, delete on all tables in schema devy to devy_worker, devy_operator;
grant usage on schema github to devy_worker, devy_operator;
grant select, insert, update, delete on all tables in schema github to devy_worker, devy_operator;
revoke insert, update, delete on devy.schema_version from devy_worker, devy_operator;
revoke insert, update, delete on devy.account, devy.token_denied from devy_worker;
-- Maintenance deletes rows that are old enough; nobody changes one.
revoke update on devy.audit from devy_worker, devy_operator;
grant execute on all functions in schema devy, github to devy_worker, devy_operator;
grant select, update on sequence devy.mirror_feed_told to devy_worker, devy_operator;
grant usage on sequence devy.content_generation to devy_worker, devy_operator;

-- Health and metrics read the queue, and note that the daemon lives.
grant select on devy.operation, devy.lease, devy.resource, devy.queue_control, devy.owner_gate,
  devy.operation_count, devy.upload, devy.commit_status, devy.prune_pass, devy.api_budget
  to devy_metrics;
-- How long a delivery takes to its rows, and nothing of what it says.
grant select (guid, received_at) on devy.delivery to devy_metrics;
grant select (operation_id, delivery_guid) on devy.mirror_operation to devy_metrics;
grant execute on function devy.lane_priorities, devy.queue_health, devy.operations_open to devy_metrics;
-- How many contents and files there are in each state and since when, and nothing of them; which disks to measure.
grant select (state, unused_since, verified_at) on devy.content to devy_metrics;
grant select (state, created_at) on devy.file to devy_metrics;
grant select on devy.file_storage, devy.file_s3_pause to devy_metrics;
-- How many tracked users and items for the CRM are in each state, and since when they wait.
grant select (state, scan_at) on devy.tracked_user to devy_metrics;
grant select (state, wanted_at) on devy.crm_item to devy_metrics;
-- How many records are equal or owed to GitHub, and since when operations wait, and nothing of what they say.
alter function devy.sync_figures security definer;
alter function devy.sync_finished security definer;
grant execute on function devy.sync_figures, devy.sync_finished to devy_metrics;
alter function devy.mirror_figures security definer;
alter function devy.mirror_drift_rows security definer;
grant execute on function devy.mirror_figures, devy.mirror_drift_rows to devy_metrics;
grant select, insert, update, delete on devy.daemon to devy_metrics;

-- The role web serves browsers. What it does it does through functions that run as the schema's owner;
-- its tables it may read but for the digests of tokens.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_catalog.pg_proc p
     where p.pronamespace = 'devy'::regnamespace
       and p.proname in ('web_session_begin', 'web_session_visit', 'web_session_end_own', 'web_sessions_end',
                         'session_token_keep', 'session_token_read',
                         'login_attempt_begin', 'login_attempt_use', 'login_link_use', 'account_of_github',
                         'audit_record', 'console_operations',
                         -- acts on many operations
                         'bulk_match', 'bulk_record', 'bulk_run',
                         -- a load that a caller of the API asks for
                         'mirror_record',
                         -- how many rows there are, and how our webhooks do
                         'mirror_row_counts', 'mirror_hook_states',
                         -- acts of people
                         'operation_cancel', 'operation_replay', 'operation_approve', 'upload_request',
                         'queue_pause', 'queue_resume', 'blog_connect', 'blog_disconnect', 'blog_hook_record',
                         'queue_pause_kind', 'queue_resume_kind', 'owner_gate_lift',
                         'owner_gate_set',
                         -- a delivery that is taken in again: what the listener may
                         'delivery_forget', 'delivery_received', 'delivery_record', 'delivery_bodies_charge',
                         'upload_pushes_consider', 'upload_pushes_record', 'repository_told',
                         'repository_claim', 'repository_freeze', 'repository_hook_lost', 'mirror_known',
                         'mirror_installation_change', 'mirror_is_installed',
                         'mirror_deliveries_record', 'installation_event', 'user_token_revoke', 'sync_known',
                         'sync_inbound_record', 'sync_name_changed',
                         -- files that people upload
                         'file_owner_find', 'file_quota', 'file_owner_charge', 'file_begin', 'file_same',
                         'file_content_hold', 'file_complete', 'file_change', 'file_delete', 'file_token_make',
                         'file_token_renew', 'file_persist', 'file_upload_begin', 'file_upload_find',
                         'file_upload_acquire', 'file_upload_record', 'file_upload_finish',
                         'file_upload_settle', 'file_upload_end', 'file_upload_restart',
                         'file_uploads_open', 'file_token_join', 'file_restore',
                         -- what goes to S3
                         'file_store_record', 'file_content_stored',
                         -- tracked users and visits to their gists
                         'gist_user_add', 'gist_user_remove', 'gist_visit',
                         -- scans that operators ask for, and what the CRM is told again
                         'routine_ask', 'gist_crm_retry', 'gist_crm_wake',
                         -- projects, and what GitHub gave for their people
                         'project_add', 'project_edit', 'project_delete', 'project_member_set', 'project_member_remove',
                         'project_role_of', 'project_is_visible',
                         'connection_connect', 'connection_disconnect', 'connection_approve', 'connection_sync',
                         'connection_verify', 'user_token_keep', 'user_token_erase',
                         -- tasks and comments
                         'task_add', 'task_edit', 'task_delete', 'comment_add', 'comment_edit', 'comment_delete',
                         'record_restore', 'sync_ask',
                         -- who wrote them, and what either side says
                         'person_named', 'sync_task_fields', 'sync_comment_fields', 'sync_said') loop
    execute format('alter function %s security definer', v_function);
    execute format('grant execute on function %s to devy_web', v_function);
  end loop;
end $$;
grant select (id, account_id, created_at, seen_at, expires_at, ends_at, agent, address, method)
  on devy.web_session to devy_web;
-- What pages show: a line for each page, which names it.
grant select on devy.account to devy_web;  -- every page: who is logged in
grant select on devy.audit to devy_web;    -- /audit
grant select on devy.operation, devy.resource, devy.lease, devy.attempt, devy.operation_event,
  devy.queue_control, devy.kind_pause, devy.bulk, devy.bulk_item to devy_web;  -- /operations
grant select on devy.daemon, devy.operation_minute, devy.operation_count, devy.owner_gate, devy.api_pause
  to devy_web;                             -- /, /workers, /queue
grant execute on function devy.queue_health, devy.lane_priorities, devy.operations_open to devy_web;
grant select on devy.delivery to devy_web; -- /deliveries
grant select on devy.blog, devy.repository, devy.post, devy.redirect, devy.file_error, devy.upload,
  devy.upload_status, devy.changeset, devy.blog_hook to devy_web;         -- /blogs, uploads
grant select (operation_id, delivery_guid, target, repository_id, scan_id, slot, child_ids, actor_id, hook_act, hook_ids)
  on devy.mirror_operation to devy_web;    -- not the actor's token
-- The mirror's API: which tokens were revoked, how far loads are, and what is left of GitHub's hour.
grant select (jti) on devy.token_denied to devy_web;
grant select on devy.mirror_scan, devy.api_budget to devy_web;
-- Which repositories there are, who may read them, and which rows changed: not the rows.
grant usage on schema github to devy_web;
grant select on github.repository, github.user_repository, github.change to devy_web;
grant execute on function github.changes, github.change_cursor, github.change_feed to devy_web;
grant select on devy.asset, devy.blog_asset to devy_web;                  -- the reading API
-- The API of files: neither tokens nor the keys of uploads.
grant select on devy.file_owner, devy.content, devy.file, devy.file_reference, devy.file_storage, devy.file_seen
  to devy_web;
-- Gists, visits and routines, and what the CRM was told.
grant select on devy.tracked_user, devy.gist, devy.gist_file, devy.gist_version, devy.gist_visitor,
  devy.gist_session, devy.routine, devy.routine_gist_user, devy.crm_item to devy_web;
grant execute on function devy.gist_news to devy_web;
-- Projects, tasks and their sync: not users' tokens, but whether there is one.
grant select on devy.project, devy.project_member, devy.project_repository, devy.task, devy.task_assignee, devy.comment,
  devy.sync_link, devy.sync_operation, devy.record_version, devy.installation, devy.budget_minute,
  devy.task_sync_operation, devy.comment_sync_operation, devy.record_sync to devy_web;
grant select (account_id, login, token_ends_at, refresh_ends_at) on devy.user_token to devy_web;
grant execute on function devy.post_newness, devy.post_order, devy.is_post_visible, devy.readable_blog to devy_web;

-- Whoever queries the mirror. devy_mirror_all reads everything in schema github. devy_mirror_reader reads
-- what is public at GitHub and was not deleted: users, and of public repositories what everybody sees
-- there, so neither their hooks nor who has which rights. Row security holds in views, too, and in the
-- feed. Other roles read nothing before they are members of one of the two.
--
-- The owner of the tables is not held up by it, and for the program's own roles the condition is a
-- constant, which plans do without.
grant usage on schema github to devy_mirror_reader, devy_mirror_all;
grant select on all tables in schema github to devy_mirror_all;
grant select on github."user", github.repository, github.label, github.milestone, github.issue,
  github.pull_request, github.pull_request_file, github.issue_comment, github.issue_label, github.assignee,
  github.requested_reviewer, github.current_issue, github.current_pull_request, github.change
  to devy_mirror_reader;
grant execute on all functions in schema github to devy_mirror_reader, devy_mirror_all;

do $$
declare
  v_table regclass;
begin
  perform set_config('client_min_messages', 'warning', true);
  for v_table in
    select c.oid from pg_catalog.pg_class c
     where c.relnamespace = 'github'::regnamespace and c.relkind = 'r' loop
    execute format('alter table %s enable row level security', v_table);
    execute format('drop policy if exists devy_all on %s', v_table);
    execute format('create policy devy_all on %s to devy_worker, devy_operator, devy_mirror_all using (true)', v_table);
    execute format('drop policy if exists devy_public on %s', v_table);
  end loop;
end $$;
-- The role web shows each caller his own part of these three.
drop policy if exists devy_web on github.repository;
drop policy if exists devy_web on github.user_repository;
drop policy if exists devy_web on github.change;
create policy devy_web on github.repository for select to devy_web using (true);
create policy devy_web on github.user_repository for select to devy_web using (true);
create policy devy_web on github.change for select to devy_web using (true);
create policy devy_public on github."user" for select to devy_mirror_reader using (deleted_at is null);
-- A repository of which nobody has said whether it is private counts as private.
create policy devy_public on github.repository for select to devy_mirror_reader
  using (private is false and coalesce(visibility, 'public') = 'public' and deleted_at is null);
create policy devy_public on github.label for select to devy_mirror_reader
  using (deleted_at is null and exists (select from github.repository r where r.id = repository_id));
create policy devy_public on github.milestone for select to devy_mirror_reader
  using (deleted_at is null and exists (select from github.repository r where r.id = repository_id));
create policy devy_public on github.issue for select to devy_mirror_reader
  using (deleted_at is null and exists (select from github.repository r where r.id = repository_id));
create policy devy_public on github.pull_request for select to devy_mirror_reader
  using (deleted_at is null and exists (select from github.repository r where r.id = repository_id));
create policy devy_public on github.pull_request_file for select to devy_mirror_reader
  using (deleted_at is null and exists (select from github.pull_request p where p.id = pull_request_id));
create policy devy_public on github.issue_comment for select to devy_mirror_reader
  using (deleted_at is null and exists (select from github.repository r where r.id = repository_id));
-- Links go with their issue or pull request, and a link to what was deleted shows nothing of it.
create policy devy_public on github.issue_label for select to devy_mirror_reader
  using (exists (select from github.repository r where r.id = repository_id));
create policy devy_public on github.assignee for select to devy_mirror_reader
  using (exists (select from github.repository r where r.id = repository_id));
create policy devy_public on github.requested_reviewer for select to devy_mirror_reader
  using (exists (select from github.pull_request p where p.id = pull_request_id));
create policy devy_public on github.change for select to devy_mirror_reader
  using (relation not in ('repository_hook', 'user_repository')
         and (relation = 'user' or exists (select from github.repository r where r.id = repository_id)));
