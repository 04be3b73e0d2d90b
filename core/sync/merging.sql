-- A merge (core/sync/merging) reads the pair, what GitHub says, the base and the record under the pair's lock, and
-- writes what both sides are to say: record, version, lost versions, base and what is owed, in one transaction.

-- In the order of their ids. What a link's row has that is null has no counterpart: o_said_at, GitHub was never
-- heard; o_local, there is no record.
create or replace function sync_merge_load(p_links uuid[])
returns table (
  o_link uuid, o_kind text, o_connection_id uuid, o_state text, o_github_key bigint, o_base text, o_base_digest text,
  o_base_at timestamptz, o_gone_reason text, o_conflict text, o_labels text, o_is_parent_there boolean,
  o_local text, o_sent text, o_is_deleted boolean, o_refused text,
  o_said_at timestamptz, o_said text, o_flags text, o_has_same_flags boolean, o_said_deleted_reason text,
  o_moved_repository_id bigint, o_moved_number bigint, o_github_id bigint, o_author_id bigint, o_created_at timestamptz, o_closed_at timestamptz)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  perform from sync_link where id = any (p_links) order by id for update;
  perform from task where id = any (p_links) order by id for update;
  perform from comment where id = any (p_links) order by id for update;
  return query
  select l.id, l.kind::text, l.connection_id, c.state::text, l.github_key, l.base::text, l.base_digest,
         l.github_updated_at, l.gone_reason, p.conflict, c.labels::text,
         l.kind = 'task' or exists (select from task k where k.id = l.parent_id),
         case l.kind when 'task' then sync_task_fields(l.id) else sync_comment_fields(l.id) end::text,
         -- Of what was made here, and GitHub was not heard about since: what was sent.
         case when l.base is null then (select v.fields from record_version v
                                         where v.record_id = l.id and v.version = (l.intent ->> 'version')::integer and not v.is_lost) end::text,
         coalesce(t.deleted_at, m.deleted_at) is not null, l.refused::text,
         s.o_at, s.o_fields::text, s.o_flags::text,
         l.kind = 'comment' or s.o_flags is not distinct from sync_task_flags(l.id),
         case when s.o_deleted_at is not null then s.o_deleted_reason end,
         s.o_moved_repository_id, s.o_moved_number, s.o_github_id, s.o_author_id, s.o_created_at, s.o_closed_at
    from sync_link l
    join project_repository c on c.id = l.connection_id
    join project p on p.id = c.project_id
    left join task t on l.kind = 'task' and t.id = l.id
    left join comment m on l.kind = 'comment' and m.id = l.id
    left join lateral sync_said(l.kind, c.repository_id, l.github_key) s on true
   where l.id = any (p_links)
   order by l.id;
end $$;
comment on function sync_merge_load is 'What a merge of these pairs needs, under their locks.';

-- Makes the record of a pair, as GitHub says it.
create or replace function sync_record_make(p_change jsonb, p_kind text, p_link uuid, p_connection_id uuid, p_parent_id uuid)
returns void language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  f constant jsonb := p_change -> 'fields';
  v_is_pull constant boolean := coalesce((p_change #>> '{flags,is_pull_request}')::boolean, false);
  v_created_at constant timestamptz := coalesce((p_change ->> 'created_at')::timestamptz, clock_timestamp());
  v_at constant timestamptz := coalesce((p_change ->> 'at')::timestamptz, v_created_at);
  v_project uuid;
  v_number integer;
begin
  if p_kind = 'comment' then
    insert into comment (id, task_id, github_author_id, body, created_at, updated_at)
    values (p_link, p_parent_id, (p_change ->> 'author_id')::bigint, f ->> 'body', v_created_at, v_at);
    return;
  end if;
  update project p set next_number = p.next_number + 1
    from project_repository c where c.id = p_connection_id and p.id = c.project_id
  returning p.id, p.next_number - 1 into v_project, v_number;
  insert into task (id, project_id, number, connection_id, github_author_id, title, body, state, state_reason, labels, milestone,
                    is_pull_request, is_merged, is_draft, is_locked, list, created_at, updated_at, closed_at)
  values (p_link, v_project, v_number, p_connection_id, (p_change ->> 'author_id')::bigint,
          f ->> 'title', f ->> 'body', f ->> 'state', f ->> 'state_reason',
          array(select jsonb_array_elements_text(f -> 'labels')), f ->> 'milestone',
          v_is_pull, coalesce((p_change #>> '{flags,is_merged}')::boolean, false),
          coalesce((p_change #>> '{flags,is_draft}')::boolean, false), coalesce((p_change #>> '{flags,is_locked}')::boolean, false),
          case when f ->> 'state' = 'closed' then 'done' when v_is_pull then 'pull_requests' else 'inbox' end,
          v_created_at, v_at,
          case when f ->> 'state' = 'closed' then coalesce((p_change ->> 'closed_at')::timestamptz, v_at) end);
  perform sync_assignees_write(p_link, array(select jsonb_array_elements_text(f -> 'assignees')::bigint));
end $$;

-- A change of a pair, as core/sync/store/merge_store.cpp sends it:
--   {"link", "base", "base_digest", "at", "github_id", "author_id", "created_at", "closed_at", "flags",
--    "fields": what the record is to say, absent where it says it, "is_new", "origin",
--    "lost": [{"fields", "is_local"}], "is_revived", "is_owed", "is_sent"}
create or replace function sync_merge_store(p_changes jsonb, p_operation_id uuid) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  c_merges_max constant integer := 4;
  c_merges_within constant interval := interval '10 minutes';
  c_merge_pause constant interval := interval '1 hour';
  e jsonb;
  l sync_link;
  v_lost jsonb;
  v_version integer;
  v_last integer;
  v_editor uuid;
  v_at timestamptz;
begin
  for e in select value from jsonb_array_elements(p_changes) loop
    v_at := (e ->> 'at')::timestamptz;
    update sync_link
       set base = coalesce(e -> 'base', base), base_digest = coalesce(e ->> 'base_digest', base_digest),
           github_updated_at = greatest(github_updated_at, v_at),
           github_id = coalesce((e ->> 'github_id')::bigint, github_id),
           owed = owed + coalesce((e ->> 'is_owed')::boolean, false)::integer,
           gone_at = case when (e ->> 'is_revived')::boolean then null else gone_at end,
           gone_reason = case when (e ->> 'is_revived')::boolean then null else gone_reason end
     where id = (e ->> 'link')::uuid
    returning * into l;
    if (e ->> 'is_new')::boolean then
      perform sync_record_make(e, l.kind, l.id, l.connection_id, l.parent_id);
      insert into record_version (record_id, version, origin, github_author_id, fields, operation_id)
      values (l.id, 1, 'github', (e ->> 'author_id')::bigint, e -> 'fields', p_operation_id);
      -- Of a task that came from another repository: it may be a comment that is there already.
      if l.kind = 'comment' and exists (select from sync_link o where o.kind = 'comment' and o.parent_id = l.parent_id
                                                                  and o.connection_id <> l.connection_id) then
        perform sync_comment_pair(l.id);
      end if;
      continue;
    end if;
    if l.kind = 'task' and e ? 'flags' then
      if not (e #>> '{flags,is_locked}')::boolean and exists (select from task where id = l.id and is_locked) then
        perform sync_unlocked(l.id);
      end if;
      update task set is_pull_request = (e #>> '{flags,is_pull_request}')::boolean, is_merged = (e #>> '{flags,is_merged}')::boolean,
                      is_draft = (e #>> '{flags,is_draft}')::boolean, is_locked = (e #>> '{flags,is_locked}')::boolean
       where id = l.id;
    end if;
    if l.kind = 'comment' and (e ->> 'is_revived')::boolean then
      update comment set deleted_at = null where id = l.id;
    end if;
    if e ? 'fields' or e ? 'lost' then
      if l.kind = 'task' then select version, edited_by into v_version, v_editor from task where id = l.id;
      else select version, edited_by into v_version, v_editor from comment where id = l.id;
      end if;
      -- What lost stands before what it lost to.
      v_last := v_version + 1 + jsonb_array_length(coalesce(e -> 'lost', '[]'));
      for v_lost in select value from jsonb_array_elements(coalesce(e -> 'lost', '[]')) loop
        v_version := v_version + 1;
        insert into record_version (record_id, version, origin, author_id, fields, is_lost, lost_to, operation_id)
        values (l.id, v_version, case when (v_lost ->> 'is_local')::boolean then 'local' else 'github' end,
                case when (v_lost ->> 'is_local')::boolean then v_editor end, v_lost -> 'fields', true, v_last, p_operation_id);
      end loop;
      v_version := v_last;
      if l.kind = 'task' then
        perform sync_task_write(l.id, v_version, coalesce(e -> 'fields', sync_task_fields(l.id)), coalesce(v_at, clock_timestamp()));
      else
        update comment set body = coalesce(e #>> '{fields,body}', body), version = v_version, edited_by = null,
                           updated_at = coalesce(v_at, clock_timestamp())
         where id = l.id;
      end if;
      insert into record_version (record_id, version, origin, fields, operation_id)
      values (l.id, v_version, coalesce(e ->> 'origin', 'merge'),
              case l.kind when 'task' then sync_task_fields(l.id) else sync_comment_fields(l.id) end, p_operation_id);
    end if;
    if (e ->> 'is_sent')::boolean then
      perform sync_outbound_record(l.id, 110::smallint, 'reconcile', null);
      -- Somebody else's program that answers each write with one of its own is not answered at its pace.
      if (select count(*) from record_version v where v.record_id = l.id and v.origin = 'merge'
                                                  and v.at > clock_timestamp() - c_merges_within) > c_merges_max then
        update operation set run_at = greatest(run_at, clock_timestamp() + c_merge_pause)
         where resource_id = l.resource_id and direction = 'outbound' and state = 'verified';
      end if;
    end if;
  end loop;
end $$;
comment on function sync_merge_store is 'Writes what merges have decided.';
