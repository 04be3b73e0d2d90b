-- The change feed: which rows of schema github changed, in an order that readers can follow (mirror.md,
-- section 9). The triggers of feed_triggers.sql and feed_parts.sql write it, in the transactions of the
-- changes themselves; readers call github.changes().

create table github.change (
  txid          xid8 not null default pg_current_xact_id(),
  seq           bigint not null generated always as identity,
  at            timestamptz not null default now(),
  relation      text not null,
  id            bigint not null,
  repository_id bigint,
  action        text not null check (action in ('insert', 'update', 'delete', 'restore')),
  columns       text[] not null default '{}',
  via           text default nullif(current_setting('devy.change_via', true), '') check (via in ('webhook', 'api')),
  operation_id  uuid default nullif(current_setting('devy.operation_id', true), '')::uuid,
  delivery_guid uuid default nullif(current_setting('devy.change_delivery', true), '')::uuid,
  primary key (txid, seq)
);
comment on table github.change is
  'Rows of the mirror that changed. Labels, assignees, requested reviewers and files have no id of their own: '
  'a change of theirs is an update of the issue and the pull request that they belong to, with the columns '
  '{labels}, {assignees}, {requested_reviewers}, {files}.';
comment on column github.change.txid is 'The transaction. A reader may have it when every older transaction has ended: github.changes() sees to that.';
comment on column github.change.at is 'When the transaction began.';
comment on column github.change.id is 'Of the row; of user_repository the user''s.';
comment on column github.change.action is 'delete: deleted_at was set, or the row is gone · restore: it was cleared.';
comment on column github.change.columns is 'Fields that changed, sorted; none of an insert or a delete. When the mirror last saw a row is no field.';
comment on column github.change.via is 'How the mirror learnt it: webhook or api; null: by itself, or a person changed it.';
comment on column github.change.delivery_guid is 'The delivery that led to it, also where GitHub was asked because of it.';

-- The only row says up to where changes were pruned, and in which place the changes were written.
create table mirror_feed (
  is_only     boolean primary key default true check (is_only),
  id          uuid not null default gen_random_uuid(),
  place       text not null,
  pruned_txid xid8 not null default '0',
  pruned_seq  bigint not null default 0
);
comment on table mirror_feed is 'What is known of the change feed as a whole: one row.';
comment on column mirror_feed.place is 'Server, database and table in which the changes were written: see mirror_feed_place().';

-- Its value is the time of the last notification, in milliseconds. A sequence, because no transaction
-- waits for another at it.
create sequence mirror_feed_told;

-- Where the table of changes lies. It is another place after pg_dump and psql or pg_restore (into another
-- server, another database, or with tables made anew), after create database … template, and after
-- pg_upgrade. It is the same place when only rows are put back (pg_restore --data-only), or the server's
-- files without recovery: then only cursors from the future are refused.
create or replace function mirror_feed_place() returns text language sql stable set search_path = devy, pg_temp as $$
  select concat_ws('/', (select system_identifier from pg_control_system()),
                   (select oid from pg_database where datname = current_database()), 'github.change'::regclass::oid)
$$;
insert into mirror_feed (place) values (mirror_feed_place());

-- The server's timeline: another one after a standby was promoted, and after a restore to a point in time.
create or replace function mirror_feed_timeline() returns integer language sql stable set search_path = devy, pg_temp as $$
  select greatest((select timeline_id from pg_control_checkpoint()), (select min_recovery_end_timeline from pg_control_recovery()))
$$;

-- What follows in schema github is called by people's own views and programs, and `db migrate` does not drop
-- it: a function whose result changes needs a step in core/platform/schema/upgrades.

-- The feed's name, which begins its cursors, and up to where it was pruned. Transactions of another
-- server have numbers that mean nothing here, so that changes from elsewhere are deleted by the first
-- caller. Those of another timeline stay.
create or replace function github.change_feed(out feed text, out pruned_txid xid8, out pruned_seq bigint)
language plpgsql security definer set search_path = devy, pg_temp as $$
declare
  v_place constant text := mirror_feed_place();
  f mirror_feed;
begin
  select * into f from mirror_feed where is_only;
  if f.place <> v_place then
    select * into f from mirror_feed where is_only for update;
    if f.place <> v_place then
      truncate github.change;
      update mirror_feed set place = v_place, pruned_txid = '0', pruned_seq = 0 where is_only returning * into f;
    end if;
  end if;
  feed := left(md5(concat_ws('/', f.id, v_place, mirror_feed_timeline())), 12);
  pruned_txid := f.pruned_txid;
  pruned_seq := f.pruned_seq;
end $$;

-- The cursor behind everything that a reader can have had until now.
create or replace function github.change_cursor() returns text language sql volatile set search_path = pg_catalog, pg_temp as $$
  select feed || ':' || pg_snapshot_xmin(pg_current_snapshot()) || ':0' from github.change_feed()
$$;
comment on function github.change_cursor is 'The cursor to begin with for whoever wants only what changes from now on.';

create or replace function github.changes(p_cursor text default '', p_limit integer default 1000)
returns table (cursor text, txid xid8, seq bigint, at timestamptz, relation text, id bigint, repository_id bigint,
               action text, columns text[], via text, operation_id uuid, delivery_guid uuid)
language plpgsql volatile set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_sort = off as $$
#variable_conflict use_column
declare
  c_rows_max constant integer := 10000;
  v_feed text;
  v_txid xid8;
  v_seq bigint;
  v_parts constant text[] := regexp_match(p_cursor, '^([0-9a-f]{12}):([0-9]{1,19}):([0-9]{1,18})$');
  v_pruned record;
begin
  select f.feed, f.pruned_txid, f.pruned_seq into v_feed, v_txid, v_seq from github.change_feed() f;
  if p_cursor <> '' then
    if v_parts is null then
      raise exception 'no cursor: %', quote_literal(left(p_cursor, 100)) using errcode = 'DV012';
    end if;
    v_txid := v_parts[2]::xid8;
    v_seq := v_parts[3]::bigint;
    -- A transaction from the future: the server's files are older than the cursor. A standby may be behind
    -- the primary that gave it.
    if v_parts[1] <> v_feed or (v_txid > pg_snapshot_xmin(pg_current_snapshot()) and not pg_is_in_recovery()) then
      raise exception 'the cursor is of another feed: %, this is %', v_parts[1], v_feed using errcode = 'DV010';
    end if;
  end if;
  -- A transaction that has not ended may yet add changes with a lower txid: nothing at or above the
  -- oldest one is shown.
  return query
  select v_feed || ':' || c.txid || ':' || c.seq, c.txid, c.seq, c.at, c.relation, c.id, c.repository_id,
         c.action, c.columns, c.via, c.operation_id, c.delivery_guid
    from github.change c
   where (c.txid, c.seq) > (v_txid, v_seq) and c.txid < pg_snapshot_xmin(pg_current_snapshot())
   order by c.txid, c.seq
   limit least(p_limit, c_rows_max);
  -- Behind the reading: what was pruned in between must not be missed.
  select f.pruned_txid, f.pruned_seq into v_pruned from github.change_feed() f;
  if p_cursor <> '' and (v_txid, v_seq) < (v_pruned.pruned_txid, v_pruned.pruned_seq) then
    raise exception 'changes behind the cursor were pruned' using errcode = 'DV011';
  end if;
end $$;
comment on function github.changes is
  'Changes behind a cursor, oldest first, at most 10000; without a cursor the oldest that are kept. No change appears later before one that was returned. Fails with DV010: the cursor is of another feed · DV011: changes behind it were pruned · DV012: it is no cursor.';

-- Deletes changes that are older than p_keep, in the order of the feed, and looks at no more than p_limit.
create or replace function mirror_changes_prune(p_keep interval, p_limit integer) returns integer
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  f record;
  v_last record;
begin
  select * into f from github.change_feed();
  perform from mirror_feed where is_only for update;
  select t.txid, t.seq, t.rows into v_last
    from (select c.txid, c.seq, count(*) over w as rows, bool_and(c.at < clock_timestamp() - p_keep) over w as is_old
            from (select n.txid, n.seq, n.at from github.change n
                   where (n.txid, n.seq) > (f.pruned_txid, f.pruned_seq)
                     and n.txid < pg_snapshot_xmin(pg_current_snapshot())
                   order by n.txid, n.seq limit p_limit) c
          window w as (order by c.txid, c.seq)) t
   where t.is_old
   order by t.rows desc limit 1;
  if not found then return 0; end if;
  delete from github.change c where (c.txid, c.seq) <= (v_last.txid, v_last.seq);
  update mirror_feed set pruned_txid = v_last.txid, pruned_seq = v_last.seq where is_only;
  return v_last.rows;
end $$;

-- Tells readers that something may be there to read, when this transaction commits; but not within
-- 50 ms of the notification before, because commits that notify wait for each other. So a notification is
-- a hint, and readers look again without one.
create or replace function change_tell() returns void language plpgsql set search_path = devy, pg_temp as $$
declare
  c_apart_ms constant bigint := 50;
  v_now_ms constant bigint := extract(epoch from clock_timestamp()) * 1000;
begin
  -- A clock that was set back does not silence it.
  if abs(v_now_ms - coalesce(pg_sequence_last_value('mirror_feed_told'), 0)) >= c_apart_ms then
    perform setval('mirror_feed_told', v_now_ms);
    notify github_change;
  end if;
end $$;

-- Says how the changes of this transaction became known. operation_fence says for which operation.
create or replace function mirror_feed_via(p_via text) returns void language plpgsql set search_path = devy, pg_temp as $$
begin
  if p_via is not distinct from current_setting('devy.change_via', true) then return; end if;
  perform set_config('devy.change_via', p_via, true);
  perform set_config('devy.change_delivery', m.delivery_guid::text, true)
     from mirror_operation m
    where m.operation_id = nullif(current_setting('devy.operation_id', true), '')::uuid and m.delivery_guid is not null;
end $$;

-- The changes of this transaction that observers were not told yet: each is returned once.
create or replace function mirror_changes_new(p_limit integer)
returns table (o_relation text, o_id bigint, o_repository_id bigint, o_action text, o_columns text[])
language plpgsql set search_path = devy, pg_temp set enable_seqscan = off as $$
declare
  v_seen constant bigint := coalesce(nullif(current_setting('devy.change_seen', true), '')::bigint, 0);
  v_last bigint;
begin
  return query
  select c.relation, c.id, c.repository_id, c.action, c.columns from github.change c
   where c.txid = pg_current_xact_id_if_assigned() and c.seq > v_seen
   order by c.txid, c.seq limit p_limit;
  select max(t.seq) into v_last
    from (select c.seq from github.change c
           where c.txid = pg_current_xact_id_if_assigned() and c.seq > v_seen
           order by c.txid, c.seq limit p_limit) t;
  if v_last is not null then perform set_config('devy.change_seen', v_last::text, true); end if;
end $$;
