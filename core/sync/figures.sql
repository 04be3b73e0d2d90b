-- What metrics and `doctor` say of sync, and operations in the design's words.

create or replace function sync_figures()
returns table (o_name text, o_label text, o_value double precision) language sql stable set search_path = devy, pg_temp as $$
  select 'links', case when k.gone_at is not null then 'gone' when k.base is null then 'unsent'
                       when k.owed > 0 then 'owed' when k.refused <> '{}' then 'refused' else 'equal' end, count(*)
    from sync_link k group by 2
  union all
  select 'connections', state, count(*) from project_repository group by 2
  union all
  select 'backlog', o.direction, count(*)
    from operation o where o.kind in ('task_sync', 'comment_sync') and o.finished_at is null group by 2
  union all
  -- A gate explains an age: what is held back counts no age.
  select 'backlog_age', o.direction, extract(epoch from clock_timestamp() - min(o.waiting_since))
    from operation o
   where o.kind in ('task_sync', 'comment_sync') and o.state = 'verified'
     and not exists (select from owner_gate g where g.owner = o.owner and g.direction = o.direction and g.not_before > clock_timestamp())
   group by 2
  union all
  select 'gates', direction, count(*) from owner_gate where not_before > clock_timestamp() group by 2
$$;
comment on function sync_figures is 'What metrics and doctor say of sync.';

-- What ended in a span of time: operations by kind, direction and outcome (or the state, where it is another end), the
-- seconds until both sides were equal, and fields in which a side lost.
create or replace function sync_finished(p_from timestamptz, p_to timestamptz)
returns table (o_name text, o_kind text, o_direction text, o_outcome text, o_value double precision)
language sql stable set search_path = devy, pg_temp as $$
  with ended as materialized (
    select o.kind, o.direction, o.state, s.outcome, o.finished_at, coalesce(d.received_at, o.created_at) as begun_at
      from operation o
      left join sync_operation s on s.operation_id = o.id
      left join delivery d on d.guid = s.delivery_guid
     where o.finished_at > p_from and o.finished_at <= p_to and o.kind in ('task_sync', 'comment_sync')
  )
  select 'operations', kind, direction, coalesce(outcome, state), count(*) from ended group by 2, 3, 4
  union all
  (select 'visible', kind, direction, outcome, extract(epoch from finished_at - begun_at) from ended
    where outcome in ('created', 'applied', 'merged', 'sent', 'adopted') order by finished_at limit 10000)
  union all
  select 'conflicts', null, null, f.key, count(*)
    from record_version v cross join lateral jsonb_object_keys(v.fields) f (key)
   where v.is_lost and v.at > p_from and v.at <= p_to group by 4
$$;
comment on function sync_finished is 'What metrics count of sync.';

-- ---- operations in the design's words

create or replace view task_sync_operation as
select o.id, case o.state when 'scheduled' then 'queued' when 'processing' then 'processing' when 'failed' then 'errored'
                          when 'cancelled' then 'canceled' when 'completed' then 'completed' when 'dropped' then 'dropped'
                          when 'duplicate' then 'duplicate' when 'disabled' then 'disabled' else 'queued' end as state,
       o.direction, s.github_installation_id as github_app_installation_id, s.github_updated_at, o.cancelled_by as canceled_by,
       o.duplicate_of, o.dropped_for, s.link_id as task_id, k.github_id as github_issue_id,
       coalesce(s.github_key, k.github_key) as github_issue_external_id, s.action, s.outcome, s.fields, s.delivery_guid,
       coalesce(o.error_text, o.cancel_reason, o.reason) as reason, o.created_at, o.run_at, o.finished_at
  from operation o
  join sync_operation s on s.operation_id = o.id
  left join sync_link k on k.id = s.link_id
 where o.kind = 'task_sync';
comment on view task_sync_operation is 'Operations on tasks, in the words of the design.';

create or replace view comment_sync_operation as
select o.id, case o.state when 'scheduled' then 'queued' when 'processing' then 'processing' when 'failed' then 'errored'
                          when 'cancelled' then 'canceled' when 'completed' then 'completed' when 'dropped' then 'dropped'
                          when 'duplicate' then 'duplicate' when 'disabled' then 'disabled' else 'queued' end as state,
       o.direction, s.github_installation_id as github_app_installation_id, s.github_updated_at, o.cancelled_by as canceled_by,
       o.duplicate_of, o.dropped_for, s.link_id as comment_id, k.parent_id as task_id,
       coalesce(s.github_key, k.github_key) as github_comment_id, coalesce(s.github_key, k.github_key) as github_comment_external_id,
       s.action, s.outcome, s.fields, s.delivery_guid,
       coalesce(o.error_text, o.cancel_reason, o.reason) as reason, o.created_at, o.run_at, o.finished_at
  from operation o
  join sync_operation s on s.operation_id = o.id
  left join sync_link k on k.id = s.link_id
 where o.kind = 'comment_sync';
comment on view comment_sync_operation is 'Operations on comments, in the words of the design.';
