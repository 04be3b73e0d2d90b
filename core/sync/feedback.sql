-- How each record stands with GitHub, in one word and with what is behind it (sync.md, section 8): what pages, the
-- API and the command line show of every task and comment.

-- One row for each pair. A record without a row here is of this site alone.
create or replace view record_sync as
  select l.id as record_id, l.kind, l.connection_id, c.repository_id, coalesce(r.full_name, c.name) as repository,
         l.github_key, l.github_id, l.github_updated_at, n.github_key as task_number, l.owed, l.refused, l.gone_at, l.gone_reason,
         c.state as connection_state, c.reason as connection_reason,
         coalesce(o.id, e.id) as operation_id, coalesce(o.state, e.state) as operation_state,
         coalesce(o.direction, e.direction) as direction, o.step, o.owner, o.lane, o.priority, o.run_at, o.arrival,
         case when o.id is not null then o.waiting_since else e.finished_at end as operation_since,
         coalesce(o.error_code, e.error_code) as error_code, coalesce(o.error_text, e.error_text) as error_text,
         coalesce(o.error_hint, e.error_hint) as error_hint,
         case when g.not_before > clock_timestamp() then g.not_before end as not_before,
         case when g.not_before > clock_timestamp() then g.reason end as gate_reason,
         case
           when l.gone_at is not null then 'gone'
           when c.state = 'disconnected' then 'disabled'
           when o.state = 'held' then 'held'
           when o.state in ('scheduled', 'processing') then
             case when o.direction = 'inbound' or coalesce(o.step, 'look') = 'look' then 'checking' else 'sending' end
           when c.state in ('blocked', 'suspended') then 'blocked'
           when o.id is not null and l.intent is not null then 'checking'
           when o.id is not null and g.not_before > clock_timestamp() then 'waiting_limit'
           when o.id is not null then 'queued'
           when e.state = 'failed' then 'failed'
           when l.refused <> '{}' then 'refused'
           when x.is_conflict then 'conflict'
           when l.owed > 0 or l.github_key is null then 'queued'
           else 'synced'
         end as state
    from sync_link l
    join project_repository c on c.id = l.connection_id
    left join github.repository r on r.id = c.repository_id
    left join sync_link n on n.id = l.parent_id
    -- The one that runs, or else the one that waits; ours before GitHub's.
    left join lateral (
      select w.* from operation w
       where w.resource_id = l.resource_id and w.state in ('received', 'verified', 'held', 'scheduled', 'processing')
       order by w.state in ('scheduled', 'processing') desc, w.direction desc limit 1) o on true
    left join lateral (
      select w.* from operation w
       where w.resource_id = l.resource_id and w.state in ('completed', 'failed', 'cancelled', 'disabled')
       order by w.arrival desc limit 1) e on true
    left join owner_gate g on g.owner = o.owner and g.direction = o.direction and o.state = 'verified'
    -- Something lost to what the record says now: nobody has changed it since.
    left join lateral (
      select exists (
        select from record_version v
         where v.record_id = l.id and v.is_lost
           and v.lost_to = (select max(w.version) from record_version w where w.record_id = l.id and not w.is_lost)) as is_conflict) x on true;
comment on view record_sync is 'How a record stands with GitHub: local is what has no row here.';

-- Who somebody is, here and there: an account, or a user of GitHub, whom an account may be linked to.
create or replace function person_named(p_account_id uuid, p_github_id bigint)
returns table (o_account_id uuid, o_username text, o_github_login text)
language sql stable set search_path = devy, pg_temp as $$
  select a.id, a.username, u.login
    from (select 1) one
    left join account a on a.id = coalesce(p_account_id, (select k.id from account k where k.github_id = p_github_id))
    left join github."user" u on u.id = coalesce(a.github_id, p_github_id)
$$;
comment on function person_named is 'The names of an account or a user of GitHub; both null: nobody knows any more.';
