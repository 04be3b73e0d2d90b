-- What is owed to GitHub becomes operations of records, direction outbound, lane `github`. Their owner is the
-- credential that speaks there, whose gate and whose share count. core/sync/outbound runs them.

-- Whose limits a write counts against, as in api_pause.name: what is made here speaks as its author, where he has
-- given us a token; all else as the App, or as the user of the configured token.
create or replace function sync_credential(p_link uuid) returns text
language sql stable set search_path = devy, pg_temp as $$
  select case
           when l.github_key is null and exists (select from user_token u where u.account_id = a.id)
             then 'user/' || a.github_id
           when r.installation is not null then 'installation/' || r.installation
           else 'token'
         end
    from sync_link l
    join project_repository c on c.id = l.connection_id
    left join github.repository r on r.id = c.repository_id
    left join task t on l.kind = 'task' and t.id = l.id
    left join comment m on l.kind = 'comment' and m.id = l.id
    left join account a on a.id = coalesce(t.author_id, m.author_id) and a.github_id is not null
   where l.id = p_link
$$;
comment on function sync_credential is 'The credential that speaks at GitHub for a record: it is the owner of its outbound operations.';

-- The comment of a task that is to be made at GitHub next: comments there have the order of their creation. One that
-- GitHub refused is passed over, and so is one that was deleted before it was sent.
create or replace function sync_next_comment(p_task uuid) returns uuid
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select l.id
    from sync_link l join comment m on m.id = l.id
   where l.kind = 'comment' and l.parent_id = p_task and l.github_key is null and l.gone_at is null
     and not l.refused ? 'body' and (m.deleted_at is null or l.intent is not null)
   order by m.created_at, m.id
   limit 1
$$;
comment on function sync_next_comment is 'The oldest comment of a task that GitHub does not have yet.';

-- Ensures that an operation waits which sends what is owed, and returns it. Null: nothing can be sent now. A comment
-- waits for its task, and for the comments before it; whoever ends that wait calls this again. While a connection has
-- its first sync nothing is recorded: it ends with recording what is owed.
create or replace function sync_outbound_record(
  p_link uuid, p_priority smallint, p_source text, p_requested_by text, p_is_forced boolean default false)
returns uuid language plpgsql set search_path = devy, pg_temp
set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  l record;
  v_link uuid := p_link;
  v_parent record;
  v_id uuid;
begin
  select k.*, c.state as connection_state, r.installation into l
    from sync_link k
    join project_repository c on c.id = k.connection_id
    left join github.repository r on r.id = c.repository_id
   where k.id = p_link;
  if not found or l.gone_at is not null or l.connection_state in ('connecting', 'loading', 'disconnected') then
    return null;
  end if;
  if l.kind = 'comment' then
    select github_key, gone_at into v_parent from sync_link where id = l.parent_id;
    if v_parent.github_key is null or v_parent.gone_at is not null then return null; end if;
    if l.github_key is null then
      v_link := sync_next_comment(l.parent_id);
      if v_link is null then return null; end if;
      if v_link <> p_link then select k.*, l.connection_state, l.installation into l from sync_link k where k.id = v_link; end if;
    end if;
  end if;
  perform from resource where id = l.resource_id for no key update;
  select id into v_id from operation
   where resource_id = l.resource_id and direction = 'outbound' and state in ('received', 'verified')
   order by arrival desc limit 1;
  if found and not p_is_forced then
    update operation set priority = least(priority, p_priority) where id = v_id and priority > p_priority;
  else
    v_id := gen_random_uuid();
    perform operation_ingest(v_id, l.resource_id, l.kind || '_sync', p_source, null, null, null, '', p_is_forced, p_priority,
                             12, null, p_requested_by, null, sync_credential(v_link), 'github', 'outbound');
    insert into sync_operation (operation_id, link_id, connection_id, github_installation_id, github_key, local_version)
    select v_id, v_link, l.connection_id, l.installation, l.github_key,
           coalesce((select version from task where id = v_link), (select version from comment where id = v_link))
        on conflict do nothing;
  end if;
  return case when v_link = p_link then v_id end;
end $$;
comment on function sync_outbound_record is 'Ensures the outbound operation of a record; of a task''s new comments only the oldest unsent has one.';

-- ---- what the handler writes (core/sync/outbound)

-- A creation is about to be asked for: from now on nobody knows whether it was made, until its answer or a look says.
create or replace function sync_intent_set(p_link uuid, p_intent jsonb) returns void
language sql set search_path = devy, pg_temp as $$
  update sync_link set intent = p_intent where id = p_link
$$;

-- GitHub has made it, or shows that it was made.
create or replace function sync_link_made(p_link uuid, p_github_key bigint, p_github_id bigint) returns boolean
language plpgsql set search_path = devy, pg_temp as $$
begin
  update sync_link set github_key = p_github_key, github_id = coalesce(p_github_id, github_id), gone_at = null, gone_reason = null
   where id = p_link and (github_key is null or github_key = p_github_key);
  return found;
end $$;
comment on function sync_link_made is 'The pair of a record that GitHub has now. False: the pair has another one already.';

-- What was owed has been written, or need not be: p_owed is the number that was read before.
create or replace function sync_owed_clear(p_link uuid, p_owed integer, p_ends_intent boolean) returns void
language sql set search_path = devy, pg_temp as $$
  update sync_link
     set owed = greatest(owed - p_owed, 0), intent = case when p_ends_intent then null else intent end
   where id = p_link
$$;

-- GitHub would not take these values: they are not sent again before they change. Null takes a field's away.
create or replace function sync_refused_set(p_link uuid, p_refused jsonb) returns void
language sql set search_path = devy, pg_temp as $$
  update sync_link set refused = jsonb_strip_nulls(refused || p_refused) where id = p_link
$$;

create or replace function sync_operation_note(
  p_operation_id uuid, p_outcome text, p_fields text[], p_github_key bigint, p_github_updated_at timestamptz,
  p_local_version integer, p_calls jsonb, p_call_count integer)
returns void language sql set search_path = devy, pg_temp as $$
  update sync_operation
     set outcome = coalesce(p_outcome, outcome), fields = coalesce(p_fields, fields),
         github_key = coalesce(p_github_key, github_key), github_updated_at = coalesce(p_github_updated_at, github_updated_at),
         local_version = coalesce(p_local_version, local_version),
         api_calls = api_calls + p_call_count,
         -- The last twenty.
         calls = (select jsonb_agg(c order by n)
                    from (select c, n from jsonb_array_elements(coalesce(calls, '[]') || p_calls) with ordinality as a (c, n)
                           order by n desc limit 20) last)
   where operation_id = p_operation_id
$$;
comment on function sync_operation_note is 'Notes what an outbound operation did.';

-- A record that was deleted here is nothing of GitHub's any more.
create or replace function sync_unlink(p_link uuid, p_reason text) returns void
language sql set search_path = devy, pg_temp as $$
  update sync_link set gone_at = clock_timestamp(), gone_reason = p_reason, owed = 0, intent = null
   where id = p_link and gone_at is null
$$;

-- The conversation of a task is open again: comments that were refused are made now.
create or replace function sync_unlocked(p_task uuid) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_next uuid;
begin
  update sync_link set refused = '{}', owed = greatest(owed, 1)
   where kind = 'comment' and parent_id = p_task and github_key is null and gone_at is null and refused ? 'body';
  v_next := sync_next_comment(p_task);
  if v_next is not null then perform sync_outbound_record(v_next, 110::smallint, 'reconcile', null); end if;
end $$;

-- Whether merges have written one of these fields so often lately that another program seems to write it, too: more
-- than four times within ten minutes.
create or replace function sync_is_contested(p_operation_id uuid, p_fields text[]) returns boolean
language sql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
  select count(*) > 4
    from sync_operation t
    join operation n on n.id = t.operation_id and n.source = 'reconcile'
    join sync_operation s on s.link_id = t.link_id and s.outcome = 'sent' and s.fields && p_fields
    join operation o on o.id = s.operation_id and o.source = 'reconcile' and o.finished_at > clock_timestamp() - interval '10 minutes'
   where t.operation_id = p_operation_id
$$;
