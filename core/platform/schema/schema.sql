-- The version of the schema.

create table schema_version (
  version    integer primary key,
  applied_at timestamptz not null default clock_timestamp(),
  applied_by text not null default session_user,
  structure  text,
  definitions text
);
comment on table schema_version is 'One row per schema version this database has reached; the highest is its version.';
comment on column schema_version.structure is 'Digest of the statements about tables, types and indexes in schema.sql when the version was reached (core/platform/schema/schema_text.hpp); null: not known.';
comment on column schema_version.definitions is 'Digest of the functions, views, triggers and comments; each migration brings them up to date.';
insert into schema_version (version) values (2);
