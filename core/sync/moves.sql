-- Issues that are transferred to another repository of the same project: the pair goes with them. There they have
-- new numbers and ids, and so have their comments; events of the new ones may come before the transfer's own, and
-- then a new task is there already.

-- Pairs a comment of a task that was transferred with the one that it was before: by author, time and text. True
-- where there is one, which then has the new one's place at GitHub; the new pair's record is deleted.
create or replace function sync_comment_pair(p_new_link uuid) returns boolean
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  n sync_link;
  v_old uuid;
begin
  select * into n from sync_link where id = p_new_link;
  select o.id into v_old
    from sync_link o
    join comment m on m.id = o.id
    join comment x on x.id = n.id
   where o.kind = 'comment' and o.parent_id = n.parent_id and o.connection_id <> n.connection_id
     and m.created_at = x.created_at and m.github_author_id is not distinct from x.github_author_id
     and o.base_digest = n.base_digest
   order by o.id limit 1;
  if v_old is null then return false; end if;
  delete from record_version where record_id = n.id;
  delete from comment where id = n.id;
  delete from sync_link where id = n.id;
  update comment set deleted_at = null
    from sync_link o where comment.id = v_old and o.id = v_old and o.gone_reason in ('deleted', 'gone', 'transferred');
  update sync_link
     set connection_id = n.connection_id, github_key = n.github_key, github_id = n.github_id,
         github_updated_at = n.github_updated_at, gone_at = null, gone_reason = null
   where id = v_old;
  return true;
end $$;

-- Moves a task's pair to where its issue went. False: that is no repository of the project, and the pair ends here.
create or replace function sync_link_move(p_link uuid, p_repository_id bigint, p_number bigint) returns boolean
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  l sync_link;
  n sync_link;
  v_connection uuid;
  v_comment uuid;
begin
  select * into l from sync_link where id = p_link for update;
  select c.id into v_connection
    from project_repository c
    join project_repository was on was.id = l.connection_id and was.project_id = c.project_id
   where c.repository_id = p_repository_id and c.state <> 'disconnected' and c.id <> l.connection_id;
  if v_connection is null or p_number is null then return false; end if;
  select * into n from sync_link where connection_id = v_connection and kind = 'task' and github_key = p_number for update;
  if found then
    -- Somebody has worked with the new one already: both stay.
    if n.owed > 0 or exists (select from record_version v where v.record_id = n.id and v.origin = 'local') then return false; end if;
    update comment set task_id = p_link where task_id = n.id;
    update sync_link set parent_id = p_link where parent_id = n.id;
    delete from record_version where record_id = n.id;
    delete from task where id = n.id;
    delete from sync_link where id = n.id;
    end if;
  update sync_link
     set connection_id = v_connection, github_key = p_number, github_id = n.github_id, github_updated_at = null,
         gone_at = null, gone_reason = null
   where id = p_link;
  update task set connection_id = v_connection where id = p_link;
  for v_comment in
    select k.id from sync_link k join comment m on m.id = k.id
     where k.parent_id = p_link and k.kind = 'comment' and k.connection_id = v_connection order by k.id
  loop
    perform sync_comment_pair(v_comment);
  end loop;
  if l.owed > 0 then perform sync_outbound_record(p_link, 110::smallint, 'reconcile', null); end if;
  return true;
end $$;
comment on function sync_link_move is 'An issue was transferred within the project: its task goes on as the issue that it is now.';

-- Behind the end of the operation that moved it: what was heard of the old issue's end says nothing of the new one.
create or replace function sync_end_forget(p_link uuid) returns void
language sql set search_path = devy, pg_temp as $$
  update resource r set completed_event_at = null, completed_event_by = null, newest_operation_id = null, newest_event_at = null
    from sync_link l where l.id = p_link and r.id = l.resource_id
$$;
