-- Writing labels, milestones, issues and pull requests, as apply_accounts.sql writes users.

create or replace function mirror_apply_label(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_outcome text, o_document jsonb) language plpgsql as $$
begin
  if not p_is_main then
    with document as materialized (
      select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
             (e.document ->> 'is_settled')::boolean as is_certain
        from jsonb_array_elements(p_documents) e (document)
    )
    select jsonb_agg(f.document) into p_documents
      from (select d.document, h.old, d.told_at, d.is_certain,
                   jsonb_populate_record(h.old, d.document -> 'columns') as told,
                   mirror_verdict(h.old, d.told_at, d.is_certain,
                                  mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github.label t where t.id = d.id offset 0) h on true
            offset 0) f
     where mirror_is_due(f.old, f.verdict, f.is_certain,
                         f.told is not distinct from f.old, p_via, p_at);
    if p_documents is null then return; end if;
  end if;
  return query
  with document as materialized (
    select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
           (e.document ->> 'is_settled')::boolean as is_certain
      from jsonb_array_elements(p_documents) e (document)
  ), judged as materialized (
    select s.document, s.id, s.old, s.outcome, case when s.outcome = 'applied' then s.told else s.old end as new, n.*
      from (select f.*, mirror_outcome(f.verdict, f.told is not distinct from f.old) as outcome
              from (select d.document, d.id, h.old, d.told_at, d.is_certain,
                           jsonb_populate_record(h.old, d.document -> 'columns') as told,
                           mirror_verdict(h.old, d.told_at, d.is_certain,
                                          mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github.label t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github.label t
       set (
             node_id, repository_id, name, color, description, is_default, last_replicated_via_webhook_at,
             last_replicated_via_api_at, github_at, is_settled, deleted_at, deleted_reason)
         = row(
             (j.new).node_id, (j.new).repository_id, (j.new).name, (j.new).color, (j.new).description,
             (j.new).is_default, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at,
             j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), renamed as (
    -- Links show the name, and no event of an issue tells of it.
    update github.issue_label l set label_name = (j.new).name
      from judged j
     where l.repository_id = (j.new).repository_id and l.label_id = j.id and l.label_name <> (j.new).name
       and (p_is_main or (j.new).name is distinct from (j.old).name)
  ), inserted as (
    insert into github.label as t (
      id, node_id, repository_id, name, color, description, is_default, last_replicated_via_webhook_at,
      last_replicated_via_api_at, github_at, is_settled, deleted_at, deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).repository_id, (j.new).name, (j.new).color, (j.new).description,
      (j.new).is_default, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at,
      j.is_settled, j.deleted_at, j.deleted_reason
      from judged j
     where j.old is null
        on conflict do nothing
    returning t.id
  )
  select case when j.old is null and j.id not in (select i.id from inserted i) then 'conflict'
              else j.outcome end, j.document
    from judged j;
end $$;

create or replace function mirror_apply_milestone(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_outcome text, o_document jsonb) language plpgsql as $$
begin
  if not p_is_main then
    with document as materialized (
      select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
             (e.document ->> 'is_settled')::boolean as is_certain
        from jsonb_array_elements(p_documents) e (document)
    )
    select jsonb_agg(f.document) into p_documents
      from (select d.document, h.old, d.told_at, d.is_certain,
                   jsonb_populate_record(h.old, d.document -> 'columns') as told,
                   mirror_verdict(h.old, d.told_at, d.is_certain,
                                  mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github.milestone t where t.id = d.id offset 0) h on true
            offset 0) f
     where mirror_is_due(f.old, f.verdict, f.is_certain,
                         f.told is not distinct from f.old, p_via, p_at);
    if p_documents is null then return; end if;
  end if;
  return query
  with document as materialized (
    select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
           (e.document ->> 'is_settled')::boolean as is_certain
      from jsonb_array_elements(p_documents) e (document)
  ), judged as materialized (
    select s.document, s.id, s.old, s.outcome, case when s.outcome = 'applied' then s.told else s.old end as new, n.*
      from (select f.*, mirror_outcome(f.verdict, f.told is not distinct from f.old) as outcome
              from (select d.document, d.id, h.old, d.told_at, d.is_certain,
                           jsonb_populate_record(h.old, d.document -> 'columns') as told,
                           mirror_verdict(h.old, d.told_at, d.is_certain,
                                          mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github.milestone t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
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
             (j.new).due_at, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at,
             j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
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
      j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at,
      j.deleted_reason
      from judged j
     where j.old is null
        on conflict do nothing
    returning t.id
  )
  select case when j.old is null and j.id not in (select i.id from inserted i) then 'conflict'
              else j.outcome end, j.document
    from judged j;
end $$;

create or replace function mirror_apply_issue(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_outcome text, o_document jsonb) language plpgsql as $$
begin
  if not p_is_main then
    with document as materialized (
      select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
             (e.document ->> 'is_settled')::boolean as is_certain
        from jsonb_array_elements(p_documents) e (document)
    )
    select jsonb_agg(f.document) into p_documents
      from (select d.document, h.old, d.told_at, d.is_certain,
                   jsonb_populate_record(h.old, mirror_issue_columns(h.old, d.document)) as told,
                   mirror_verdict(h.old, d.told_at, d.is_certain,
                                  mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github.issue t where t.id = d.id offset 0) h on true
            offset 0) f
     where mirror_is_due(f.old, f.verdict, f.is_certain,
                         f.told is not distinct from f.old and (select l.o_has_links from mirror_has_links(f.document) l), p_via, p_at);
    if p_documents is null then return; end if;
  end if;
  return query
  with document as materialized (
    select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
           (e.document ->> 'is_settled')::boolean as is_certain
      from jsonb_array_elements(p_documents) e (document)
  ), judged as materialized (
    select s.document, s.id, s.old, s.outcome, case when s.outcome = 'applied' then s.told else s.old end as new, n.*
      from (select f.*, mirror_outcome(f.verdict, f.told is not distinct from f.old and (select l.o_has_links from mirror_has_links(f.document) l)) as outcome
              from (select d.document, d.id, h.old, d.told_at, d.is_certain,
                           jsonb_populate_record(h.old, mirror_issue_columns(h.old, d.document)) as told,
                           mirror_verdict(h.old, d.told_at, d.is_certain,
                                          mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github.issue t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github.issue t
       set (
             node_id, repository_id, number, is_pull_request, state, state_reason, type, title, body, user_id,
             user_login, assignee_id, assignee_login, closed_by_id, closed_by_login, milestone_id,
             milestone_number, locked, active_lock_reason, comments_count, reactions_count, author_association,
             created_at, updated_at, closed_at, last_replicated_via_webhook_at, last_replicated_via_api_at,
             github_at, is_settled, deleted_at, deleted_reason)
         = row(
             (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).is_pull_request, (j.new).state,
             (j.new).state_reason, (j.new).type, (j.new).title, (j.new).body, (j.new).user_id,
             (j.new).user_login, (j.new).assignee_id, (j.new).assignee_login, (j.new).closed_by_id,
             (j.new).closed_by_login, (j.new).milestone_id, (j.new).milestone_number, (j.new).locked,
             (j.new).active_lock_reason, (j.new).comments_count, (j.new).reactions_count,
             (j.new).author_association, (j.new).created_at, (j.new).updated_at, (j.new).closed_at,
             j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at, j.is_settled,
             j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github.issue as t (
      id, node_id, repository_id, number, is_pull_request, state, state_reason, type, title, body, user_id,
      user_login, assignee_id, assignee_login, closed_by_id, closed_by_login, milestone_id, milestone_number,
      locked, active_lock_reason, comments_count, reactions_count, author_association, created_at, updated_at,
      closed_at, last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).is_pull_request,
      (j.new).state, (j.new).state_reason, (j.new).type, (j.new).title, (j.new).body, (j.new).user_id,
      (j.new).user_login, (j.new).assignee_id, (j.new).assignee_login, (j.new).closed_by_id,
      (j.new).closed_by_login, (j.new).milestone_id, (j.new).milestone_number, (j.new).locked,
      (j.new).active_lock_reason, (j.new).comments_count, (j.new).reactions_count, (j.new).author_association,
      (j.new).created_at, (j.new).updated_at, (j.new).closed_at, j.last_replicated_via_webhook_at,
      j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at, j.deleted_reason
      from judged j
     where j.old is null
        on conflict do nothing
    returning t.id
  )
  select case when j.old is null and j.id not in (select i.id from inserted i) then 'conflict'
              else j.outcome end, j.document
    from judged j;
end $$;

create or replace function mirror_apply_pull_request(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_outcome text, o_document jsonb) language plpgsql as $$
begin
  if not p_is_main then
    with document as materialized (
      select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
             (e.document ->> 'is_settled')::boolean as is_certain
        from jsonb_array_elements(p_documents) e (document)
    )
    select jsonb_agg(f.document) into p_documents
      from (select d.document, h.old, d.told_at, d.is_certain,
                   jsonb_populate_record(h.old, mirror_pull_columns(h.old, d.document)) as told,
                   mirror_verdict(h.old, d.told_at, d.is_certain,
                                  mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github.pull_request t where t.id = d.id offset 0) h on true
            offset 0) f
     where mirror_is_due(f.old, f.verdict, f.is_certain,
                         f.told is not distinct from f.old and (select l.o_has_links from mirror_has_links(f.document) l), p_via, p_at);
    if p_documents is null then return; end if;
  end if;
  return query
  with document as materialized (
    select e.document, (e.document ->> 'id')::bigint as id, (e.document ->> 'github_at')::timestamptz as told_at,
           (e.document ->> 'is_settled')::boolean as is_certain
      from jsonb_array_elements(p_documents) e (document)
  ), judged as materialized (
    select s.document, s.id, s.old, s.outcome, case when s.outcome = 'applied' then s.told else s.old end as new, n.*
      from (select f.*, mirror_outcome(f.verdict, f.told is not distinct from f.old and (select l.o_has_links from mirror_has_links(f.document) l)) as outcome
              from (select d.document, d.id, h.old, d.told_at, d.is_certain,
                           jsonb_populate_record(h.old, mirror_pull_columns(h.old, d.document)) as told,
                           mirror_verdict(h.old, d.told_at, d.is_certain,
                                          mirror_is_believed(d.document, (h.old).repository_id, p_via), p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github.pull_request t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
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
             (j.new).closed_at, (j.new).merged_at, (j.new).detail_at, j.last_replicated_via_webhook_at,
             j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github.pull_request as t (
      id, node_id, repository_id, number, state, draft, locked, title, body, user_id, user_login, assignee_id,
      assignee_login, merged_by_id, merged_by_login, milestone_id, milestone_number, base_ref, base_sha,
      head_repo_id, head_ref, head_sha, merged, mergeable, mergeable_state, merge_commit_sha, comments_count,
      review_comments_count, commits_count, additions, deletions, changed_files, author_association, created_at,
      updated_at, closed_at, merged_at, detail_at, last_replicated_via_webhook_at, last_replicated_via_api_at,
      github_at, is_settled, deleted_at, deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).repository_id, (j.new).number, (j.new).state, (j.new).draft,
      (j.new).locked, (j.new).title, (j.new).body, (j.new).user_id, (j.new).user_login, (j.new).assignee_id,
      (j.new).assignee_login, (j.new).merged_by_id, (j.new).merged_by_login, (j.new).milestone_id,
      (j.new).milestone_number, (j.new).base_ref, (j.new).base_sha, (j.new).head_repo_id, (j.new).head_ref,
      (j.new).head_sha, (j.new).merged, (j.new).mergeable, (j.new).mergeable_state, (j.new).merge_commit_sha,
      (j.new).comments_count, (j.new).review_comments_count, (j.new).commits_count, (j.new).additions,
      (j.new).deletions, (j.new).changed_files, (j.new).author_association, (j.new).created_at,
      (j.new).updated_at, (j.new).closed_at, (j.new).merged_at, (j.new).detail_at,
      j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at,
      j.deleted_reason
      from judged j
     where j.old is null
        on conflict do nothing
    returning t.id
  )
  select case when j.old is null and j.id not in (select i.id from inserted i) then 'conflict'
              else j.outcome end, j.document
    from judged j;
end $$;
