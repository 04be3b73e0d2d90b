-- The fields of records that are kept equal, in our words (core/sync/record/fields.hpp): read from the tables as
-- versions have them, and written into them.

create or replace function sync_task_fields(p_id uuid) returns jsonb language sql stable set search_path = devy, pg_temp as $$
  select jsonb_build_object(
           'title', t.title, 'body', t.body, 'state', t.state, 'state_reason', t.state_reason,
           'labels', (select coalesce(jsonb_agg(l order by l collate "C"), '[]') from unnest(t.labels) l),
           'milestone', t.milestone,
           -- Only whom GitHub knows can be assigned there.
           'assignees', (select coalesce(jsonb_agg(distinct coalesce(s.github_user_id, a.github_id)), '[]')
                           from task_assignee s left join account a on a.id = s.account_id
                          where s.task_id = t.id and coalesce(s.github_user_id, a.github_id) is not null))
    from task t where t.id = p_id
$$;
comment on function sync_task_fields is 'The synced fields of a task, as record_version.fields has them.';

create or replace function sync_comment_fields(p_id uuid) returns jsonb language sql stable set search_path = devy, pg_temp as $$
  select jsonb_build_object('body', c.body) from comment c where c.id = p_id
$$;
comment on function sync_comment_fields is 'The synced fields of a comment, as record_version.fields has them.';

-- Makes users of GitHub the assignees of a task: an account where one is linked to the user. Accounts that GitHub
-- does not know stay.
create or replace function sync_assignees_write(p_task_id uuid, p_users bigint[]) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  delete from task_assignee s
   where s.task_id = p_task_id
     and coalesce(s.github_user_id, (select a.github_id from account a where a.id = s.account_id)) <> all (p_users);
  insert into task_assignee (task_id, account_id, github_user_id)
  select p_task_id, a.id, case when a.id is null then u.id end
    from unnest(p_users) u (id)
    left join account a on a.github_id = u.id
   where not exists (select from task_assignee s left join account k on k.id = s.account_id
                      where s.task_id = p_task_id and coalesce(s.github_user_id, k.github_id) = u.id)
      on conflict do nothing;
end $$;

-- Writes the synced fields into a task that exists, and what follows from them: a task that is closed is done, and
-- one that is opened again comes back to where new ones are.
create or replace function sync_task_write(p_id uuid, p_version integer, p_fields jsonb, p_at timestamptz) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  update task t
     set title = p_fields ->> 'title', body = p_fields ->> 'body', state = p_fields ->> 'state',
         state_reason = p_fields ->> 'state_reason', milestone = p_fields ->> 'milestone',
         labels = array(select jsonb_array_elements_text(p_fields -> 'labels')),
         list = case when t.state = p_fields ->> 'state' then t.list
                     when p_fields ->> 'state' = 'closed' then 'done'
                     when t.is_pull_request then 'pull_requests'
                     else 'inbox' end,
         is_archived = t.is_archived and p_fields ->> 'state' = 'closed',
         closed_at = case when p_fields ->> 'state' = 'closed' then coalesce(t.closed_at, p_at) end,
         version = p_version, updated_at = p_at, edited_by = null
   where t.id = p_id;
  perform sync_assignees_write(p_id, array(select jsonb_array_elements_text(p_fields -> 'assignees')::bigint));
end $$;
