-- What GitHub says of an issue, a pull request or a comment, as the mirror's rows have it: in the words of
-- core/sync/record/remote.hpp.

-- What is known of a task besides its synced fields, and comes from GitHub alone.
create or replace function sync_task_flags(p_id uuid) returns jsonb language sql stable set search_path = devy, pg_temp as $$
  select jsonb_build_object('is_pull_request', t.is_pull_request, 'is_merged', t.is_merged,
                            'is_draft', t.is_draft, 'is_locked', t.is_locked)
    from task t where t.id = p_id
$$;

-- A row for each thing that the mirror has ever had; none for what it never heard of. Of a pull request the issue
-- that it also is, if the mirror has that.
create or replace function sync_said(p_kind text, p_repository_id bigint, p_key bigint)
returns table (o_at timestamptz, o_fields jsonb, o_flags jsonb, o_github_id bigint, o_number bigint, o_author_id bigint,
               o_created_at timestamptz, o_closed_at timestamptz, o_is_settled boolean,
               o_deleted_at timestamptz, o_deleted_reason text, o_moved_repository_id bigint, o_moved_number bigint)
language plpgsql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  i github.issue;
  p github.pull_request;
  v_is_issue boolean;
begin
  if p_kind = 'comment' then
    return query
    select coalesce(c.updated_at, c.github_at), jsonb_build_object('body', coalesce(c.body, '')), '{}'::jsonb, c.id, c.number::bigint, c.user_id,
           c.created_at, null::timestamptz, c.is_settled, c.deleted_at, c.deleted_reason, null::bigint, null::bigint
      from github.issue_comment c where c.id = p_key and c.repository_id = p_repository_id;
    return;
  end if;
  select * into i from github.issue where repository_id = p_repository_id and number = p_key;
  v_is_issue := found;
  select * into p from github.pull_request where repository_id = p_repository_id and number = p_key;
  if not v_is_issue and not found then return; end if;
  return query
  select case when v_is_issue then coalesce(i.updated_at, i.github_at) else coalesce(p.updated_at, p.github_at) end,
         jsonb_build_object(
           'title', case when v_is_issue then i.title else p.title end,
           'body', coalesce(case when v_is_issue then i.body else p.body end, ''),
           'state', coalesce(case when v_is_issue then i.state else p.state end, 'open'),
           'state_reason', case when v_is_issue and i.state = 'closed' and i.state_reason in ('completed', 'not_planned', 'duplicate')
                                then i.state_reason end,
           'labels', (select coalesce(jsonb_agg(l.label_name order by l.label_name), '[]') from github.issue_label l
                       where l.repository_id = p_repository_id and l.number = p_key),
           'milestone', (select m.title from github.milestone m
                          where m.repository_id = p_repository_id
                            and m.number = case when v_is_issue then i.milestone_number else p.milestone_number end
                            and m.deleted_at is null),
           'assignees', (select coalesce(jsonb_agg(a.user_id order by a.user_id), '[]') from github.assignee a
                          where a.repository_id = p_repository_id and a.number = p_key)),
         jsonb_build_object(
           'is_pull_request', p.id is not null or coalesce(i.is_pull_request, false),
           'is_merged', coalesce(p.merged, false) or p.merged_at is not null, 'is_draft', coalesce(p.draft, false),
           'is_locked', coalesce(case when v_is_issue then i.locked else p.locked end, false)),
         coalesce(i.id, p.id), p_key, coalesce(i.user_id, p.user_id),
         coalesce(i.created_at, p.created_at), coalesce(i.closed_at, p.closed_at),
         case when v_is_issue then i.is_settled else p.is_settled end,
         case when v_is_issue then i.deleted_at else p.deleted_at end,
         case when v_is_issue then i.deleted_reason else p.deleted_reason end,
         i.transferred_to_repository_id, i.transferred_to_number::bigint;
end $$;
comment on function sync_said is 'What GitHub last said of a thing, in its own words, and since when it is gone.';
