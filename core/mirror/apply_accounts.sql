-- Writing users, repositories, rights and hooks. Each function locks the rows that it writes in the order of
-- their ids; the rules are those of judge.sql. p_is_main: the documents are what was asked for or what
-- the delivery is about, not what is nested in them: their rows are locked and stamped in any case.

create or replace function mirror_apply_user(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
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
      left join github."user" t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.id, t as old
      from github."user" t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
  ), updated as (
    update github."user" t
       set (
             node_id, login, type, site_admin, name, company, blog, location, email, hireable, bio,
             avatar_url, public_repos_count, public_gists_count, followers_count, following_count,
             created_at, updated_at, last_replicated_via_webhook_at, last_replicated_via_api_at, github_at,
             is_settled, deleted_at, deleted_reason)
         = row(
             (j.new).node_id, (j.new).login, (j.new).type, (j.new).site_admin, (j.new).name, (j.new).company,
             (j.new).blog, (j.new).location, (j.new).email, (j.new).hireable, (j.new).bio,
             (j.new).avatar_url, (j.new).public_repos_count, (j.new).public_gists_count,
             (j.new).followers_count, (j.new).following_count, (j.new).created_at, (j.new).updated_at,
             (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
             (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
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
      (j.new).following_count, (j.new).created_at, (j.new).updated_at,
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

create or replace function mirror_apply_repository(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
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
      left join github.repository t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.id, t as old
      from github.repository t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
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
             (j.new).stargazers_count, (j.new).watchers_count, (j.new).forks_count,
             (j.new).open_issues_count, (j.new).has_issues, (j.new).has_projects, (j.new).has_downloads,
             (j.new).has_wiki, (j.new).has_pages, (j.new).has_discussions, (j.new).created_at,
             (j.new).updated_at, (j.new).pushed_at, (j.new).last_replicated_via_webhook_at,
             (j.new).last_replicated_via_api_at, (j.new).github_at, (j.new).is_settled, (j.new).deleted_at,
             (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.repository as t (
      id, node_id, name, owner_id, owner_login, organization_id, organization_login, private, visibility,
      description, homepage, language, topics, default_branch, fork, parent_id, archived, disabled,
      is_template, size, stargazers_count, watchers_count, forks_count, open_issues_count, has_issues,
      has_projects, has_downloads, has_wiki, has_pages, has_discussions, created_at, updated_at, pushed_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).node_id, (j.new).name, (j.new).owner_id, (j.new).owner_login,
      (j.new).organization_id, (j.new).organization_login, (j.new).private, (j.new).visibility,
      (j.new).description, (j.new).homepage, (j.new).language, (j.new).topics, (j.new).default_branch,
      (j.new).fork, (j.new).parent_id, (j.new).archived, (j.new).disabled, (j.new).is_template, (j.new).size,
      (j.new).stargazers_count, (j.new).watchers_count, (j.new).forks_count, (j.new).open_issues_count,
      (j.new).has_issues, (j.new).has_projects, (j.new).has_downloads, (j.new).has_wiki, (j.new).has_pages,
      (j.new).has_discussions, (j.new).created_at, (j.new).updated_at, (j.new).pushed_at,
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

create or replace function mirror_apply_repository_hook(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
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
      left join github.repository_hook t using (id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.id, t as old
      from github.repository_hook t
     where (id) in (select d.id from due d)
     order by t.id
       for no key update
  ), judged as materialized (
    select d.place, d.id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
  ), updated as (
    update github.repository_hook t
       set (
             repository_id, name, url, config, events, active, last_response, created_at, updated_at,
             last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
             deleted_reason)
         = row(
             (j.new).repository_id, (j.new).name, (j.new).url, (j.new).config, (j.new).events,
             (j.new).active, (j.new).last_response, (j.new).created_at, (j.new).updated_at,
             (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
             (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason)
      from judged j
     where t.id = j.id and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.repository_hook as t (
      id, repository_id, name, url, config, events, active, last_response, created_at, updated_at,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).id, (j.new).repository_id, (j.new).name, (j.new).url, (j.new).config, (j.new).events,
      (j.new).active, (j.new).last_response, (j.new).created_at, (j.new).updated_at,
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

create or replace function mirror_apply_user_repository(p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  return query
  with document as materialized (
    select e.place, e.document, (e.document ->> 'user_id')::bigint as user_id, (e.document ->> 'repository_id')::bigint as repository_id
      from jsonb_array_elements(p_documents) with ordinality as e (document, place)
  ), due as materialized (
    select d.*
      from document d
      left join github.user_repository t using (user_id, repository_id)
     where p_is_main or mirror_is_due(t, d.document, p_via, p_at, true)
  ), held as materialized (
    select t.user_id, t.repository_id, t as old
      from github.user_repository t
     where (user_id, repository_id) in (select d.user_id, d.repository_id from due d)
     order by t.user_id, t.repository_id
       for no key update
  ), judged as materialized (
    select d.place, d.user_id, d.repository_id, h.old, j.o_outcome as outcome, j.o_new as new
      from due d
      left join held h using (user_id, repository_id)
     cross join lateral mirror_judge(h.old, d.document, p_via, p_at, true) j
  ), updated as (
    update github.user_repository t
       set (
             can_pull, can_triage, can_push, can_maintain, can_admin, last_replicated_via_webhook_at,
             last_replicated_via_api_at, github_at, is_settled, deleted_at, deleted_reason)
         = row(
             (j.new).can_pull, (j.new).can_triage, (j.new).can_push, (j.new).can_maintain, (j.new).can_admin,
             (j.new).last_replicated_via_webhook_at, (j.new).last_replicated_via_api_at, (j.new).github_at,
             (j.new).is_settled, (j.new).deleted_at, (j.new).deleted_reason)
      from judged j
     where t.user_id = j.user_id and t.repository_id = j.repository_id and not (j.old is null) and j.new is distinct from j.old
  ), inserted as (
    insert into github.user_repository as t (
      user_id, repository_id, can_pull, can_triage, can_push, can_maintain, can_admin,
      last_replicated_via_webhook_at, last_replicated_via_api_at, github_at, is_settled, deleted_at,
      deleted_reason)
    select
      (j.new).user_id, (j.new).repository_id, (j.new).can_pull, (j.new).can_triage, (j.new).can_push,
      (j.new).can_maintain, (j.new).can_admin, (j.new).last_replicated_via_webhook_at,
      (j.new).last_replicated_via_api_at, (j.new).github_at, (j.new).is_settled, (j.new).deleted_at,
      (j.new).deleted_reason
      from judged j
     where j.old is null
     order by j.user_id, j.repository_id
        on conflict do nothing
    returning t.user_id, t.repository_id
  )
  select j.place, case when j.old is null and i.user_id is null then 'conflict' else j.outcome end
    from judged j
    left join inserted i using (user_id, repository_id);
end $$;

