-- Rows that a whole reading of a list did not meet, and the end of rows.

-- How many rows of the list exist as far as the mirror knows, and how many of them were not seen since.
create or replace function mirror_unseen(p_list text, p_repository_id bigint, p_since timestamptz, p_after_id bigint default 0, p_limit integer default 1000000)
returns table (o_id bigint, o_key text) language plpgsql stable set search_path = devy, pg_temp
set enable_seqscan = off as $$
begin
  case p_list
    when 'labels' then
      return query select t.id, t.name from github.label t
        where t.repository_id = p_repository_id and t.last_replicated_at < p_since and t.deleted_at is null and t.id > p_after_id
        order by t.id limit p_limit;
    when 'milestones' then
      return query select t.id, t.number::text from github.milestone t
        where t.repository_id = p_repository_id and t.last_replicated_at < p_since and t.deleted_at is null and t.id > p_after_id
        order by t.id limit p_limit;
    when 'issues' then
      return query select t.id, t.number::text from github.issue t
        where t.repository_id = p_repository_id and t.last_replicated_at < p_since and t.deleted_at is null and t.id > p_after_id
        order by t.id limit p_limit;
    when 'pulls' then
      return query select t.id, t.number::text from github.pull_request t
        where t.repository_id = p_repository_id and t.last_replicated_at < p_since and t.deleted_at is null and t.id > p_after_id
        order by t.id limit p_limit;
    when 'hooks' then
      return query select t.id, t.id::text from github.repository_hook t
        where t.repository_id = p_repository_id and t.last_replicated_at < p_since and t.deleted_at is null and t.id > p_after_id
        order by t.id limit p_limit;
    when 'comments' then
      return query select t.id, t.id::text from github.issue_comment t
        where t.repository_id = p_repository_id and t.last_replicated_at < p_since and t.deleted_at is null and t.id > p_after_id
        order by t.id limit p_limit;
  end case;
end $$;
comment on function mirror_unseen is 'Rows of a list that exist as far as the mirror knows, and that were not seen since.';

-- The id of the row of a thing that exists, by its number, name or id; null: there is none.
create or replace function mirror_row_id(p_repository_id bigint, p_list text, p_key text) returns bigint
language sql stable set search_path = devy, pg_temp as $$
  select case p_list
    when 'labels' then (select t.id from github.label t
      where t.repository_id = p_repository_id and lower(t.name) = lower(p_key) and t.deleted_at is null
      order by t.id limit 1)
    when 'milestones' then (select t.id from github.milestone t
      where t.repository_id = p_repository_id and t.number::text = p_key and t.deleted_at is null)
    when 'issues' then (select t.id from github.issue t
      where t.repository_id = p_repository_id and t.number = p_key::integer and t.deleted_at is null)
    when 'pulls' then (select t.id from github.pull_request t
      where t.repository_id = p_repository_id and t.number = p_key::integer and t.deleted_at is null)
    when 'hooks' then (select t.id from github.repository_hook t
      where t.id = p_key::bigint and t.repository_id = p_repository_id and t.deleted_at is null)
    when 'comments' then (select t.id from github.issue_comment t
      where t.id = p_key::bigint and t.repository_id = p_repository_id and t.deleted_at is null)
  end
$$;

-- Ends a row, for a reason that GitHub gave at that time. An answer that was asked for later and had the
-- thing counts more; a delivery does not, because one that was sent before may come after. Links to it go.
-- With p_repository_id only a row of that repository.
create or replace function mirror_end_row(
  p_list text, p_id bigint, p_reason text, p_at timestamptz,
  p_to_repository_id bigint default null, p_to_number integer default null, p_repository_id bigint default null)
returns boolean language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  r record;
begin
  -- Within a delivery's transaction its own document came first, and said so.
  if coalesce(current_setting('devy.change_via', true), '') = '' then perform mirror_feed_via('api'); end if;
  case p_list
    when 'labels' then
      update github.label t set deleted_at = p_at, deleted_reason = p_reason
       where t.id = p_id and t.deleted_at is null and coalesce(t.last_replicated_via_api_at, '-infinity') < p_at
         and t.repository_id = coalesce(p_repository_id, t.repository_id);
      if found then delete from github.issue_label l where l.label_id = p_id; return true; end if;
    when 'milestones' then
      update github.milestone t set deleted_at = p_at, deleted_reason = p_reason
       where t.id = p_id and t.deleted_at is null and coalesce(t.last_replicated_via_api_at, '-infinity') < p_at
         and t.repository_id = coalesce(p_repository_id, t.repository_id)
      returning t.repository_id into r;
      if found then
        update github.issue i set milestone_id = null, milestone_number = null
         where i.repository_id = r.repository_id and i.milestone_id = p_id;
        update github.pull_request i set milestone_id = null, milestone_number = null
         where i.repository_id = r.repository_id and i.milestone_id = p_id;
        return true;
      end if;
    when 'issues' then
      update github.issue t
         set deleted_at = p_at, deleted_reason = p_reason,
             transferred_to_repository_id = p_to_repository_id, transferred_to_number = p_to_number
       where t.id = p_id and t.deleted_at is null and coalesce(t.last_replicated_via_api_at, '-infinity') < p_at
         and t.repository_id = coalesce(p_repository_id, t.repository_id)
      returning t.repository_id, t.number into r;
      if found then
        delete from github.issue_label l where l.repository_id = r.repository_id and l.number = r.number;
        delete from github.assignee a where a.repository_id = r.repository_id and a.number = r.number;
        -- No event tells of its comments, which go with it.
        update github.issue_comment c set deleted_at = p_at, deleted_reason = p_reason
         where c.repository_id = r.repository_id and c.number = r.number and c.deleted_at is null
           and coalesce(c.last_replicated_via_api_at, '-infinity') < p_at;
        return true;
      end if;
    when 'pulls' then
      update github.pull_request t set deleted_at = p_at, deleted_reason = p_reason
       where t.id = p_id and t.deleted_at is null and coalesce(t.last_replicated_via_api_at, '-infinity') < p_at
         and t.repository_id = coalesce(p_repository_id, t.repository_id);
      if found then delete from github.requested_reviewer v where v.pull_request_id = p_id; return true; end if;
    when 'hooks' then
      update github.repository_hook t set deleted_at = p_at, deleted_reason = p_reason
       where t.id = p_id and t.deleted_at is null and coalesce(t.last_replicated_via_api_at, '-infinity') < p_at
         and t.repository_id = coalesce(p_repository_id, t.repository_id);
      return found;
    when 'comments' then
      update github.issue_comment t set deleted_at = p_at, deleted_reason = p_reason
       where t.id = p_id and t.deleted_at is null and coalesce(t.last_replicated_via_api_at, '-infinity') < p_at
         and t.repository_id = coalesce(p_repository_id, t.repository_id);
      return found;
  end case;
  return false;
end $$;
comment on function mirror_end_row is 'Makes a row one of a thing that GitHub has no more.';

-- Ends rows of a repository that is not there any more, or that may not be seen: at most so many, and
-- returns how many. With the last of them, its own row ends. What an answer has shown since stays.
create or replace function mirror_end_repository(p_id bigint, p_reason text, p_at timestamptz, p_rows_max integer)
returns integer language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_left integer := p_rows_max;
  v_rows integer;
  v_numbers integer[];
begin
  with ended as (
    update github.issue t set deleted_at = p_at, deleted_reason = p_reason
     where t.id in (select i.id from github.issue i
                     where i.repository_id = p_id and i.deleted_at is null and i.last_replicated_at < p_at limit v_left)
    returning t.number)
  select coalesce(array_agg(number), '{}') into v_numbers from ended;
  delete from github.issue_label l where l.repository_id = p_id and l.number = any (v_numbers);
  delete from github.assignee a where a.repository_id = p_id and a.number = any (v_numbers);
  v_left := v_left - cardinality(v_numbers);
  with ended as (
    update github.pull_request t set deleted_at = p_at, deleted_reason = p_reason
     where t.id in (select p.id from github.pull_request p
                     where p.repository_id = p_id and p.deleted_at is null and p.last_replicated_at < p_at limit v_left)
    returning t.id),
  unlinked as (delete from github.requested_reviewer v using ended e where v.pull_request_id = e.id)
  select v_left - count(*) into v_left from ended;
  update github.label t set deleted_at = p_at, deleted_reason = p_reason
   where t.id in (select x.id from github.label x
                   where x.repository_id = p_id and x.deleted_at is null and x.last_replicated_at < p_at limit v_left);
  get diagnostics v_rows = row_count; v_left := v_left - v_rows;
  update github.milestone t set deleted_at = p_at, deleted_reason = p_reason
   where t.id in (select x.id from github.milestone x
                   where x.repository_id = p_id and x.deleted_at is null and x.last_replicated_at < p_at limit v_left);
  get diagnostics v_rows = row_count; v_left := v_left - v_rows;
  update github.repository_hook t set deleted_at = p_at, deleted_reason = p_reason
   where t.id in (select x.id from github.repository_hook x
                   where x.repository_id = p_id and x.deleted_at is null and x.last_replicated_at < p_at limit v_left);
  get diagnostics v_rows = row_count; v_left := v_left - v_rows;
  update github.issue_comment t set deleted_at = p_at, deleted_reason = p_reason
   where t.id in (select x.id from github.issue_comment x
                   where x.repository_id = p_id and x.deleted_at is null and x.last_replicated_at < p_at limit v_left);
  get diagnostics v_rows = row_count; v_left := v_left - v_rows;
  if v_left > 0 then
    update github.repository t set deleted_at = p_at, deleted_reason = p_reason
     where t.id = p_id and t.deleted_at is null and coalesce(t.last_replicated_via_api_at, '-infinity') < p_at;
    get diagnostics v_rows = row_count; v_left := v_left - v_rows;
  end if;
  return p_rows_max - v_left;
end $$;
comment on function mirror_end_repository is 'Makes rows of a repository, and at last its own, ones of things that GitHub has no more.';
