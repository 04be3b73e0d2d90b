-- Writing documents of all tables, and the links of issues and pull requests.

-- Those of one table; for each that was worth a lock what became of its row, or conflict where another row
-- has its number or has just come.
create or replace function mirror_apply_rows(p_relation text, p_documents jsonb, p_via text, p_at timestamptz, p_is_main boolean)
returns table (o_outcome text, o_document jsonb) language plpgsql as $$
begin
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

-- All documents of a delivery or a page: {"<table>": [document, …], …}, in each array by ascending ids and one
-- document an id. p_main: the table of those that were asked for. Returns for each table how many documents
-- did what to their rows; invalid: another row has their number.
create or replace function mirror_apply(p_documents jsonb, p_via text, p_at timestamptz, p_main text)
returns table (o_relation text, o_applied bigint, o_same bigint, o_stale bigint, o_tie bigint, o_invalid bigint)
language plpgsql set search_path = devy, pg_temp
-- Plans must not depend on the tables' statistics: a session keeps them while a first fill goes on. Each row is
-- found by its key, whatever the planner believes of the table.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
set plan_cache_mode = force_generic_plan as $$
declare
  -- The order in which rows are locked.
  c_relations constant text[] := '{user,repository,user_repository,repository_hook,label,milestone,issue,pull_request,pull_request_file,issue_comment}';
  -- A row that another session has just inserted is there in the second pass. What is still refused then
  -- has a number that another row has.
  c_passes_max constant integer := 2;
  v_documents jsonb;
  v_changed jsonb;
  v_count record;
begin
  perform mirror_feed_via(p_via);
  foreach o_relation in array c_relations loop
    v_documents := p_documents -> o_relation;
    continue when v_documents is null;
    o_applied := 0; o_same := 0; o_stale := 0; o_tie := 0;
    for v_pass in 1 .. c_passes_max loop
      select count(*) filter (where r.o_outcome = 'applied') as applied, count(*) filter (where r.o_outcome = 'same') as same,
             count(*) filter (where r.o_outcome = 'stale') as stale, count(*) filter (where r.o_outcome = 'tie') as tie,
             jsonb_agg(r.o_document) filter (where r.o_outcome = 'applied' and o_relation in ('issue', 'pull_request')) as changed,
             jsonb_agg(r.o_document) filter (where r.o_outcome = 'conflict') as refused
        into v_count
        from mirror_apply_rows(o_relation, v_documents, p_via, p_at, o_relation = p_main) r;
      o_applied := o_applied + v_count.applied;
      o_same := o_same + v_count.same;
      o_stale := o_stale + v_count.stale;
      o_tie := o_tie + v_count.tie;
      if v_count.changed is not null then perform mirror_write_links(v_count.changed); end if;
      v_documents := v_count.refused;
      exit when v_documents is null;
    end loop;
    o_invalid := coalesce(jsonb_array_length(v_documents), 0);
    return next;
  end loop;
end $$;
comment on function mirror_apply is 'Writes documents of GitHub into the mirror''s tables.';

-- Writes the links of issues and pull requests as differences. Their parents' rows are locked by this
-- transaction, and were changed by these documents. Where nothing differs it only reads, for each statement
-- that writes a table has the change feed's triggers run.
create or replace function mirror_write_links(p_documents jsonb) returns void
language plpgsql
-- Sets are compared as wholes.
set enable_hashjoin = on as $$
declare
  -- So few are compared one by one, in a single statement: a delivery seldom changes links.
  c_few constant integer := 4;
  d record;
begin
  -- A milestone that has ended is none, though a document from before may come after its end.
  if exists (select from jsonb_array_elements(p_documents) e
               join github.milestone m on m.id = (e #>> '{columns,milestone_id}')::bigint and m.deleted_at is not null) then
    update github.issue t set milestone_id = null, milestone_number = null
      from jsonb_array_elements(p_documents) e
      join github.milestone m on m.id = (e #>> '{columns,milestone_id}')::bigint and m.deleted_at is not null
     where t.repository_id = (e #>> '{columns,repository_id}')::bigint
       and t.number = (e #>> '{columns,number}')::integer and t.milestone_id = m.id;
    update github.pull_request t set milestone_id = null, milestone_number = null
      from jsonb_array_elements(p_documents) e
      join github.milestone m on m.id = (e #>> '{columns,milestone_id}')::bigint and m.deleted_at is not null
     where t.repository_id = (e #>> '{columns,repository_id}')::bigint
       and t.number = (e #>> '{columns,number}')::integer and t.milestone_id = m.id;
  end if;

  if jsonb_array_length(p_documents) <= c_few and not exists (
       select from jsonb_array_elements(p_documents) e cross join lateral mirror_has_links(e) l where not l.o_has_links) then
    return;
  end if;

  with parent as materialized (
    select (e #>> '{columns,repository_id}')::bigint as repository_id, (e #>> '{columns,number}')::integer as number, e -> 'labels' as labels
      from jsonb_array_elements(p_documents) e where e ? 'labels'
  ), difference as (
    select repository_id, number, label_id, w.label_name, w.label_name is null as is_gone
      from (select p.repository_id, p.number, l.o_id as label_id, l.o_name as label_name
              from parent p cross join lateral mirror_label_ids(p.repository_id, p.labels) l) w
      full join (select p.repository_id, p.number, l.label_id, l.label_name
                   from parent p
                  cross join lateral (select t.label_id, t.label_name from github.issue_label t
                                       where t.repository_id = p.repository_id and t.number = p.number offset 0) l) h
     using (repository_id, number, label_id)
     where w.label_name is distinct from h.label_name
  )
  select array_agg(repository_id) filter (where is_gone) as gone_repository_id,
         array_agg(number) filter (where is_gone) as gone_number, array_agg(label_id) filter (where is_gone) as gone_id,
         array_agg(repository_id) filter (where not is_gone) as repository_id,
         array_agg(number) filter (where not is_gone) as number, array_agg(label_id) filter (where not is_gone) as id,
         array_agg(label_name) filter (where not is_gone) as name
    into d from difference;
  if d.gone_id is not null then
    delete from github.issue_label t using unnest(d.gone_repository_id, d.gone_number, d.gone_id) as g (repository_id, number, id)
     where t.repository_id = g.repository_id and t.number = g.number and t.label_id = g.id;
  end if;
  if d.id is not null then
    insert into github.issue_label as t (repository_id, number, label_id, label_name)
    select * from unnest(d.repository_id, d.number, d.id, d.name) order by 1, 2, 3
        on conflict (repository_id, number, label_id) do update set label_name = excluded.label_name
     where t.label_name <> excluded.label_name;
  end if;

  with parent as materialized (
    select (e #>> '{columns,repository_id}')::bigint as repository_id, (e #>> '{columns,number}')::integer as number, e -> 'assignees' as assignees
      from jsonb_array_elements(p_documents) e where e ? 'assignees'
  ), difference as (
    select repository_id, number, user_id, w.is_wanted is null as is_gone
      from (select distinct p.repository_id, p.number, a::bigint as user_id, true as is_wanted
              from parent p cross join lateral jsonb_array_elements_text(p.assignees) a) w
      full join (select p.repository_id, p.number, a.user_id, true as is_there
                   from parent p
                  cross join lateral (select t.user_id from github.assignee t
                                       where t.repository_id = p.repository_id and t.number = p.number offset 0) a) h
     using (repository_id, number, user_id)
     where w.is_wanted is null or h.is_there is null
  )
  select array_agg(repository_id) filter (where is_gone) as gone_repository_id,
         array_agg(number) filter (where is_gone) as gone_number, array_agg(user_id) filter (where is_gone) as gone_id,
         array_agg(repository_id) filter (where not is_gone) as repository_id,
         array_agg(number) filter (where not is_gone) as number, array_agg(user_id) filter (where not is_gone) as id
    into d from difference;
  if d.gone_id is not null then
    delete from github.assignee t using unnest(d.gone_repository_id, d.gone_number, d.gone_id) as g (repository_id, number, id)
     where t.repository_id = g.repository_id and t.number = g.number and t.user_id = g.id;
  end if;
  if d.id is not null then
    insert into github.assignee select * from unnest(d.repository_id, d.number, d.id) order by 1, 2, 3 on conflict do nothing;
  end if;

  with parent as materialized (
    select (e ->> 'id')::bigint as pull_request_id, e -> 'reviewers' as reviewers
      from jsonb_array_elements(p_documents) e where e ? 'reviewers'
  ), difference as (
    select pull_request_id, user_id, w.is_wanted is null as is_gone
      from (select distinct p.pull_request_id, a::bigint as user_id, true as is_wanted
              from parent p cross join lateral jsonb_array_elements_text(p.reviewers) a) w
      full join (select p.pull_request_id, v.user_id, true as is_there
                   from parent p
                  cross join lateral (select t.user_id from github.requested_reviewer t
                                       where t.pull_request_id = p.pull_request_id offset 0) v) h
     using (pull_request_id, user_id)
     where w.is_wanted is null or h.is_there is null
  )
  select array_agg(pull_request_id) filter (where is_gone) as gone_pull_request_id,
         array_agg(user_id) filter (where is_gone) as gone_id,
         array_agg(pull_request_id) filter (where not is_gone) as pull_request_id,
         array_agg(user_id) filter (where not is_gone) as id
    into d from difference;
  if d.gone_id is not null then
    delete from github.requested_reviewer t using unnest(d.gone_pull_request_id, d.gone_id) as g (pull_request_id, user_id)
     where t.pull_request_id = g.pull_request_id and t.user_id = g.user_id;
  end if;
  if d.id is not null then
    insert into github.requested_reviewer select * from unnest(d.pull_request_id, d.id) order by 1, 2 on conflict do nothing;
  end if;
end $$;
