-- What pages and the API show of many repositories at once, without a row of any: how many rows there are,
-- and how our webhooks do.

-- Rows that exist at GitHub, as far as the mirror knows, and those among them that may have changed again
-- within the second of their last change; for each list, whether it has rows or not.
create or replace function mirror_row_counts(p_ids bigint[])
returns table (o_repository_id bigint, o_list text, o_rows bigint, o_unsettled bigint)
language sql stable set search_path = devy, pg_temp as $$
  select i.id, c.*
    from unnest(p_ids) as i (id)
   cross join lateral (
         select 'labels', count(*), count(*) filter (where not is_settled)
           from github.label where repository_id = i.id and deleted_at is null
         union all
         select 'milestones', count(*), count(*) filter (where not is_settled)
           from github.milestone where repository_id = i.id and deleted_at is null
         union all
         select 'issues', count(*) filter (where not is_pull_request), count(*) filter (where not is_settled)
           from github.issue where repository_id = i.id and deleted_at is null
         union all
         select 'pulls', count(*), count(*) filter (where not is_settled)
           from github.pull_request where repository_id = i.id and deleted_at is null
         union all
         select 'files', count(*), 0
           from github.pull_request_file f join github.pull_request p on p.id = f.pull_request_id
          where p.repository_id = i.id
         union all
         select 'hooks', count(*), 0
           from github.repository_hook where repository_id = i.id and deleted_at is null
         union all
         select 'comments', count(*), count(*) filter (where not is_settled)
           from github.issue_comment where repository_id = i.id and deleted_at is null) c
$$;

-- How GitHub tells of changes in each repository:
--   on           our webhook is there and has been heard, or is a minute old at most; or the App is installed
--   unconfirmed  it is there, and GitHub has sent no ping within a minute
--   lost         it was there
--   off          there was none
create or replace function mirror_hook_states(p_ids bigint[])
returns table (o_repository_id bigint, o_hook_id bigint, o_state text, o_last_ping_at timestamptz)
language sql stable set search_path = devy, pg_temp as $$
  select r.id, h.id,
         case when h.is_working and (p.at is not null
                                     or r.last_replicated_via_webhook_at >= h.created_at
                                     or h.created_at > clock_timestamp() - interval '60 seconds') then 'on'
              when r.installation is not null then 'on'
              when h.is_working then 'unconfirmed'
              when h.id is not null then 'lost'
              else 'off' end,
         p.at
    from github.repository r
    left join lateral (
           select b.*, b.active and b.deleted_at is null as is_working
             from github.repository_hook b
            where b.repository_id = r.id and b.is_ours
            order by b.active and b.deleted_at is null desc, b.created_at desc nulls last limit 1) h on true
    -- A ping that a secret for all has signed is not believed: GitHub is asked, and the operation says when.
    left join lateral (
           select greatest(h.last_replicated_via_webhook_at, max(o.created_at)) as at
             from resource s
             join operation o on o.id = s.newest_operation_id
            where s.kind = 'mirror_fetch' and s.key = 'event/' || r.full_name || '/hooks/' || h.id) p on true
   where r.id = any (p_ids)
$$;
