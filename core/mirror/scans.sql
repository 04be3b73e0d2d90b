-- What the mirror keeps of its own work, beside the queue's entries: scans, their parts, and what
-- operations are about.

create table mirror_operation (
  operation_id  uuid primary key references operation on delete cascade,
  target        text not null,
  repository_id bigint,
  child_ids     uuid[] not null default '{}',
  list          text,
  state         text,
  since         timestamptz,
  scan_id       uuid,
  slot          integer,
  children      text[] not null default '{}',
  is_adding     boolean not null default false,
  delivery_guid uuid,
  actor_id      bigint,
  actor_token   bytea,
  hook_act      text check (hook_act in ('install', 'uninstall')),
  hook_ids      bigint[],
  constraint mirror_operation_actor check (actor_token is null or actor_id is not null)
);
comment on table mirror_operation is 'Beside the queue''s entry: what an operation of the mirror is about.';
comment on column mirror_operation.target is 'As people write it: "alice/notes", "alice/notes/issues", "alice/notes/pulls/7".';
comment on column mirror_operation.list is 'The list that it reads, or a part of it; and in which state its items are: open, closed, all.';
comment on column mirror_operation.since is 'Of an incremental scan: it reads what changed since then, and proves nothing about the rest.';
comment on column mirror_operation.child_ids is 'Operations that it has recorded, or joined: its load has ended when these have.';
comment on column mirror_operation.children is 'The lists that it records scans of when it knows the repository.';
comment on column mirror_operation.is_adding is 'The repository is mirrored from then on.';
comment on column mirror_operation.actor_id is 'The user of GitHub in whose name GitHub is asked; null: in the mirror''s own.';
comment on column mirror_operation.actor_token is 'That user''s token, sealed under mirror.token_key_file; it is erased when the operation ends.';
comment on column mirror_operation.hook_act is 'Of a mirror_hook: our webhook is installed, or uninstalled.';
comment on column mirror_operation.hook_ids is 'The webhooks that it has installed or uninstalled.';
create index mirror_operation_delivery on mirror_operation (delivery_guid) where delivery_guid is not null;
create index mirror_operation_scan on mirror_operation (scan_id) where scan_id is not null;

create table mirror_scan (
  id            uuid primary key references operation on delete cascade,
  list_key      text not null,
  repository_id bigint not null,
  list          text not null check (list in ('labels', 'milestones', 'issues', 'pulls', 'hooks', 'files', 'comments')),
  state         text not null check (state in ('open', 'closed', 'all')),
  mode          text not null default 'full' check (mode in ('full', 'incremental')),
  phase         text not null default 'running'
                check (phase in ('running', 'sweeping', 'held', 'completed', 'failed', 'cancelled')),
  started_at    timestamptz not null default clock_timestamp(),
  finished_at   timestamptz,
  watermark     timestamptz,
  parts         integer not null default 0,
  parts_open    integer not null default 0,
  requests      integer not null default 0,
  free_requests integer not null default 0,
  items         integer not null default 0,
  items_expected integer,
  applied       integer not null default 0,
  stale         integer not null default 0,
  invalid       integer not null default 0,
  candidates    integer not null default 0,
  gone          integer not null default 0,
  constraint mirror_scan_finished check ((finished_at is null) = (phase in ('running', 'sweeping', 'held')))
);
comment on table mirror_scan is 'A walk over one list of a repository at GitHub. Its id is that of its operation.';
comment on column mirror_scan.list_key is '<repository id>/<list>/<state>: one scan of a list is open at a time, and a second load joins it.';
comment on column mirror_scan.parts_open is 'Parts that are not done. Who ends the last one ends the scan, in the same transaction.';
comment on column mirror_scan.free_requests is 'Requests that were answered with "not modified" and cost nothing.';
comment on column mirror_scan.items_expected is 'As far as the first answer tells; null where it does not.';
create unique index mirror_scan_open on mirror_scan (list_key) where finished_at is null;
create index mirror_scan_repository on mirror_scan (repository_id, started_at desc);

create table mirror_part (
  scan_id   uuid not null references mirror_scan on delete cascade,
  slot      integer not null,
  from_at   timestamptz,
  to_at     timestamptz,
  next_page integer,
  stride    integer,
  next_url  text,
  per_page  integer not null default 100,
  pages     integer not null default 0,
  items     integer not null default 0,
  done_at   timestamptz,
  primary key (scan_id, slot)
);
comment on table mirror_part is 'A part of a scan, with the place that it has reached. Each page moves the place in the transaction of its rows.';
comment on column mirror_part.from_at is 'Issues and comments: it goes on with those that were updated since then.';
comment on column mirror_part.to_at is 'It ends where issues are newer, or pull requests, the newest of which come first, are older; null: at the end of the list.';
comment on column mirror_part.next_page is 'Other lists: it takes this page, then the one `stride` pages later.';
comment on column mirror_part.next_url is 'It takes this page first: the list has no numbers, or none that lead further.';

create table mirror_audit (
  repository_id bigint primary key,
  operation_id  uuid not null references operation on delete cascade,
  started_at    timestamptz not null,
  rows          integer not null,
  requests      integer not null,
  missing       integer not null,
  extra         integer not null,
  different     integer not null
);
comment on table mirror_audit is 'The last comparison of some rows of a repository with GitHub, and what it found.';
create index mirror_audit_operation on mirror_audit (operation_id);

-- Scans of which nothing is left that could end them: an operation of theirs failed in a way that no
-- handler saw (its worker crashed too often, a person cancelled it).
create or replace function mirror_fail_abandoned(p_list_key text default null) returns integer
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_failed integer;
begin
  update mirror_scan s set phase = 'failed', finished_at = clock_timestamp()
   where s.finished_at is null and s.list_key = coalesce(p_list_key, s.list_key)
     and s.started_at < clock_timestamp() - interval '1 minute'
     and not exists (
           select 1 from mirror_operation m join operation o on o.id = m.operation_id
            where (m.scan_id = s.id or m.operation_id = s.id) and o.finished_at is null);
  get diagnostics v_failed = row_count;
  return v_failed;
end $$;

-- Lists with rows that may have changed again within the second of their last change, or that have no
-- time of their own: one incremental reading of each makes them certain.
create or replace function mirror_settle_due(p_after interval, p_every interval)
returns table (o_repository_id bigint, o_list text, o_since timestamptz) language sql stable set search_path = devy, pg_temp as $$
  select u.repository_id, u.list, min(u.github_at)
    from (select repository_id, 'issues' as list, github_at, last_replicated_at from github.issue
           where not is_settled and deleted_at is null
          union all
          select repository_id, 'pulls', github_at, last_replicated_at from github.pull_request
           where not is_settled and deleted_at is null
          union all
          select repository_id, 'milestones', github_at, last_replicated_at from github.milestone
           where not is_settled and deleted_at is null
          union all
          select repository_id, 'labels', github_at, last_replicated_at from github.label
           where not is_settled and deleted_at is null
          union all
          select repository_id, 'comments', github_at, last_replicated_at from github.issue_comment
           where not is_settled and deleted_at is null) u
    join github.repository r on r.id = u.repository_id and r.is_mirrored and r.deleted_at is null
   where u.last_replicated_at < clock_timestamp() - p_after
     and not exists (
           select 1 from mirror_scan s
            where s.repository_id = u.repository_id and s.list = u.list
              and (s.finished_at is null or s.started_at > clock_timestamp() - p_every
                   -- What cannot be read now is left alone for a while.
                   or (s.phase = 'failed' and s.started_at > clock_timestamp() - greatest(p_every, interval '10 minutes'))
                   -- A row that such a reading did not meet: it may be gone, which only a whole reading shows.
                   or (s.phase = 'completed' and s.started_at > u.last_replicated_at
                       and s.started_at > clock_timestamp() - greatest(p_every, interval '1 hour'))))
   group by u.repository_id, u.list
   order by min(u.last_replicated_at)
   limit 100
$$;

-- Records an operation of the mirror, or joins one that is going to do the same: an open scan of the
-- list, or an operation of the resource that waits or runs. What a running one does not do yet
-- (further children) is recorded anew.
create or replace function mirror_record(
  p_id uuid, p_kind text, p_key text, p_owner text, p_target text, p_repository_id bigint, p_source text,
  p_priority smallint, p_scan_id uuid default null, p_slot integer default null,
  p_list text default null,
  p_state text default null, p_children text[] default '{}', p_is_adding boolean default false, p_requested_by text default null,
  p_reason text default null, p_since timestamptz default null,
  p_actor_id bigint default null, p_actor_token bytea default null, p_hook_act text default null,
  out o_id uuid, out o_is_joined boolean)
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  c_resource_kinds constant jsonb := '{"mirror_fetch": "mirror_fetch", "mirror_scan": "mirror_list", "mirror_part": "mirror_part", "mirror_sweep": "mirror_sweep", "mirror_audit": "mirror_audit", "mirror_hook": "mirror_hook"}';
  v_resource bigint;
  v_state text;
begin
  insert into resource (kind, key, owner) values (c_resource_kinds ->> p_kind, p_key, p_owner) on conflict do nothing;
  select id into v_resource from resource
   where kind = c_resource_kinds ->> p_kind and key = p_key for no key update;
  o_is_joined := true;
  if p_kind = 'mirror_scan' then
    perform mirror_fail_abandoned(p_key);
    select id into o_id from mirror_scan where list_key = p_key and finished_at is null;
  end if;
  if o_id is null then
    select o.id, o.state into o_id, v_state from operation o
     where o.resource_id = v_resource and o.state in ('received', 'verified', 'held', 'scheduled', 'processing')
     order by o.arrival desc limit 1;
    -- Another act, or the same in another's name, is one of its own.
    if p_hook_act is not null and not exists (
         select 1 from mirror_operation m
          where m.operation_id = o_id and m.hook_act = p_hook_act and m.actor_id is not distinct from p_actor_id) then
      o_id := null;
    elsif v_state in ('received', 'verified', 'held') then
      update mirror_operation m
         set is_adding = m.is_adding or p_is_adding,
             children = array(select distinct c from unnest(m.children || p_children) c),
             actor_token = coalesce(p_actor_token, m.actor_token)
       where m.operation_id = o_id;
    elsif o_id is not null and not exists (
            select 1 from mirror_operation m
             where m.operation_id = o_id and (m.is_adding or not p_is_adding) and m.children @> p_children) then
      o_id := null;
    end if;
  end if;
  if o_id is not null then return; end if;
  o_is_joined := false;
  o_id := p_id;
  perform operation_ingest(p_id, v_resource, p_kind, p_source, null, null, null, '', false, p_priority, 12, null,
                           p_requested_by, p_reason, p_owner, 'github');
  insert into mirror_operation (operation_id, target, repository_id, list, state, since, scan_id, slot, children, is_adding,
                                actor_id, actor_token, hook_act)
  values (p_id, p_target, p_repository_id, p_list, p_state, p_since, p_scan_id, p_slot, p_children, p_is_adding,
          p_actor_id, p_actor_token, p_hook_act);
end $$;
comment on function mirror_record is 'Records an operation of the mirror, unless one is under way that does the same.';

-- A user's token is needed until the operation has ended, however it ended; a replay has none.
create or replace function mirror_forget_token() returns trigger language plpgsql set search_path = devy, pg_temp as $$
begin
  update mirror_operation set actor_token = null where operation_id = new.id and actor_token is not null;
  return null;
end $$;
create or replace trigger mirror_forget_token after update of state on operation
  for each row when (new.finished_at is not null and new.kind in ('mirror_fetch', 'mirror_hook'))
  execute function mirror_forget_token();

-- Ends a part, once, and tells whether it was the scan's last one.
create or replace function mirror_part_end(p_scan_id uuid, p_slot integer, out o_is_last boolean)
language plpgsql set search_path = devy, pg_temp as $$
begin
  update mirror_part set done_at = clock_timestamp()
   where scan_id = p_scan_id and slot = p_slot and done_at is null;
  if found then
    update mirror_scan set parts_open = parts_open - 1 where id = p_scan_id returning parts_open = 0 into o_is_last;
  end if;
  o_is_last := coalesce(o_is_last, false);
end $$;

-- Ends a scan whose list was read to its end. Whoever reads the tables sees from then on how old the
-- list is at most.
create or replace function mirror_scan_end(p_scan_id uuid, p_phase text) returns void
language plpgsql set search_path = devy, pg_temp as $$
declare
  s record;
begin
  update mirror_scan set phase = p_phase, finished_at = clock_timestamp()
   where id = p_scan_id and finished_at is null
  returning * into s;
  if not found or p_phase <> 'completed' or s.state <> 'all' then return; end if;
  perform mirror_list_read(s.repository_id, s.list, s.started_at, case when s.mode = 'incremental' then s.watermark end);
  if s.mode <> 'full' then return; end if;
  update github.repository r
     set hooks_last_scanned_at = case when s.list = 'hooks' then s.started_at else r.hooks_last_scanned_at end,
         issues_last_scanned_at = case when s.list = 'issues' then s.started_at else r.issues_last_scanned_at end,
         pull_requests_last_scanned_at = case when s.list = 'pulls' then s.started_at else r.pull_requests_last_scanned_at end,
         labels_last_scanned_at = case when s.list = 'labels' then s.started_at else r.labels_last_scanned_at end,
         milestones_last_scanned_at = case when s.list = 'milestones' then s.started_at else r.milestones_last_scanned_at end,
         comments_last_scanned_at = case when s.list = 'comments' then s.started_at else r.comments_last_scanned_at end
   where r.id = s.repository_id;
end $$;

-- Deletes the rows of a repository that is mirrored no more; its own row, and users, stay.
create or replace function mirror_purge(p_repository_id bigint)
returns table (o_table text, o_rows bigint) language sql set search_path = devy, pg_temp as $$
  with reviewers as (
    delete from github.requested_reviewer v using github.pull_request p
     where p.id = v.pull_request_id and p.repository_id = p_repository_id returning 1
  ), label_links as (delete from github.issue_label where repository_id = p_repository_id returning 1
  ), assignees as (delete from github.assignee where repository_id = p_repository_id returning 1
  ), files as (
    delete from github.pull_request_file f using github.pull_request p
     where p.id = f.pull_request_id and p.repository_id = p_repository_id returning 1
  ), pulls as (delete from github.pull_request where repository_id = p_repository_id returning 1
  ), comments as (delete from github.issue_comment where repository_id = p_repository_id returning 1
  ), issues as (delete from github.issue where repository_id = p_repository_id returning 1
  ), milestones as (delete from github.milestone where repository_id = p_repository_id returning 1
  ), labels as (delete from github.label where repository_id = p_repository_id returning 1
  ), hooks as (delete from github.repository_hook where repository_id = p_repository_id returning 1
  ), validators as (delete from mirror_validator where repository_id = p_repository_id
  ), lists as (delete from mirror_list where repository_id = p_repository_id
  ), rights as (delete from github.user_repository where repository_id = p_repository_id returning 1
  ), audits as (delete from mirror_audit where repository_id = p_repository_id returning 1)
  select 'files', count(*) from files union all
  select 'pulls', count(*) from pulls union all
  select 'comments', count(*) from comments union all
  select 'issues', count(*) from issues union all
  select 'milestones', count(*) from milestones union all
  select 'labels', count(*) from labels union all
  select 'hooks', count(*) from hooks
$$;
