-- All that makes the schemas devy and github what they are, a line each: what an upgrade has to bring about as a new
-- database has it. Names of rights' holders and order of columns included; sizes, statistics, object
-- identifiers and the storage order of dropped columns left out.
select line from (
  select format('schema: %s, %s', obj_description(oid, 'pg_namespace'), (select array_agg(r::text order by r::text) from unnest(nspacl) r)) as line
    from pg_namespace where nspname in ('devy', 'github')
  union all
  select format('relation %s: kind %s, options %s, rights %s, comment %s', c.oid::regclass, c.relkind,
                c.reloptions, (select array_agg(r::text order by r::text) from unnest(c.relacl) r), obj_description(c.oid, 'pg_class'))
    from pg_class c where c.relnamespace in ('devy'::regnamespace, 'github'::regnamespace)
  union all
  select format('column %s.%s: place %s, %s, %s, %s, default %s, identity %s, compression %s, rights %s, comment %s',
                c.relname, a.attname,
                row_number() over (partition by c.oid order by a.attnum),
                format_type(a.atttypid, a.atttypmod),
                case when a.attnotnull then 'not null' else 'null' end,
                coalesce((select collname from pg_collation where oid = a.attcollation), '-'),
                pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attcompression, (select array_agg(r::text order by r::text) from unnest(a.attacl) r),
                col_description(c.oid, a.attnum))
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace in ('devy'::regnamespace, 'github'::regnamespace) and c.relkind in ('r', 'v')
  union all
  select format('constraint %s of %s: %s, valid %s', n.conname,
                coalesce(nullif(n.conrelid, 0)::regclass::text, n.contypid::regtype::text),
                pg_get_constraintdef(n.oid), n.convalidated)
    from pg_constraint n where n.connamespace in ('devy'::regnamespace, 'github'::regnamespace)
  union all
  select format('index %s: %s', i.indexrelid::regclass, pg_get_indexdef(i.indexrelid))
    from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace in ('devy'::regnamespace, 'github'::regnamespace)
  union all
  select format('trigger %s, %s', pg_get_triggerdef(t.oid), t.tgenabled)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace in ('devy'::regnamespace, 'github'::regnamespace) and not t.tgisinternal
  union all
  select format('function %s, rights %s, comment %s', pg_get_functiondef(p.oid), (select array_agg(r::text order by r::text) from unnest(p.proacl) r),
                obj_description(p.oid, 'pg_proc'))
    from pg_proc p where p.pronamespace in ('devy'::regnamespace, 'github'::regnamespace)
  union all
  select format('view %s: %s', c.relname, pg_get_viewdef(c.oid))
    from pg_class c where c.relnamespace in ('devy'::regnamespace, 'github'::regnamespace) and c.relkind = 'v'
  union all
  select format('type %s: %s of %s, %s', t.typname, t.typtype, format_type(t.typbasetype, t.typtypmod), t.typnotnull)
    from pg_type t where t.typnamespace in ('devy'::regnamespace, 'github'::regnamespace) and t.typtype in ('d', 'e')
  union all
  select format('sequence %s: %s', s.seqrelid::regclass, row(s.seqtypid, s.seqstart, s.seqincrement, s.seqmax))
    from pg_sequence s join pg_class c on c.oid = s.seqrelid where c.relnamespace in ('devy'::regnamespace, 'github'::regnamespace)
) catalogue
order by line collate "C";
