-- Which document wins (mirror.md, section 2). A document is an element of the arrays that
-- core/mirror/store/apply.cpp sends:
--   {"id": …, "github_at": …, "is_settled": …, "is_added_only": …, "columns": {…, its key too},
--    "labels": [{"id", "name"}], "assignees": [id], "reviewers": [id], "mergeable_is_unknown": …}
-- Only "columns" that a document has are changed, and sets of links only where it has them. p_told_at is its
-- github_at; p_is_certain: it is_settled; p_via: webhook or api; p_at: the time that is stamped, when the
-- delivery was received or the request was sent.
--
-- The planner puts the functions of this file into the statements that call them, which spares a page a call
-- for each row and rule: each is a single expression, or a single select, and has no settings of its own.

-- Whether the source may change the row at all: whoever signs for a repository may not speak of another's rows.
create or replace function mirror_is_believed(p_document jsonb, p_repository_id bigint, p_via text) returns boolean
language sql stable as $$
  select not (p_document ->> 'is_added_only')::boolean
         and (p_via = 'api' or p_repository_id is not distinct from
                               coalesce((p_document #>> '{columns,repository_id}')::bigint, p_repository_id))
$$;

-- Compares the times of a document and of the row that is there (null: none).
--   applied               the document is newer
--   stale                 the row is newer, or the document may not change it
--   applied unless same   both are of the same second, and the document's word counts
--   tie unless same       both are of the same second, and the row is more certain
create or replace function mirror_verdict(
  p_old anyelement, p_told_at timestamptz, p_is_certain boolean, p_is_believed boolean, p_via text, p_at timestamptz)
returns text language sql stable as $$
  select case
    when p_old is null then 'applied'
    when not p_is_believed then 'stale'
    when (p_old).deleted_reason in ('deleted', 'transferred', 'repository_deleted') then
      case when p_via = 'api' and p_at >= (p_old).deleted_at + interval '60 seconds' then 'applied' else 'stale' end
    -- What has no time of its own is older than any.
    when (p_old).deleted_reason is not null then
      case when coalesce(p_told_at, '-infinity') > coalesce((p_old).github_at, '-infinity')
                or (p_via = 'api' and p_at > (p_old).deleted_at) then 'applied' else 'stale' end
    when coalesce(p_told_at, '-infinity') < coalesce((p_old).github_at, '-infinity') then 'stale'
    when coalesce(p_told_at, '-infinity') > coalesce((p_old).github_at, '-infinity') then 'applied'
    when p_is_certain and (not (p_old).is_settled
                           or p_at >= coalesce((p_old).last_replicated_via_api_at, '-infinity')) then 'applied unless same'
    when p_is_certain or (p_old).is_settled then 'tie unless same'
    when p_via = 'webhook' and p_at < (p_old).last_replicated_via_webhook_at then 'tie unless same'
    else 'applied unless same' end
$$;
comment on function mirror_verdict is 'The rules by which a document changes a mirrored row, or does not.';

-- What becomes of the row. p_is_same: it says already what the document says.
--   applied   it says from now on what the document says
--   same      it says so already
--   stale     it is newer
--   tie       both are of the same second, and the row is more certain
create or replace function mirror_outcome(p_verdict text, p_is_same boolean) returns text language sql stable as $$
  select case when p_verdict in ('applied', 'stale') then p_verdict
              when p_is_same then 'same'
              when p_verdict = 'applied unless same' then 'applied'
              else 'tie' end
$$;

-- The stamps of the row from then on. An older answer of the API shows as well that the thing was there; but
-- nothing revives by it. Of a newer document of a webhook it is its own delivery's time, though an older one
-- came later: the next tie is between documents of this second alone.
create or replace function mirror_stamps(
  p_old anyelement, p_outcome text, p_told_at timestamptz, p_is_certain boolean, p_via text, p_at timestamptz)
returns table (last_replicated_via_webhook_at timestamptz, last_replicated_via_api_at timestamptz, github_at timestamptz,
               is_settled boolean, deleted_at timestamptz, deleted_reason text)
language sql stable rows 1 as $$
  select case when p_via <> 'webhook' or p_outcome not in ('applied', 'same') then (p_old).last_replicated_via_webhook_at
              when coalesce(p_told_at, '-infinity') > coalesce((p_old).github_at, '-infinity') then p_at
              else greatest((p_old).last_replicated_via_webhook_at, p_at) end,
         case when p_via = 'api' and (p_outcome in ('applied', 'same') or (p_outcome = 'stale' and (p_old).deleted_at is null))
              then greatest((p_old).last_replicated_via_api_at, p_at)
              else (p_old).last_replicated_via_api_at end,
         case when p_outcome = 'applied' then p_told_at else (p_old).github_at end,
         case p_outcome when 'applied' then p_is_certain
                        when 'same' then (p_old).is_settled or p_is_certain
                        else (p_old).is_settled end,
         case when p_outcome <> 'applied' then (p_old).deleted_at end,
         case when p_outcome <> 'applied' then (p_old).deleted_reason end
$$;

-- Whether a nested document is worth a lock: it says something else, or its row was not stamped for a
-- minute. Without this all events of a repository would wait for each other at their repository's row.
create or replace function mirror_is_due(
  p_old anyelement, p_verdict text, p_is_certain boolean, p_is_same boolean, p_via text, p_at timestamptz)
returns boolean language sql stable as $$
  select case
    when p_verdict = 'applied' then true
    when p_verdict = 'stale' then
      p_via = 'api' and (p_old).deleted_at is null
        and p_at - interval '60 seconds' >= coalesce((p_old).last_replicated_at, '-infinity')
    when p_is_same then
      (p_is_certain and not (p_old).is_settled)
        or p_at - interval '60 seconds' >= coalesce((p_old).last_replicated_at, '-infinity')
    else p_verdict = 'applied unless same' end
$$;

-- The columns of an issue. Only one that was asked for by itself says who closed it, and who closed it before
-- may be somebody else.
create or replace function mirror_issue_columns(p_old github.issue, p_document jsonb) returns jsonb
language sql stable as $$
  select case when p_document #>> '{columns,closed_at}' is not null and not p_document -> 'columns' ? 'closed_by_id'
                   and (p_old).closed_at is distinct from (p_document #>> '{columns,closed_at}')::timestamptz
              then (p_document -> 'columns') || '{"closed_by_id": null, "closed_by_login": null}'
              else p_document -> 'columns' end
$$;

-- The columns of a pull request. GitHub computes `mergeable` anew when the head or the base moves, and says
-- null until then. Details that came with another document of the same second, one that had another head, base
-- or state, are those of an earlier moment: a document without details leaves them without a date, so that they
-- are read again.
create or replace function mirror_pull_columns(p_old github.pull_request, p_document jsonb) returns jsonb
language sql stable as $$
  select case when (p_document ->> 'mergeable_is_unknown')::boolean
                   and ((p_old).head_sha, (p_old).base_sha) is distinct from
                       (p_document #>> '{columns,head_sha}', p_document #>> '{columns,base_sha}')
              then (p_document -> 'columns') || '{"mergeable": null}'
              when not p_document -> 'columns' ? 'detail_at'
                   and (p_document ->> 'github_at')::timestamptz <= (p_old).github_at
                   and ((p_old).head_sha, (p_old).base_sha, (p_old).state) is distinct from
                       (p_document #>> '{columns,head_sha}', p_document #>> '{columns,base_sha}',
                        p_document #>> '{columns,state}')
              then (p_document -> 'columns') || '{"detail_at": null}'
              else p_document -> 'columns' end
$$;

-- Labels as a document names them: old payloads have bare names, which the repository's labels explain. Its
-- row knows a label's name better, for a document may be from before it was renamed.
create or replace function mirror_label_ids(p_repository_id bigint, p_labels jsonb)
returns table (o_id bigint, o_name text) language sql stable as $$
  select distinct on (id) id, coalesce((select k.name from github.label k where k.id = named.id), name)
    from (select coalesce((l ->> 'id')::bigint,
                          (select k.id from github.label k
                            where k.repository_id = p_repository_id and lower(k.name) = lower(l ->> 'name')
                              and k.deleted_at is null
                            order by k.id limit 1)) as id,
                 l ->> 'name' as name
            from jsonb_array_elements(p_labels) l) named
   where id is not null
     -- A document from before may come after the label's end.
     and not exists (select from github.label k where k.id = named.id and k.deleted_at is not null)
   order by id, name
$$;

-- Whether an issue's or a pull request's links are those that the document has, where it has any.
create or replace function mirror_has_links(p_document jsonb) returns table (o_has_links boolean)
language sql stable rows 1 as $$
  select (not p_document ? 'labels'
          or (select coalesce(array_agg(o_id || ' ' || o_name order by o_id), '{}')
                from devy.mirror_label_ids((p_document #>> '{columns,repository_id}')::bigint, p_document -> 'labels'))
           = (select coalesce(array_agg(l.label_id || ' ' || l.label_name order by l.label_id), '{}') from github.issue_label l
               where l.repository_id = (p_document #>> '{columns,repository_id}')::bigint
                 and l.number = (p_document #>> '{columns,number}')::integer))
     and (not p_document ? 'assignees'
          or (select coalesce(array_agg(distinct a::bigint order by a::bigint), '{}')
                from jsonb_array_elements_text(p_document -> 'assignees') a)
           = (select coalesce(array_agg(a.user_id order by a.user_id), '{}') from github.assignee a
               where a.repository_id = (p_document #>> '{columns,repository_id}')::bigint
                 and a.number = (p_document #>> '{columns,number}')::integer))
     and (not p_document ? 'reviewers'
          or (select coalesce(array_agg(distinct a::bigint order by a::bigint), '{}')
                from jsonb_array_elements_text(p_document -> 'reviewers') a)
           = (select coalesce(array_agg(v.user_id order by v.user_id), '{}') from github.requested_reviewer v
               where v.pull_request_id = (p_document ->> 'id')::bigint))
$$;
