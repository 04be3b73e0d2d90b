-- Which document wins (mirror.md, section 2). A document is an element of the arrays that
-- core/mirror/store/apply.cpp sends:
--   {"id": …, "github_at": …, "is_settled": …, "is_added_only": …, "columns": {…, its key too},
--    "labels": [{"id", "name"}], "assignees": [id], "reviewers": [id], "mergeable_is_unknown": …}
-- Only "columns" that a document has are changed, and sets of links only where it has them.

-- Compares a document with the row that is there (null: none), and returns what becomes of the row.
-- p_via is webhook or api; p_at the time that is stamped: when the delivery was received, or the
-- request was sent.
--   applied   it is newer, or GitHub's word at the same second: the row says what it says
--   same      the row says so already
--   stale     the row is newer
--   tie       both are of the same second, and the row is more certain
create or replace function mirror_judge(
  p_old anyelement, p_document jsonb, p_via text, p_at timestamptz, p_has_links boolean,
  out o_outcome text, out o_new anyelement)
language plpgsql stable as $$
declare
  c_revive_after constant interval := '60 seconds';
  v_is_api constant boolean := p_via = 'api';
  -- What has no time of its own is older than any.
  v_github_at constant timestamptz := coalesce((p_document ->> 'github_at')::timestamptz, '-infinity');
  v_is_settled boolean := (p_document ->> 'is_settled')::boolean;
  v_columns jsonb := p_document -> 'columns';
  v_old_at constant timestamptz := coalesce(p_old.github_at, '-infinity');
  v_stamps jsonb := '{}';
begin
  if p_old is null then
    o_outcome := 'applied';
  elsif (p_document ->> 'is_added_only')::boolean
        -- Whoever signs for a repository may not speak of another's rows.
        or (not v_is_api and v_columns ? 'repository_id'
            and to_jsonb(p_old) -> 'repository_id' is distinct from v_columns -> 'repository_id') then
    o_outcome := 'stale';
  elsif p_old.deleted_reason in ('deleted', 'transferred', 'repository_deleted') then
    o_outcome := case when v_is_api and p_at >= p_old.deleted_at + c_revive_after then 'applied' else 'stale' end;
  elsif p_old.deleted_reason is not null then
    o_outcome := case when v_github_at > v_old_at or (v_is_api and p_at > p_old.deleted_at)
                      then 'applied' else 'stale' end;
  elsif v_github_at < v_old_at then
    o_outcome := 'stale';
  elsif v_github_at > v_old_at then
    o_outcome := 'applied';
  end if;
  if o_outcome is distinct from 'stale' then
    -- GitHub computes it anew when the head or the base moves, and says null until then.
    if (p_document ->> 'mergeable_is_unknown')::boolean
       and not coalesce(to_jsonb(p_old) @> jsonb_build_object('head_sha', v_columns -> 'head_sha', 'base_sha', v_columns -> 'base_sha'), false) then
      v_columns := v_columns || '{"mergeable": null}';
    end if;
    -- Only an issue asked for by itself says who closed it, and who closed it before may be somebody else.
    if v_columns ->> 'closed_at' is not null and not v_columns ? 'closed_by_id'
       and (to_jsonb(p_old) ->> 'closed_at')::timestamptz is distinct from (v_columns ->> 'closed_at')::timestamptz then
      v_columns := v_columns || '{"closed_by_id": null, "closed_by_login": null}';
    end if;
    o_new := jsonb_populate_record(p_old, v_columns);
  end if;
  if o_outcome is null then
    o_outcome := case
      when p_has_links and o_new is not distinct from p_old then 'same'
      when v_is_settled and (not p_old.is_settled or p_at >= coalesce(p_old.last_replicated_via_api_at, '-infinity')) then 'applied'
      when v_is_settled or p_old.is_settled then 'tie'
      when not v_is_api and p_at < p_old.last_replicated_via_webhook_at then 'tie'
      else 'applied' end;
  end if;

  if o_outcome = 'applied' then
    v_stamps := jsonb_build_object('github_at', p_document -> 'github_at', 'is_settled', v_is_settled, 'deleted_at', null, 'deleted_reason', null);
  else
    o_new := p_old;
    if o_outcome = 'same' and v_is_settled then v_stamps := '{"is_settled": true}'; end if;
  end if;
  -- An older answer of the API shows as well that the thing was there; but nothing revives by it.
  if v_is_api and (o_outcome in ('applied', 'same') or (o_outcome = 'stale' and p_old.deleted_at is null)) then
    v_stamps := v_stamps || jsonb_build_object('last_replicated_via_api_at', greatest(p_old.last_replicated_via_api_at, p_at));
  elsif not v_is_api and o_outcome in ('applied', 'same') then
    -- Of a newer document it is its own delivery's time, though an older one came later: the next tie is
    -- between documents of this second alone.
    v_stamps := v_stamps || jsonb_build_object('last_replicated_via_webhook_at',
      case when v_github_at > v_old_at then p_at else greatest(p_old.last_replicated_via_webhook_at, p_at) end);
  end if;
  o_new := jsonb_populate_record(o_new, v_stamps);
end $$;
comment on function mirror_judge is 'The rules by which a document changes a mirrored row, or does not.';

-- Whether a nested document is worth a lock: it says something else, or its row was not stamped for a
-- minute. Without this all events of a repository would wait for each other at their repository's row.
create or replace function mirror_is_due(
  p_old anyelement, p_document jsonb, p_via text, p_at timestamptz, p_has_links boolean)
returns boolean language plpgsql stable as $$
declare
  c_stamped_every constant interval := '60 seconds';
  v_new record;
begin
  if p_old is null then return true; end if;
  select * into v_new from devy.mirror_judge(p_old, p_document, p_via, p_at, p_has_links);
  return v_new.o_outcome = 'applied'
      or (v_new.o_new).is_settled is distinct from p_old.is_settled
      or greatest((v_new.o_new).last_replicated_via_webhook_at, (v_new.o_new).last_replicated_via_api_at) - c_stamped_every
         >= coalesce(p_old.last_replicated_at, '-infinity');
end $$;

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
     and not exists (select 1 from github.label k where k.id = named.id and k.deleted_at is not null)
$$;

-- Whether an issue's or a pull request's links are those that the document has, where it has any.
create or replace function mirror_has_links(p_document jsonb) returns boolean
language sql stable as $$
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
