-- From version 1 to version 2: a database keeps digests of the text that made it, tokens can be
-- denied, and a lease is asked for its worker besides its fence. Run by `db migrate`, which makes
-- functions, views, triggers and comments anew after it. What a repository weighs and how large the
-- files of posts are is kept from now on.

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

-- Without the front matter, which was not kept: right again as soon as the post is written.
alter table post add column file_bytes bigint check (file_bytes >= 0);
update post set file_bytes = octet_length(markdown);
alter table post alter column file_bytes set not null;

-- Names that say what the things are.
alter table upkeep rename to reconcile_schedule;
alter table reconcile_schedule rename constraint upkeep_pkey to reconcile_schedule_pkey;
alter table reconcile_schedule rename constraint upkeep_blog_id_fkey to reconcile_schedule_blog_id_fkey;
alter index upkeep_reconcile rename to reconcile_schedule_reconcile;
alter index upkeep_verify rename to reconcile_schedule_verify;
drop trigger blog_upkeep on blog;
drop function blog_upkeep();
drop trigger operation_take_history on operation;
drop function operation_take_history();
