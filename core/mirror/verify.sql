-- Comparing rows with documents without changing them (mirror.md, section 6), and which repositories
-- are to be audited. Documents are those that core/mirror/store/apply.cpp sends to mirror_apply.

-- The columns in which a row is not what a document says, and the sets of links; only what the document
-- has is compared.
create or replace function mirror_differences(p_row anyelement, p_document jsonb) returns text[]
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select coalesce(array_agg(f.name order by f.name), '{}')
    from (select n.key as name
            from jsonb_each(to_jsonb(jsonb_populate_record(p_row, p_document -> 'columns'))) n
            join jsonb_each(to_jsonb(p_row)) o on o.key = n.key
           where n.value is distinct from o.value
          union all
          select 'labels'
           where p_document ? 'labels'
             -- Labels that have ended here count, too: GitHub has them.
             and array(select distinct coalesce(l ->> 'id', k.id::text)::bigint as id
                         from jsonb_array_elements(p_document -> 'labels') l
                         left join github.label k
                           on l ->> 'id' is null and k.repository_id = (p_document #>> '{columns,repository_id}')::bigint
                          and lower(k.name) = lower(l ->> 'name') and k.deleted_at is null
                        order by id)
              <> array(select t.label_id from github.issue_label t
                        where t.repository_id = (p_document #>> '{columns,repository_id}')::bigint
                          and t.number = (p_document #>> '{columns,number}')::integer
                        order by t.label_id)
          union all
          select 'assignees'
           where p_document ? 'assignees'
             and array(select distinct a::bigint as id from jsonb_array_elements_text(p_document -> 'assignees') a order by id)
              <> array(select t.user_id from github.assignee t
                        where t.repository_id = (p_document #>> '{columns,repository_id}')::bigint
                          and t.number = (p_document #>> '{columns,number}')::integer
                        order by t.user_id)
          union all
          select 'requested_reviewers'
           where p_document ? 'reviewers'
             and array(select distinct a::bigint as id from jsonb_array_elements_text(p_document -> 'reviewers') a order by id)
              <> array(select t.user_id from github.requested_reviewer t
                        where t.pull_request_id = (p_document ->> 'id')::bigint
                        order by t.user_id)) f
$$;

-- Whether a delivery about the thing was stored and waits to be applied: its row is late, not wrong.
create or replace function mirror_is_awaited(p_relation text, p_id bigint) returns boolean
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select exists (
    select 1 from resource r
      join operation o on o.resource_id = r.id
     where r.kind = 'mirror_document' and r.key = p_relation || '/' || p_id
       and o.state in ('received', 'verified', 'held', 'scheduled', 'processing'))
$$;

-- What is wrong with the row of a document that GitHub gave when it was asked at that time.
--   null        nothing, or the row was written or ended since
--   {}          there is no such row
--   {title, …}  these columns say something else
create or replace function mirror_drift(p_row anyelement, p_relation text, p_document jsonb, p_at timestamptz)
returns text[] language plpgsql stable set search_path = devy, pg_temp as $$
declare
  v_fields text[] := '{}';
begin
  if p_row.deleted_at > p_at or (p_row.deleted_at is null and p_row.last_replicated_at > p_at) then
    return null;
  end if;
  if not (p_row is null) and p_row.deleted_at is null then
    v_fields := mirror_differences(p_row, p_document);
    if v_fields = '{}' then return null; end if;
  end if;
  return case when not mirror_is_awaited(p_relation, (p_document ->> 'id')::bigint) then v_fields end;
end $$;

-- The documents of an answer whose rows are not what they say, with the numbers and keys of these things.
create or replace function mirror_compare(p_relation text, p_documents jsonb, p_at timestamptz)
returns table (o_id bigint, o_number integer, o_key text, o_fields text[])
language plpgsql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  case p_relation
    when 'label' then
      return query
      select (d ->> 'id')::bigint, null::integer, d #>> '{columns,name}', f
        from jsonb_array_elements(p_documents) d
        left join github.label t on t.id = (d ->> 'id')::bigint
       cross join lateral mirror_drift(t, p_relation, d, p_at) f
       where f is not null;
    when 'milestone' then
      return query
      select (d ->> 'id')::bigint, (d #>> '{columns,number}')::integer, d #>> '{columns,number}', f
        from jsonb_array_elements(p_documents) d
        left join github.milestone t on t.id = (d ->> 'id')::bigint
       cross join lateral mirror_drift(t, p_relation, d, p_at) f
       where f is not null;
    when 'issue' then
      return query
      select (d ->> 'id')::bigint, (d #>> '{columns,number}')::integer, d #>> '{columns,number}', f
        from jsonb_array_elements(p_documents) d
        left join github.issue t on t.id = (d ->> 'id')::bigint
       cross join lateral mirror_drift(t, p_relation, d, p_at) f
       where f is not null;
    when 'pull_request' then
      return query
      select (d ->> 'id')::bigint, (d #>> '{columns,number}')::integer, d #>> '{columns,number}', f
        from jsonb_array_elements(p_documents) d
        left join github.pull_request t on t.id = (d ->> 'id')::bigint
       cross join lateral mirror_drift(t, p_relation, d, p_at) f
       where f is not null;
    when 'repository_hook' then
      return query
      select (d ->> 'id')::bigint, null::integer, d ->> 'id', f
        from jsonb_array_elements(p_documents) d
        left join github.repository_hook t on t.id = (d ->> 'id')::bigint
       cross join lateral mirror_drift(t, p_relation, d, p_at) f
       where f is not null;
    when 'issue_comment' then
      return query
      select (d ->> 'id')::bigint, null::integer, d ->> 'id', f
        from jsonb_array_elements(p_documents) d
        left join github.issue_comment t on t.id = (d ->> 'id')::bigint
       cross join lateral mirror_drift(t, p_relation, d, p_at) f
       where f is not null;
  end case;
end $$;
comment on function mirror_compare is 'What is wrong with the rows of documents, and with which; it changes nothing.';

-- Rows of a repository at random: labels, milestones, issues, pull requests and comments that exist as far as the
-- mirror knows.
create or replace function mirror_sample(p_repository_id bigint, p_limit integer)
returns table (o_list text, o_id bigint, o_number integer, o_key text)
language sql volatile set search_path = devy, pg_temp set enable_seqscan = off as $$
  select s.list, s.id, s.number, s.key
    from (select 'labels' as list, t.id, null::integer as number, t.name as key
            from github.label t where t.repository_id = p_repository_id and t.deleted_at is null
          union all
          select 'milestones', t.id, t.number, t.number::text
            from github.milestone t where t.repository_id = p_repository_id and t.deleted_at is null
          union all
          select 'issues', t.id, t.number, t.number::text
            from github.issue t where t.repository_id = p_repository_id and t.deleted_at is null
          union all
          select 'pulls', t.id, t.number, t.number::text
            from github.pull_request t where t.repository_id = p_repository_id and t.deleted_at is null
          union all
          select 'comments', t.id, null, t.id::text
            from github.issue_comment t where t.repository_id = p_repository_id and t.deleted_at is null) s
   where s.key is not null
   order by random()
   limit p_limit
$$;

-- Mirrored repositories of which no audit began in the present period. Each repository's periods begin at
-- a time of day of its own, so that not all are asked about at once; one that was read only since then
-- waits for the next.
create or replace function mirror_audits_due(p_every interval, p_limit integer)
returns table (o_repository_id bigint) language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select r.id
    from github.repository r
   cross join lateral (select extract(epoch from p_every)::float8 as length) p
   cross join lateral (select p.length * (abs(hashint8(r.id)::bigint) % 1000000) / 1000000 as shift) s
   cross join lateral (
     select to_timestamp(floor((extract(epoch from clock_timestamp())::float8 - s.shift) / p.length) * p.length + s.shift) as begun_at) b
   where r.is_mirrored and r.deleted_at is null
     and r.issues_last_scanned_at < b.begun_at and r.pull_requests_last_scanned_at < b.begun_at
     and not exists (
           select 1 from resource q
             join operation o on o.resource_id = q.id
            where q.kind = 'mirror_audit' and q.key = r.id::text and o.created_at >= b.begun_at)
   order by b.begun_at
   limit p_limit
$$;

-- For metrics: rows that the last audit of each repository found wrong.
create or replace function mirror_drift_rows() returns bigint
language sql stable set search_path = devy, pg_temp as $$
  select coalesce(sum(a.missing + a.extra + a.different), 0)::bigint
    from mirror_audit a
    join github.repository r on r.id = a.repository_id and r.is_mirrored
$$;
