-- What is gone at GitHub (sync.md, section 4): a task stays, a comment keeps its text under a tombstone. Where many
-- are deleted at once a person is asked first.

-- Whether a comment is gone because its issue is: then it stays with the task, as it was.
create or replace function sync_went_with_issue(p_link sync_link) returns boolean
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select exists (
    select from sync_link t
      join project_repository c on c.id = t.connection_id
      left join github.issue i on i.repository_id = c.repository_id and i.number = t.github_key
     where t.id = p_link.parent_id
       and (t.gone_at is not null or i.deleted_at is not null or t.connection_id <> p_link.connection_id))
$$;

-- Whether one more deletion would be one of too many: of 21 within ten minutes that are more than a tenth.
create or replace function sync_is_mass_delete(p_connection_id uuid) returns boolean
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  c_count_max constant integer := 20;
  c_within constant interval := interval '10 minutes';
  v_gone bigint;
  v_there bigint;
begin
  select count(*) + 1 into v_gone from sync_link l join project_repository c on c.id = l.connection_id
   where l.connection_id = p_connection_id and l.gone_at > clock_timestamp() - c_within
     and l.gone_at > coalesce(c.approved_at, '-infinity') and l.gone_reason in ('deleted', 'gone')
     and not (l.kind = 'comment' and sync_went_with_issue(l));
  if v_gone <= c_count_max then return false; end if;
  select count(*) into v_there from sync_link
   where connection_id = p_connection_id and github_key is not null and gone_at is null;
  return v_gone * 10 > v_there + v_gone;
end $$;

-- Ends a pair whose thing is gone. p_lost: what was said here and GitHub never heard; null: nothing. False: too
-- many were deleted, so nothing is done, and the connection waits for a person.
create or replace function sync_link_end(
  p_link uuid, p_reason text, p_lost jsonb, p_operation_id uuid, p_is_approved boolean)
returns boolean language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  l sync_link;
  v_version integer;
  v_is_with_issue boolean;
begin
  select * into l from sync_link where id = p_link for update;
  if l.gone_at is not null then return true; end if;
  v_is_with_issue := l.kind = 'comment' and sync_went_with_issue(l);
  if not p_is_approved and not v_is_with_issue and p_reason in ('deleted', 'gone') and sync_is_mass_delete(l.connection_id) then
    update project_repository
       set former_state = case when state in ('blocked', 'suspended') then former_state else state end,
           state = 'blocked', reason = 'mass_delete'
     where id = l.connection_id and state not in ('disconnected', 'suspended')
       and (state, reason) is distinct from ('blocked', 'mass_delete');
    return false;
  end if;
  update sync_link set gone_at = clock_timestamp(), gone_reason = p_reason where id = p_link;
  if l.kind = 'task' or v_is_with_issue then return true; end if;
  select version into v_version from comment where id = p_link for update;
  if not found then return true; end if;
  if p_lost is not null then
    insert into record_version (record_id, version, origin, author_id, fields, is_lost, lost_to, operation_id)
    select p_link, v_version + 1, 'local', coalesce(c.edited_by, c.author_id), p_lost, true, v_version + 2, p_operation_id
      from comment c where c.id = p_link;
    v_version := v_version + 2;
  end if;
  update comment set deleted_at = clock_timestamp(), version = v_version where id = p_link;
  return true;
end $$;
comment on function sync_link_end is 'The thing of a pair is gone at GitHub: the pair ends, and a comment with it.';

-- A person has looked at what was deleted: the operations that waited for him go on.
create or replace function sync_held_approve(p_connection_id uuid, p_by text) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
begin
  perform operation_approve(o.id, p_by, 'mass_delete approved')
     from sync_operation s join operation o on o.id = s.operation_id
    where s.connection_id = p_connection_id and o.state = 'held' and o.direction = 'inbound'
    order by o.resource_id;
end $$;

-- Keeps a value that GitHub had and that no version says: somebody's edit that another one, or ours, took the
-- place of before it was heard. True where it was unknown.
create or replace function sync_value_keep(p_link uuid, p_fields jsonb, p_operation_id uuid) returns boolean
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  l sync_link;
  v_version integer;
begin
  select * into l from sync_link where id = p_link for update;
  if l.kind = 'task' then select version into v_version from task where id = p_link for update;
  else select version into v_version from comment where id = p_link for update;
  end if;
  if v_version is null or exists (select from record_version v where v.record_id = p_link and v.fields = p_fields) then
    return false;
  end if;
  insert into record_version (record_id, version, origin, fields, is_lost, lost_to, operation_id)
  values (p_link, v_version + 1, 'github', p_fields, true, v_version + 2, p_operation_id);
  insert into record_version (record_id, version, origin, fields, operation_id)
  values (p_link, v_version + 2, 'merge', case l.kind when 'task' then sync_task_fields(p_link) else sync_comment_fields(p_link) end,
          p_operation_id);
  if l.kind = 'task' then update task set version = v_version + 2 where id = p_link;
  else update comment set version = v_version + 2 where id = p_link;
  end if;
  return true;
end $$;
comment on function sync_value_keep is 'Keeps what GitHub said in between as a lost version, where no version says it.';
