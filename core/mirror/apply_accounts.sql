-- Writing users, repositories, rights and hooks: for each table a function that mirror_apply calls, with its
-- settings. It judges all documents in one statement, locks the rows in the order in which the documents come,
-- which is that of their ids, and writes them; the rules are those of judge.sql. p_is_main: the documents are
-- those that were asked for or that the delivery is about, not those nested in them: their rows are locked and
-- stamped in any case. Nested ones are compared without locks first, and most of them end there.

create or replace function mirror_apply_user(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
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
                                  not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github."user" t where t.id = d.id offset 0) h on true
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
                                          not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github."user" t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github."user" t
       set (
             node_id, login, type, site_admin, name, company, blog, location, email, hireable, bio, avatar_url,
             public_repos_count, public_gists_count, followers_count, following_count, created_at, updated_at,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).node_id, (j.new).login, (j.new).type, (j.new).site_admin, (j.new).name, (j.new).company,
             (j.new).blog, (j.new).location, (j.new).email, (j.new).hireable, (j.new).bio, (j.new).avatar_url,
             (j.new).public_repos_count, (j.new).public_gists_count, (j.new).followers_count,
             (j.new).following_count, (j.new).created_at, (j.new).updated_at, j.last_replicated_via_webhook_at,
             j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github."user" as t (
      id, node_id, login, type, site_admin, name, company, blog, location, email, hireable, bio, avatar_url,
      public_repos_count, public_gists_count, followers_count, following_count, created_at, updated_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).login, (j.new).type, (j.new).site_admin, (j.new).name,
      (j.new).company, (j.new).blog, (j.new).location, (j.new).email, (j.new).hireable, (j.new).bio,
      (j.new).avatar_url, (j.new).public_repos_count, (j.new).public_gists_count, (j.new).followers_count,
      (j.new).following_count, (j.new).created_at, (j.new).updated_at, j.last_replicated_via_webhook_at,
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

create or replace function mirror_apply_repository(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
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
                                  not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github.repository t where t.id = d.id offset 0) h on true
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
                                          not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github.repository t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github.repository t
       set (
             node_id, name, owner_id, owner_login, organization_id, organization_login, private, visibility,
             description, homepage, language, topics, default_branch, fork, parent_id, archived, disabled,
             is_template, size, stargazers_count, watchers_count, forks_count, open_issues_count, has_issues,
             has_projects, has_downloads, has_wiki, has_pages, has_discussions, created_at, updated_at,
             pushed_at, last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled,
             deleted_at, deleted_reason)
         = row(
             (j.new).node_id, (j.new).name, (j.new).owner_id, (j.new).owner_login, (j.new).organization_id,
             (j.new).organization_login, (j.new).private, (j.new).visibility, (j.new).description,
             (j.new).homepage, (j.new).language, (j.new).topics, (j.new).default_branch, (j.new).fork,
             (j.new).parent_id, (j.new).archived, (j.new).disabled, (j.new).is_template, (j.new).size,
             (j.new).stargazers_count, (j.new).watchers_count, (j.new).forks_count, (j.new).open_issues_count,
             (j.new).has_issues, (j.new).has_projects, (j.new).has_downloads, (j.new).has_wiki,
             (j.new).has_pages, (j.new).has_discussions, (j.new).created_at, (j.new).updated_at,
             (j.new).pushed_at, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at,
             j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github.repository as t (
      id, node_id, name, owner_id, owner_login, organization_id, organization_login, private, visibility,
      description, homepage, language, topics, default_branch, fork, parent_id, archived, disabled, is_template,
      size, stargazers_count, watchers_count, forks_count, open_issues_count, has_issues, has_projects,
      has_downloads, has_wiki, has_pages, has_discussions, created_at, updated_at, pushed_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).name, (j.new).owner_id, (j.new).owner_login, (j.new).organization_id,
      (j.new).organization_login, (j.new).private, (j.new).visibility, (j.new).description, (j.new).homepage,
      (j.new).language, (j.new).topics, (j.new).default_branch, (j.new).fork, (j.new).parent_id,
      (j.new).archived, (j.new).disabled, (j.new).is_template, (j.new).size, (j.new).stargazers_count,
      (j.new).watchers_count, (j.new).forks_count, (j.new).open_issues_count, (j.new).has_issues,
      (j.new).has_projects, (j.new).has_downloads, (j.new).has_wiki, (j.new).has_pages, (j.new).has_discussions,
      (j.new).created_at, (j.new).updated_at, (j.new).pushed_at, j.last_replicated_via_webhook_at,
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

-- A right was checked when GitHub's API last said it.
create or replace function mirror_apply_user_repository(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_outcome text, o_document jsonb) language plpgsql as $$
begin
  if not p_is_main then
    with document as materialized (
      select e.document, (e.document ->> 'user_id')::bigint as user_id, (e.document ->> 'repository_id')::bigint as repository_id, (e.document ->> 'github_at')::timestamptz as told_at,
             (e.document ->> 'is_settled')::boolean as is_certain
        from jsonb_array_elements(p_documents) e (document)
    )
    select jsonb_agg(f.document) into p_documents
      from (select d.document, h.old, d.told_at, d.is_certain,
                   jsonb_populate_record(h.old, d.document -> 'columns') as told,
                   mirror_verdict(h.old, d.told_at, d.is_certain,
                                  not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
              from document d
              left join lateral (select t as old from github.user_repository t where t.user_id = d.user_id and t.repository_id = d.repository_id offset 0) h on true
            offset 0) f
     where mirror_is_due(f.old, f.verdict, f.is_certain,
                         f.told is not distinct from f.old, p_via, p_at);
    if p_documents is null then return; end if;
  end if;
  return query
  with document as materialized (
    select e.document, (e.document ->> 'user_id')::bigint as user_id, (e.document ->> 'repository_id')::bigint as repository_id, (e.document ->> 'github_at')::timestamptz as told_at,
           (e.document ->> 'is_settled')::boolean as is_certain
      from jsonb_array_elements(p_documents) e (document)
  ), judged as materialized (
    select s.document, s.user_id, s.repository_id, s.old, s.outcome, case when s.outcome = 'applied' then s.told else s.old end as new, n.*
      from (select f.*, mirror_outcome(f.verdict, f.told is not distinct from f.old) as outcome
              from (select d.document, d.user_id, d.repository_id, h.old, d.told_at, d.is_certain,
                           jsonb_populate_record(h.old, d.document -> 'columns') as told,
                           mirror_verdict(h.old, d.told_at, d.is_certain,
                                          not (d.document ->> 'is_added_only')::boolean, p_via, p_at) as verdict
                      from document d
                      left join lateral (select t as old from github.user_repository t where t.user_id = d.user_id and t.repository_id = d.repository_id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github.user_repository t
       set (
             can_pull, can_triage, can_push, can_maintain, can_admin, checked_at, last_replicated_via_webhook_at,
             last_replicated_via_api_at, github_at, is_settled, deleted_at, deleted_reason)
         = row(
             (j.new).can_pull, (j.new).can_triage, (j.new).can_push, (j.new).can_maintain, (j.new).can_admin,
             j.last_replicated_via_api_at, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at, j.github_at, j.is_settled,
             j.deleted_at, j.deleted_reason)
      from judged j
     where t.user_id = j.user_id and t.repository_id = j.repository_id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github.user_repository as t (
      user_id, repository_id, can_pull, can_triage, can_push, can_maintain, can_admin, checked_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).user_id, (j.new).repository_id, (j.new).can_pull, (j.new).can_triage, (j.new).can_push,
      (j.new).can_maintain, (j.new).can_admin,
      j.last_replicated_via_api_at, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at,
      j.github_at, j.is_settled, j.deleted_at, j.deleted_reason
      from judged j
     where j.old is null
        on conflict do nothing
    returning t.user_id, t.repository_id
  )
  select case when j.old is null and (j.user_id, j.repository_id) not in (select i.user_id, i.repository_id from inserted i) then 'conflict'
              else j.outcome end, j.document
    from judged j;
end $$;

create or replace function mirror_apply_repository_hook(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
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
              left join lateral (select t as old from github.repository_hook t where t.id = d.id offset 0) h on true
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
                      left join lateral (select t as old from github.repository_hook t where t.id = d.id for no key update) h on true
                    offset 0) f
            offset 0) s
     cross join lateral mirror_stamps(s.old, s.outcome, s.told_at, s.is_certain, p_via, p_at) n
  ), updated as (
    update github.repository_hook t
       set (
             repository_id, name, url, config, events, active, last_response, created_at, updated_at,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).repository_id, (j.new).name, (j.new).url, (j.new).config, (j.new).events, (j.new).active,
             (j.new).last_response, (j.new).created_at, (j.new).updated_at, j.last_replicated_via_webhook_at,
             j.last_replicated_via_api_at, j.github_at, j.is_settled, j.deleted_at, j.deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null)
       and (j.outcome = 'applied'
            or (j.is_settled, j.last_replicated_via_webhook_at, j.last_replicated_via_api_at) is distinct from
               ((j.old).is_settled, (j.old).last_replicated_via_webhook_at, (j.old).last_replicated_via_api_at))
  ), inserted as (
    insert into github.repository_hook as t (
      id, repository_id, name, url, config, events, active, last_response, created_at, updated_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).repository_id, (j.new).name, (j.new).url, (j.new).config, (j.new).events,
      (j.new).active, (j.new).last_response, (j.new).created_at, (j.new).updated_at,
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
