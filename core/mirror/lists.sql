-- What the mirror knows of lists between their readings: how far each is known and when it is read again,
-- and their pages as they were last read.

create table mirror_validator (
  credential      text not null,
  url             text not null,
  repository_id   bigint not null,
  token           bytea not null,
  etag            text,
  last_modified   text,
  ids             bigint[] not null,
  first_updated_at timestamptz,
  last_updated_at timestamptz,
  next_url        text,
  last_page       integer,
  seen_at         timestamptz not null default clock_timestamp(),
  primary key (credential, url)
);
comment on table mirror_validator is 'Pages of lists as they were last read: GitHub answers for nothing that one is unchanged.';
comment on column mirror_validator.token is 'SHA-256 of the token it was asked with, whose etags are its own; empty: none.';
comment on column mirror_validator.ids is 'The items that the page had: an unchanged page shows that they are there.';
create index mirror_validator_repository on mirror_validator (repository_id);
create index mirror_validator_seen on mirror_validator (seen_at);

create table mirror_list (
  repository_id bigint not null,
  list          text not null,
  due_at        timestamptz,
  full_at       timestamptz,
  watermark     timestamptz,
  primary key (repository_id, list)
);
comment on table mirror_list is 'Lists that were read to their end, and when they are to be read again.';
comment on column mirror_list.due_at is 'When it is read again; null: that is not planned yet.';
comment on column mirror_list.full_at is 'When the last whole reading began.';
comment on column mirror_list.watermark is 'What changed until then is known: a reading of what is newer begins there.';
create index mirror_list_due on mirror_list (due_at nulls first);

-- Notes that a list was read: whole, or what changed since then. Nothing is known of what lies between an
-- earlier reading and p_since. The watermark is a time of GitHub's, which stays while nothing changes: the
-- next request is the same one then, and its answer costs nothing.
create or replace function mirror_list_read(
  p_repository_id bigint, p_list text, p_started_at timestamptz, p_since timestamptz) returns void
language plpgsql set search_path = devy, pg_temp as $$
declare
  v_watermark timestamptz := mirror_newest_change(p_repository_id, p_list, p_started_at);
begin
  insert into mirror_list as l (repository_id, list, full_at, watermark)
  select p_repository_id, p_list, p_started_at, v_watermark where p_since is null
      on conflict (repository_id, list) do update
     set full_at = greatest(l.full_at, excluded.full_at), watermark = greatest(l.watermark, excluded.watermark);
  update mirror_list l set watermark = greatest(l.watermark, v_watermark)
   where p_since is not null and l.repository_id = p_repository_id and l.list = p_list and p_since <= l.watermark;
end $$;

-- The last change, until then, of what a list has; of lists whose items have no such time: nothing.
create or replace function mirror_newest_change(p_repository_id bigint, p_list text, p_until timestamptz)
returns timestamptz language sql stable set search_path = devy, pg_temp as $$
  select case p_list
    when 'issues' then greatest(
      (select max(i.updated_at) from github.issue i
        where i.repository_id = p_repository_id and i.state = 'open' and i.updated_at <= p_until),
      (select max(i.updated_at) from github.issue i
        where i.repository_id = p_repository_id and i.state = 'closed' and i.updated_at <= p_until))
    when 'pulls' then greatest(
      (select max(p.updated_at) from github.pull_request p
        where p.repository_id = p_repository_id and p.state = 'open' and p.updated_at <= p_until),
      (select max(p.updated_at) from github.pull_request p
        where p.repository_id = p_repository_id and p.state = 'closed' and p.updated_at <= p_until))
    when 'comments' then
      (select max(c.updated_at) from github.issue_comment c
        where c.repository_id = p_repository_id and c.updated_at <= p_until)
  end
$$;

-- Since when a list is read again: our clock may be two minutes ahead of GitHub's, and what changed then was
-- perhaps not there yet when it was read.
create or replace function mirror_since(p_watermark timestamptz) returns timestamptz
language sql immutable as $$
  select p_watermark - interval '120 seconds'
$$;

-- Takes lists that are to be read again, and says since when: null is the whole list. Who takes one plans
-- its next time. Times are spread by up to a tenth, so that lists that were read together are not for ever.
-- A repository is hooked where GitHub tells of changes: by the App, or by a hook of ours.
create or replace function mirror_lists_take(
  p_every interval, p_unhooked_every interval, p_full_every interval, p_limit integer)
returns table (o_repository_id bigint, o_list text, o_since timestamptz)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  l record;
  v_every interval;
begin
  for l in
    select m.*, r.is_mirrored and r.deleted_at is null as is_mirrored,
           r.installation is not null or exists (
             select 1 from github.repository_hook h
              where h.repository_id = m.repository_id and h.is_ours and h.active and h.deleted_at is null) as is_hooked
      from mirror_list m
      left join github.repository r on r.id = m.repository_id
     where m.due_at is null or m.due_at <= clock_timestamp()
     order by m.due_at nulls first
     limit p_limit
       for no key update of m skip locked
  loop
    if not coalesce(l.is_mirrored, false) then
      delete from mirror_list where repository_id = l.repository_id and list = l.list;
      continue;
    end if;
    v_every := case when l.is_hooked then p_every else p_unhooked_every end;
    update mirror_list
       set due_at = clock_timestamp() + case when v_every > '0' then v_every * (1 - 0.1 * random()) else interval '1 hour' end
     where repository_id = l.repository_id and list = l.list;
    if l.due_at is null or v_every = '0' then continue; end if;
    o_repository_id := l.repository_id;
    o_list := l.list;
    o_since := case when p_full_every = '0' or l.full_at > clock_timestamp() - p_full_every then mirror_since(l.watermark) end;
    return next;
  end loop;
end $$;
comment on function mirror_lists_take is 'Lists that are to be read again.';

-- A page as it was last read, where all its items are still rows, and certain: of one that ended, or that a
-- delivery has changed since, an unchanged page would say nothing.
create or replace function mirror_find_validator(p_credential text, p_url text, p_relation text)
returns setof mirror_validator language plpgsql stable set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v mirror_validator;
  v_rows bigint;
begin
  select * into v from mirror_validator m where m.credential = p_credential and m.url = p_url;
  if not found then return; end if;
  case p_relation
    when 'label' then select count(*) into v_rows from github.label t where t.id = any (v.ids) and t.deleted_at is null and t.is_settled;
    when 'milestone' then select count(*) into v_rows from github.milestone t where t.id = any (v.ids) and t.deleted_at is null and t.is_settled;
    when 'issue' then select count(*) into v_rows from github.issue t where t.id = any (v.ids) and t.deleted_at is null and t.is_settled;
    when 'pull_request' then select count(*) into v_rows from github.pull_request t where t.id = any (v.ids) and t.deleted_at is null and t.is_settled;
    when 'repository_hook' then select count(*) into v_rows from github.repository_hook t where t.id = any (v.ids) and t.deleted_at is null and t.is_settled;
    when 'issue_comment' then select count(*) into v_rows from github.issue_comment t where t.id = any (v.ids) and t.deleted_at is null and t.is_settled;
    else return;
  end case;
  if v_rows = cardinality(v.ids) then return next v; end if;
end $$;

-- An unchanged page: its rows are there as they are, at p_at by our clock, p_date by GitHub's. Whole seconds
-- hide no later change then; what has no time of its own is as new as the answer.
create or replace function mirror_stamp_seen(
  p_relation text, p_repository_id bigint, p_ids bigint[], p_at timestamptz, p_date timestamptz) returns void
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_until timestamptz := coalesce(p_date - interval '2 seconds', '-infinity');
begin
  case p_relation
    when 'label' then
      update github.label t set last_replicated_via_api_at = greatest(t.last_replicated_via_api_at, p_at), is_settled = true
       where t.id = any (p_ids) and t.repository_id = p_repository_id and t.deleted_at is null;
    when 'milestone' then
      update github.milestone t
         set last_replicated_via_api_at = greatest(t.last_replicated_via_api_at, p_at), is_settled = t.is_settled or t.github_at <= v_until
       where t.id = any (p_ids) and t.repository_id = p_repository_id and t.deleted_at is null;
    when 'issue' then
      update github.issue t
         set last_replicated_via_api_at = greatest(t.last_replicated_via_api_at, p_at), is_settled = t.is_settled or t.github_at <= v_until
       where t.id = any (p_ids) and t.repository_id = p_repository_id and t.deleted_at is null;
    when 'pull_request' then
      update github.pull_request t
         set last_replicated_via_api_at = greatest(t.last_replicated_via_api_at, p_at), is_settled = t.is_settled or t.github_at <= v_until
       where t.id = any (p_ids) and t.repository_id = p_repository_id and t.deleted_at is null;
    when 'repository_hook' then
      update github.repository_hook t set last_replicated_via_api_at = greatest(t.last_replicated_via_api_at, p_at), is_settled = true
       where t.id = any (p_ids) and t.repository_id = p_repository_id and t.deleted_at is null;
    when 'issue_comment' then
      update github.issue_comment t
         set last_replicated_via_api_at = greatest(t.last_replicated_via_api_at, p_at), is_settled = t.is_settled or t.github_at <= v_until
       where t.id = any (p_ids) and t.repository_id = p_repository_id and t.deleted_at is null;
  end case;
end $$;
