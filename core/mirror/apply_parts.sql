-- Writing the files of pull requests, and comments, as apply_accounts.sql writes users.

create or replace function mirror_apply_pull_request_file(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_outcome text, o_document jsonb) language plpgsql as $$
begin
  if not p_is_main then
    with document as materialized (
      select e.document, (e.document ->> 'pull_request_id')::bigint as pull_request_id, e.document ->> 'filename' as filename, (e.document ->> 'github_at')::timestamptz as told_at,
             (e.document ->> 'is_settled')::boolean as is_certain
        from jsonb_array_elements(p_documents) e (document)
    )
    select jsonb_agg(f.document) into p_documents
      from (select d.document, h.old, d.told_at, d.is_certain,
                   jsonb_populate_record(h.old, d.document -> 'columns') as told,
                   mirror_verdict(h.old, d.told_at, d.is_certain,
                                  not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github.pull_request_file t where t.pull_request_id = d.pull_request_id and t.filename = d.filename offset 0) h on true
            offset 0) f
     where mirror_is_due(f.old, f.verdict, f.is_certain,
                         f.told is not distinct from f.old, p_via, p_at);
    if p_documents is null then return; end if;
  end if;
  return query
  with document as materialized (
    select e.document, (e.document ->> 'pull_request_id')::bigint as pull_request_id, e.document ->> 'filename' as filename, (e.document ->> 'github_at')::timestamptz as told_at,
           (e.document ->> 'is_settled')::boolean as is_certain
      from jsonb_array_elements(p_documents) e (document)
  ), judged as materialized (
    select s.document, s.pull_request_id, s.filename, s.old, s.outcome, case when s.outcome = 'applied' then s.told else s.old end as new, n.*
      from (select f.*, mirror_outcome(f.verdict, f.told is not distinct from f.old) as outcome
              from (select d.document, d.pull_request_id, d.filename, h.old, d.told_at, d.is_certain,
                           jsonb_populate_record(h.old, d.document -> 'columns') as told,
                           mirror_verdict(h.old, d.told_at, d.is_certain,
                                          not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github.pull_request_file t where t.pull_request_id = d.pull_request_id and t.filename = d.filename for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github.pull_request_file t
       set (
             previous_filename, sha, status, additions, deletions, changes, patch, position,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).previous_filename, (j.new).sha, (j.new).status, (j.new).additions, (j.new).deletions,
             (j.new).changes, (j.new).patch, (j.new).position, j.last_replicated_via_webhook_at,
             j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.pull_request_id = j.pull_request_id and t.filename = j.filename and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github.pull_request_file as t (
      pull_request_id, filename, previous_filename, sha, status, additions, deletions, changes, patch, position,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).pull_request_id, (j.new).filename, (j.new).previous_filename, (j.new).sha, (j.new).status,
      (j.new).additions, (j.new).deletions, (j.new).changes, (j.new).patch, (j.new).position,
      j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at,
      j.deleted_reason
      from judged j
     where j.old is null
        on conflict do nothing
    returning t.pull_request_id, t.filename
  )
  select case when j.old is null and (j.pull_request_id, j.filename) not in (select i.pull_request_id, i.filename from inserted i) then 'conflict'
              else j.outcome end, j.document
    from judged j;
end $$;

create or replace function mirror_apply_issue_comment(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
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
              left join lateral (select t as old from github.issue_comment t where t.id = d.id offset 0) h on true
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
                      left join lateral (select t as old from github.issue_comment t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github.issue_comment t
       set (
             repository_id, number, user_id, user_login, body, created_at, updated_at,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).repository_id, (j.new).number, (j.new).user_id, (j.new).user_login, (j.new).body,
             (j.new).created_at, (j.new).updated_at, j.last_replicated_via_webhook_at,
             j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github.issue_comment as t (
      id, repository_id, number, user_id, user_login, body, created_at, updated_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).repository_id, (j.new).number, (j.new).user_id, (j.new).user_login, (j.new).body,
      (j.new).created_at, (j.new).updated_at, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at,
      j.github_at, j.is_settled, j.deleted_at, j.deleted_reason
      from judged j
     where j.old is null
        on conflict do nothing
    returning t.id
  )
  select case when j.old is null and j.id not in (select i.id from inserted i) then 'conflict'
              else j.outcome end, j.document
    from judged j;
end $$;
