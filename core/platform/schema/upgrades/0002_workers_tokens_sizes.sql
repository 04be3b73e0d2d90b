-- From version 1 to version 2: a database keeps digests of the text that made it, tokens can be
-- denied, and a lease is asked for its worker besides its fence. Run by `db migrate`, which makes
-- functions, views, triggers and comments anew after it. What a repository weighs and how large the
-- files of posts are is kept from now on. An operation has a lane, which says who claims it, and its
-- direction says beside whom it waits; an owner can be held back by a gate. What deliveries say of
-- repositories is a claim.

-- Before version 1 was tagged its text was edited in place. What was made of an earlier text has
-- other columns, and nothing leads from there to here.
do $$
begin
  if (select md5(string_agg(concat_ws(' ', c.relname, a.attname, t.typname, a.attnotnull), ', '
                            order by c.relname collate "C", a.attname collate "C"))
        from pg_catalog.pg_class c
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        join pg_catalog.pg_type t on t.oid = a.atttypid
       where c.relnamespace = 'devy'::regnamespace and c.relkind = 'r') <> '848591593a9d9f5e0fc5004092b4c349' then
    raise exception 'this database was made before version 1 was tagged' using errcode = 'DV007';
  end if;
end $$;

alter table schema_version add column structure text, add column definitions text;

create table token_denied (
  jti       text primary key check (length(jti) between 1 and 128),
  denied_at timestamptz not null default clock_timestamp(),
  denied_by text not null,
  reason    text
);

alter table repository add column pack_bytes bigint;

-- Deliveries are no longer believed in what they say of ids and addresses: a claim is kept until the
-- remote, or GitHub, was asked. What is signed identifies a delivery, and its secret has a scope.
alter table repository
  add column told_at timestamptz,
  add column claim text constraint repository_claim check (claim in ('deleted', 'removed', 'added', 'moved', 'public')),
  add column claimed_at timestamptz,
  add column asked_at timestamptz;
-- Ids and installations were learnt from deliveries, whoever had signed them: they cannot be told from
-- what an operator said, and GitHub is asked for them anew.
update repository set github_id = null, installation = null where github_id is not null or installation is not null;
alter table delivery add column scope text, add column digest bytea;
create index delivery_digest on delivery (digest) where verdict = 'accepted';

-- Without the front matter, which was not kept: right again as soon as the post is written. A date
-- that nobody wrote was that of a commit: the next upload asks for a better one.
alter table post add column file_bytes bigint check (file_bytes >= 0),
  add column date_source text check (date_source in ('written', 'history', 'commit', 'pending'));
update post p
   set file_bytes = octet_length(markdown),
       date_source = case
         when path ~ '(^|/)[0-9]{4}-[0-9]{2}-[0-9]{2}[^/]*$' then 'written'
         when exists (select from jsonb_object_keys(p.front_matter) k
                       where lower(k) in ('date', 'pubdate', 'publishdate')) then 'written'
         else 'pending' end;
alter table post alter column file_bytes set not null, alter column date_source set not null;
alter table post add column title_id text not null default '';

-- Commit statuses were all that is outbound: they wait in the lane of GitHub.
create domain operation_lane as text check (value ~ '^[a-z][a-z0-9_]{0,31}(:[A-Za-z0-9._-]{1,255})?$');
alter table operation add column lane operation_lane not null default 'work';
update operation set lane = 'github' where direction = 'outbound';
alter table lease add column lane text not null default 'work', add column direction text not null default 'inbound';
alter table resource add column newest_outbound_id uuid, add column completed_event_by uuid;
update resource r
   set newest_outbound_id = r.newest_operation_id, newest_operation_id = null, newest_event_at = null,
       completed_operation_id = null, completed_revision = null, completed_variant = null
  from operation o
 where o.resource_id = r.id and o.direction = 'outbound' and r.newest_operation_id = o.id;
drop index operation_one_waiting;
create unique index operation_one_waiting on operation (resource_id, direction) where state in ('received', 'verified', 'held');
drop index operation_claim;
create index operation_claim on operation (lane, priority, run_at, arrival) where state = 'verified';
create index operation_claim_owner on operation (lane, priority, owner, direction, run_at, arrival) where state = 'verified';
update operation o set run_at = greatest(o.run_at, r.paused_until)
  from resource r
 where o.state = 'verified' and r.id = o.resource_id and r.paused_until is not null;
drop index operation_event_id;
create unique index operation_event_id on operation (resource_id, event_id, direction) where event_id is not null and state <> 'duplicate';
create table owner_gate (
  owner      text not null,
  direction  operation_direction not null,
  not_before timestamptz not null,
  reason     text not null,
  is_serial  boolean not null default false,
  primary key (owner, direction)
) with (fillfactor = 50);
create index owner_gate_time on owner_gate (not_before);
create index owner_gate_serial on owner_gate (owner) where is_serial;
create table operation_count (
  kind       text not null,
  state      operation_state not null,
  count      bigint not null,
  counted_at timestamptz not null default clock_timestamp(),
  primary key (kind, state)
);

-- Names that say what the things are.
alter table upkeep rename to reconcile_schedule;
alter table reconcile_schedule rename constraint upkeep_pkey to reconcile_schedule_pkey;
alter table reconcile_schedule rename constraint upkeep_blog_id_fkey to reconcile_schedule_blog_id_fkey;
alter index upkeep_reconcile rename to reconcile_schedule_reconcile;
alter index upkeep_verify rename to reconcile_schedule_verify;
alter table reconcile_schedule add column skipped_tip text check (skipped_tip ~ '^[0-9a-f]{40}$');
drop trigger blog_upkeep on blog;
drop function blog_upkeep();
drop trigger operation_take_history on operation;
drop function operation_take_history();

-- Bodies of deliveries that nobody needs are not kept, and of the others only so many bytes a day.
alter table delivery
  add column body_bytes bigint,
  add column body_omitted text check (body_omitted in ('unneeded', 'over_budget'));
create table body_budget (
  payer bigint primary key,
  day   date not null,
  bytes bigint not null
) with (fillfactor = 50);

-- A hook names the repository as the system does that watches it, and keeps its address itself.
alter table hook add column url text not null default '';
update hook h set url = r.url from repository r where r.id = h.repository_id;
alter table hook drop column repository_id;

-- Pruning goes in batches, by indexes of its own, and keeps its place.
drop index operation_finished;
create index operation_finished on operation (finished_at, arrival) where finished_at is not null;
create index operation_attention on operation (arrival desc) where state in ('failed', 'held');
create index resource_owner on resource (owner);
create index operation_pointer on operation (coalesce(cancelled_by, duplicate_of, dropped_for))
  where coalesce(cancelled_by, duplicate_of, dropped_for) is not null;
create index delivery_body on delivery (received_at) where body is not null;
create index revision_deleted on revision (at, post_id, version) where change = 'deleted';
create table prune_pass (
  name       text primary key,
  position   text not null default '',
  due_at     timestamptz not null default clock_timestamp(),
  begun_at   timestamptz,
  covered_at timestamptz,
  pruned     bigint not null default 0
) with (fillfactor = 50);
drop trigger operation_event_append_only on operation_event;

-- Interruptions are bounded by time, and equal ones in a row are one row.
alter table operation add column stalled_for interval, add column stalled_at timestamptz,
  add column stalled_steps text[];
alter table attempt add column repeats integer not null default 0, add column repeated_since timestamptz;

-- Times of a source's clock that were wrong would make every later event look old.
update resource set newest_event_at = least(newest_event_at, now() + interval '5 minutes'),
       completed_event_at = least(completed_event_at, now() + interval '5 minutes')
 where newest_event_at > now() + interval '5 minutes' or completed_event_at > now() + interval '5 minutes';
update operation set event_at = now() + interval '5 minutes' where event_at > now() + interval '5 minutes';

-- The operation that heard the latest time of its source, if it is still there.
update resource r
   set completed_event_by = (
         select o.id from operation o
          where o.resource_id = r.id and o.state = 'completed' and o.event_at >= r.completed_event_at
          order by o.event_at desc, o.arrival desc limit 1)
 where completed_event_at is not null;

-- Each resource has its lease from the beginning.
insert into lease (resource_id) select id from resource on conflict do nothing;

-- A repair is an operation of its own.
alter domain operation_source drop constraint operation_source_check;
alter domain operation_source add constraint operation_source_check
  check (value in ('webhook', 'api', 'operator', 'poll', 'reconcile', 'repair'));

-- Since when a pause has lasted: of one that lasts already, nobody knows.
alter table resource add column paused_at timestamptz;
alter table queue_control add column paused_at timestamptz;

-- What an upload left out, and by which rule; what is older does not know.
alter table upload add column left_out jsonb;

-- A post keeps its slug while what it was made of is the same. Null: the next upload finds that out.
alter table post
  add column slug_basis text check (slug_basis ~ '^[0-9a-f]{32}$'),
  add column aliases text[] not null default '{}',
  add column anchors text[] compression lz4;

-- Right for links until the next upload writes every post anew.
update post p
   set aliases = a.slugs
  from (select post_id, array_agg(slug order by slug) as slugs from redirect where is_alias group by post_id) a
 where a.post_id = p.id;
create table post_place (
  post_id uuid not null references post on delete cascade,
  blog_id uuid not null,
  path    text not null,
  primary key (post_id, path)
);
create index post_place_path on post_place (blog_id, path);

-- Posts that wait for their date, or that expire, have a secret address as drafts have.
alter table post drop constraint post_preview_token;
update post set preview_token = md5(gen_random_uuid()::text || gen_random_uuid()::text)
 where not is_draft and (published_at > now() or expires_at is not null);
alter table post add constraint post_preview_token check (not is_draft or preview_token is not null);
alter table post add column list_order text collate "C";
\ir ../../../publishing/reading.sql
\ir ../../../publishing/redirects.sql
update post set list_order = post_order(published_at, slug);
alter table post alter column list_order set not null, add column digest bytea;
-- An address that a page or an alias had taken was lost with it.
insert into redirect (blog_id, slug, post_id, is_alias)
select b.id, l.slug, l.post_id, l.is_alias from blog b cross join lateral lost_redirects(b.id) l;

alter table api_pause add column secondary_at timestamptz;
create table api_slot (
  slot       integer primary key,
  credential text not null,
  held_until timestamptz not null,
  holder     integer not null
) with (fillfactor = 50);

create table api_budget (
  credential text not null,
  resource   text not null,
  quota      bigint not null,
  remaining  bigint not null,
  reset_at   timestamptz not null,
  seen_at    timestamptz not null default clock_timestamp(),
  factor     real not null default 1 check (factor > 0 and factor <= 1),
  slowed_at  timestamptz,
  primary key (credential, resource)
) with (fillfactor = 50);
create table api_write (
  credential text not null,
  at         timestamptz not null default clock_timestamp(),
  points     smallint not null,
  is_content boolean not null
);
create index api_write_at on api_write (credential, at);

-- The role web is new as a whole, and so is who may do what in a browser.
alter table account add column github_id bigint unique, add column is_operator boolean not null default false;
\ir ../../web/schema.sql
\ir ../../../publishing/connecting.sql
\ir ../../web/bulk.sql
create table kind_pause (
  kind      text primary key,
  reason    text not null,
  paused_at timestamptz not null default clock_timestamp()
);

-- The mirror is new as a whole. When version 2 is tagged, what it is then takes the place of these.
\ir ../../queue/statistics.sql
\ir ../../../mirror/schema.sql
\ir ../../../mirror/lists.sql
\ir ../../../mirror/scans.sql
\ir ../../../mirror/feed.sql

-- So are files.
\ir ../../../files/schema.sql

-- And gists.
\ir ../../../gists/schema.sql

-- And sync.
\ir ../../../sync/schema.sql
