-- Writing documents of any table, and the links of issues and pull requests.

-- One answer a document that was worth writing, by its place in the array: what mirror_judge says of it,
-- or conflict where another row has its number.
create or replace function mirror_apply(p_relation text, p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_place bigint, o_outcome text) language plpgsql set search_path = devy, pg_temp as $$
begin
  perform mirror_feed_via(p_via);
  case p_relation
    when 'user' then
      return query select * from mirror_apply_user(p_documents, p_via, p_at, p_is_main);
    when 'repository' then
      return query select * from mirror_apply_repository(p_documents, p_via, p_at, p_is_main);
    when 'user_repository' then
      return query select * from mirror_apply_user_repository(p_documents, p_via, p_at, p_is_main);
    when 'repository_hook' then
      return query select * from mirror_apply_repository_hook(p_documents, p_via, p_at, p_is_main);
    when 'label' then
      return query select * from mirror_apply_label(p_documents, p_via, p_at, p_is_main);
    when 'milestone' then
      return query select * from mirror_apply_milestone(p_documents, p_via, p_at, p_is_main);
    when 'issue' then
      return query select * from mirror_apply_issue(p_documents, p_via, p_at, p_is_main);
    when 'pull_request' then
      return query select * from mirror_apply_pull_request(p_documents, p_via, p_at, p_is_main);
    when 'pull_request_file' then
      return query select * from mirror_apply_pull_request_file(p_documents, p_via, p_at, p_is_main);
    when 'issue_comment' then
      return query select * from mirror_apply_issue_comment(p_documents, p_via, p_at, p_is_main);
  end case;
end $$;

-- Writes the links of issues and pull requests as differences. Their parents' rows are locked by this
-- transaction, and were changed by these documents.
create or replace function mirror_write_links(p_documents jsonb) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  -- A milestone that has ended is none, though a document from before may come after its end.
  update github.issue t set milestone_id = null, milestone_number = null
    from jsonb_array_elements(p_documents) d
    join github.milestone m on m.id = (d #>> '{columns,milestone_id}')::bigint and m.deleted_at is not null
   where t.repository_id = (d #>> '{columns,repository_id}')::bigint
     and t.number = (d #>> '{columns,number}')::integer and t.milestone_id = m.id;
  update github.pull_request t set milestone_id = null, milestone_number = null
    from jsonb_array_elements(p_documents) d
    join github.milestone m on m.id = (d #>> '{columns,milestone_id}')::bigint and m.deleted_at is not null
   where t.repository_id = (d #>> '{columns,repository_id}')::bigint
     and t.number = (d #>> '{columns,number}')::integer and t.milestone_id = m.id;
  with parent as materialized (
    select (d #>> '{columns,repository_id}')::bigint as repository_id, (d #>> '{columns,number}')::integer as number, d -> 'labels' as labels
      from jsonb_array_elements(p_documents) d where d ? 'labels'
  ), wanted as materialized (
    select p.repository_id, p.number, l.o_id as label_id, l.o_name as label_name
      from parent p cross join lateral mirror_label_ids(p.repository_id, p.labels) l
  ), removed as (
    delete from github.issue_label t using parent p
     where t.repository_id = p.repository_id and t.number = p.number
       and not exists (select 1 from wanted w where w.repository_id = t.repository_id and w.number = t.number and w.label_id = t.label_id)
  )
  insert into github.issue_label as t (repository_id, number, label_id, label_name)
  select * from wanted order by 1, 2, 3
      on conflict (repository_id, number, label_id) do update set label_name = excluded.label_name
   where t.label_name <> excluded.label_name;

  with parent as materialized (
    select (d #>> '{columns,repository_id}')::bigint as repository_id, (d #>> '{columns,number}')::integer as number, d -> 'assignees' as assignees
      from jsonb_array_elements(p_documents) d where d ? 'assignees'
  ), wanted as materialized (
    select distinct p.repository_id, p.number, a::bigint as user_id
      from parent p cross join lateral jsonb_array_elements_text(p.assignees) a
  ), removed as (
    delete from github.assignee t using parent p
     where t.repository_id = p.repository_id and t.number = p.number
       and not exists (select 1 from wanted w where w.repository_id = t.repository_id and w.number = t.number and w.user_id = t.user_id)
  )
  insert into github.assignee select * from wanted order by 1, 2, 3 on conflict do nothing;

  with parent as materialized (
    select (d ->> 'id')::bigint as pull_request_id, d -> 'reviewers' as reviewers
      from jsonb_array_elements(p_documents) d where d ? 'reviewers'
  ), wanted as materialized (
    select distinct p.pull_request_id, a::bigint as user_id
      from parent p cross join lateral jsonb_array_elements_text(p.reviewers) a
  ), removed as (
    delete from github.requested_reviewer t using parent p
     where t.pull_request_id = p.pull_request_id
       and not exists (select 1 from wanted w where w.pull_request_id = t.pull_request_id and w.user_id = t.user_id)
  )
  insert into github.requested_reviewer select * from wanted order by 1, 2 on conflict do nothing;
end $$;
