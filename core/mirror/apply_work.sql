-- Writing labels, milestones, issues, pull requests, their files, and comments, as apply_accounts.sql
-- writes users.

create or replace function mirror_apply_label(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with document as materialized (
    select e.place, e.document, (e.document ->> 'id')::bigint as id
      from jsonb_array_elements(p_documents) with ordinality as e (document, place)
  ), due as materialized (
    select d.*
      from document d
      left join github.label t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.id, t as old
      from github.label t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
  ), updated as (
    update github.label t
       set (
             node_id, repository_id, name, color, description, is_default, last_replicated_via_webhook_at,
             last_replicated_via_api_at, github_at, is_settled, deleted_at, deleted_reason)
         = row(
             (j.new).node_id, (j.new).repository_id, (j.new).name, (j.new).color, (j.new).description,
             (j.new).is_default, (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at,
             (j.new).github_at, (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
  ), renamed as (
    -- Links show the name, and no event of an issue tells of it.
    update github.issue_label l set label_name = (j.new).name
      from judged j
     where l.repository_id = (j.new).repository_id and l.label_id = j.id and l.label_name <> (j.new).name
  ), inserted as (
    insert into github.label as t (
      id, node_id, repository_id, name, color, description, is_default, last_replicated_via_webhook_at,
      last_replicated_via_api_at, github_at, is_settled, deleted_at, deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).repository_id, (j.new).name, (j.new).color, (j.new).description,
      (j.new).is_default, (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at,
      (j.new).github_at, (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason
      from judged j
     where j.old is null
     order by j.id
        on conflict do nothing
    returning t.id
  )
  select j.place, case when j.old is null and i.id is null then 'conflict' else j.outcome end
    from judged j
    left join inserted i using (id);
end $$;

create or replace function mirror_apply_milestone(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with document as materialized (
    select e.place, e.document, (e.document ->> 'id')::bigint as id
      from jsonb_array_elements(p_documents) with ordinality as e (document, place)
  ), due as materialized (
    select d.*
      from document d
      left join github.milestone t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.id, t as old
      from github.milestone t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
  ), updated as (
    update github.milestone t
       set (
             node_id, repository_id, number, state, title, description, creator_id, creator_login,
             open_issues_count, closed_issues_count, created_at, updated_at, closed_at, due_at,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).state, (j.new).title,
             (j.new).description, (j.new).creator_id, (j.new).creator_login, (j.new).open_issues_count,
             (j.new).closed_issues_count, (j.new).created_at, (j.new).updated_at, (j.new).closed_at,
             (j.new).due_at, (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at,
             (j.new).github_at, (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.milestone as t (
      id, node_id, repository_id, number, state, title, description, creator_id, creator_login,
      open_issues_count, closed_issues_count, created_at, updated_at, closed_at, due_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).state, (j.new).title,
      (j.new).description, (j.new).creator_id, (j.new).creator_login, (j.new).open_issues_count,
      (j.new).closed_issues_count, (j.new).created_at, (j.new).updated_at, (j.new).closed_at, (j.new).due_at,
      (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
      (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason
      from judged j
     where j.old is null
     order by j.id
        on conflict do nothing
    returning t.id
  )
  select j.place, case when j.old is null and i.id is null then 'conflict' else j.outcome end
    from judged j
    left join inserted i using (id);
end $$;

create or replace function mirror_apply_issue(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with document as materialized (
    select e.place, e.document, (e.document ->> 'id')::bigint as id
      from jsonb_array_elements(p_documents) with ordinality as e (document, place)
  ), due as materialized (
    select d.*
      from document d
      left join github.issue t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, mirror_has_links(d.document))
  ), held as materialized (
    select t.id, t as old
      from github.issue t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, mirror_has_links(d.document)) j
  ), updated as (
    update github.issue t
       set (
             node_id, repository_id, number, is_pull_request, state, state_reason, type, title, body,
             user_id, user_login, assignee_id, assignee_login, closed_by_id, closed_by_login, milestone_id,
             milestone_number, locked, active_lock_reason, comments_count, reactions_count,
             author_association, created_at, updated_at, closed_at, last_replicated_via_webhook_at,
             last_replicated_via_api_at, github_at, is_settled, deleted_at, deleted_reason)
         = row(
             (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).is_pull_request, (j.new).state,
             (j.new).state_reason, (j.new).type, (j.new).title, (j.new).body, (j.new).user_id,
             (j.new).user_login, (j.new).assignee_id, (j.new).assignee_login, (j.new).closed_by_id,
             (j.new).closed_by_login, (j.new).milestone_id, (j.new).milestone_number, (j.new).locked,
             (j.new).active_lock_reason, (j.new).comments_count, (j.new).reactions_count,
             (j.new).author_association, (j.new).created_at, (j.new).updated_at, (j.new).closed_at,
             (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
             (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.issue as t (
      id, node_id, repository_id, number, is_pull_request, state, state_reason, type, title, body, user_id,
      user_login, assignee_id, assignee_login, closed_by_id, closed_by_login, milestone_id, milestone_number,
      locked, active_lock_reason, comments_count, reactions_count, author_association, created_at,
      updated_at, closed_at, last_replicated_via_webhook_at, last_replicated_via_api_at, github_at,
      is_settled, deleted_at, deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).is_pull_request,
      (j.new).state, (j.new).state_reason, (j.new).type, (j.new).title, (j.new).body, (j.new).user_id,
      (j.new).user_login, (j.new).assignee_id, (j.new).assignee_login, (j.new).closed_by_id,
      (j.new).closed_by_login, (j.new).milestone_id, (j.new).milestone_number, (j.new).locked,
      (j.new).active_lock_reason, (j.new).comments_count, (j.new).reactions_count,
      (j.new).author_association, (j.new).created_at, (j.new).updated_at, (j.new).closed_at,
      (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
      (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason
      from judged j
     where j.old is null
     order by j.id
        on conflict do nothing
    returning t.id
  )
  select j.place, case when j.old is null and i.id is null then 'conflict' else j.outcome end
    from judged j
    left join inserted i using (id);
end $$;

create or replace function mirror_apply_pull_request(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with document as materialized (
    select e.place, e.document, (e.document ->> 'id')::bigint as id
      from jsonb_array_elements(p_documents) with ordinality as e (document, place)
  ), due as materialized (
    select d.*
      from document d
      left join github.pull_request t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, mirror_has_links(d.document))
  ), held as materialized (
    select t.id, t as old
      from github.pull_request t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, mirror_has_links(d.document)) j
  ), updated as (
    update github.pull_request t
       set (
             node_id, repository_id, number, state, draft, locked, title, body, user_id, user_login,
             assignee_id, assignee_login, merged_by_id, merged_by_login, milestone_id, milestone_number,
             base_ref, base_sha, head_repo_id, head_ref, head_sha, merged, mergeable, mergeable_state,
             merge_commit_sha, comments_count, review_comments_count, commits_count, additions, deletions,
             changed_files, author_association, created_at, updated_at, closed_at, merged_at, detail_at,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).state, (j.new).draft,
             (j.new).locked, (j.new).title, (j.new).body, (j.new).user_id, (j.new).user_login,
             (j.new).assignee_id, (j.new).assignee_login, (j.new).merged_by_id, (j.new).merged_by_login,
             (j.new).milestone_id, (j.new).milestone_number, (j.new).base_ref, (j.new).base_sha,
             (j.new).head_repo_id, (j.new).head_ref, (j.new).head_sha, (j.new).merged, (j.new).mergeable,
             (j.new).mergeable_state, (j.new).merge_commit_sha, (j.new).comments_count,
             (j.new).review_comments_count, (j.new).commits_count, (j.new).additions, (j.new).deletions,
             (j.new).changed_files, (j.new).author_association, (j.new).created_at, (j.new).updated_at,
             (j.new).closed_at, (j.new).merged_at, (j.new).detail_at, (j.new).last_replicated_via_webhook_at,
             (j.new).last_replicated_via_api_at, (j.new).github_at, (j.new).is_settled, (j.new).deleted_at,
             (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.pull_request as t (
      id, node_id, repository_id, number, state, draft, locked, title, body, user_id, user_login,
      assignee_id, assignee_login, merged_by_id, merged_by_login, milestone_id, milestone_number, base_ref,
      base_sha, head_repo_id, head_ref, head_sha, merged, mergeable, mergeable_state, merge_commit_sha,
      comments_count, review_comments_count, commits_count, additions, deletions, changed_files,
      author_association, created_at, updated_at, closed_at, merged_at, detail_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).state, (j.new).draft,
      (j.new).locked, (j.new).title, (j.new).body, (j.new).user_id, (j.new).user_login, (j.new).assignee_id,
      (j.new).assignee_login, (j.new).merged_by_id, (j.new).merged_by_login, (j.new).milestone_id,
      (j.new).milestone_number, (j.new).base_ref, (j.new).base_sha, (j.new).head_repo_id, (j.new).head_ref,
      (j.new).head_sha, (j.new).merged, (j.new).mergeable, (j.new).mergeable_state, (j.new).merge_commit_sha,
      (j.new).comments_count, (j.new).review_comments_count, (j.new).commits_count, (j.new).additions,
      (j.new).deletions, (j.new).changed_files, (j.new).author_association, (j.new).created_at,
      (j.new).updated_at, (j.new).closed_at, (j.new).merged_at, (j.new).detail_at,
      (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
      (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason
      from judged j
     where j.old is null
     order by j.id
        on conflict do nothing
    returning t.id
  )
  select j.place, case when j.old is null and i.id is null then 'conflict' else j.outcome end
    from judged j
    left join inserted i using (id);
end $$;

create or replace function mirror_apply_pull_request_file(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with document as materialized (
    select e.place, e.document, (e.document ->> 'pull_request_id')::bigint as pull_request_id, e.document ->> 'filename' as filename
      from jsonb_array_elements(p_documents) with ordinality as e (document, place)
  ), due as materialized (
    select d.*
      from document d
      left join github.pull_request_file t using (pull_request_id, filename)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.pull_request_id, t.filename, t as old
      from github.pull_request_file t
     where (pull_request_id, filename) in (select d.pull_request_id, d.filename from due d)
     order by t.pull_request_id, t.filename
       for no key update
  ), judged as materialized (
    select d.place, d.pull_request_id, d.filename, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (pull_request_id, filename)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
  ), updated as (
    update github.pull_request_file t
       set (
             previous_filename, sha, status, additions, deletions, changes, patch, position,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).previous_filename, (j.new).sha, (j.new).status,
             (j.new).additions, (j.new).deletions, (j.new).changes, (j.new).patch, (j.new).position,
             (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
             (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason)
      from judged j
     where t.pull_request_id = j.pull_request_id and t.filename = j.filename and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.pull_request_file as t (
      pull_request_id, filename, previous_filename, sha, status, additions, deletions,
      changes, patch, position, last_replicated_via_webhook_at, last_replicated_via_api_at, github_at,
      is_settled, deleted_at, deleted_reason)
    select
      (j.new).pull_request_id, (j.new).filename, (j.new).previous_filename,
      (j.new).sha, (j.new).status, (j.new).additions, (j.new).deletions, (j.new).changes, (j.new).patch,
      (j.new).position, (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at,
      (j.new).github_at, (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason
      from judged j
     where j.old is null
     order by j.pull_request_id, j.filename
        on conflict do nothing
    returning t.pull_request_id, t.filename
  )
  select j.place, case when j.old is null and i.pull_request_id is null then 'conflict' else j.outcome end
    from judged j
    left join inserted i using (pull_request_id, filename);
end $$;

create or replace function mirror_apply_issue_comment(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with document as materialized (
    select e.place, e.document, (e.document ->> 'id')::bigint as id
      from jsonb_array_elements(p_documents) with ordinality as e (document, place)
  ), due as materialized (
    select d.*
      from document d
      left join github.issue_comment t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.id, t as old
      from github.issue_comment t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
  ), updated as (
    update github.issue_comment t
       set (
             repository_id, number, user_id, user_login, body, created_at, updated_at,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).repository_id, (j.new).number, (j.new).user_id, (j.new).user_login, (j.new).body,
             (j.new).created_at, (j.new).updated_at, (j.new).last_replicated_via_webhook_at,
             (j.new).last_replicated_via_api_at, (j.new).github_at, (j.new).is_settled, (j.new).deleted_at,
             (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.issue_comment as t (
      id, repository_id, number, user_id, user_login, body, created_at, updated_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).repository_id, (j.new).number, (j.new).user_id, (j.new).user_login, (j.new).body,
      (j.new).created_at, (j.new).updated_at, (j.new).last_replicated_via_webhook_at,
      (j.new).last_replicated_via_api_at, (j.new).github_at, (j.new).is_settled, (j.new).deleted_at,
      (j.new).deleted_reason
      from judged j
     where j.old is null
     order by j.id
        on conflict do nothing
    returning t.id
  )
  select j.place, case when j.old is null and i.id is null then 'conflict' else j.outcome end
    from judged j
    left join inserted i using (id);
end $$;

