#include "core/platform/schema/schema_store.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "core/platform/schema/role_store.hpp"
#include "core/platform/schema/schema_text.hpp"
#include "embedded/schema_sql.hpp"
#include "embedded/upgrade_2.hpp"

namespace devy::schema {
namespace {

using base::Error;
using base::ErrorKind;

// The longest that one step may take; a database for which that is too short is better dumped and
// loaded.
constexpr std::chrono::seconds migration_statement_max = std::chrono::hours(6);

// In order; each leads from the version before it to its own.
struct Step {
  int version;
  const char* name;
  std::string_view sql;
};
const Step steps[] = {{2, "0002_workers_tokens_sizes.sql", embedded::upgrade_2}};

struct Applied {
  int version = 0;
  std::optional<std::string> structure, definitions;  // digests; nothing: not known
};

const SchemaText& text() {
  static const auto read = read_schema(embedded::schema_sql);
  return read;
}

constexpr pg::Statement schema_exists{"schema_exists", R"sql(
  select to_regclass('devy.schema_version') is not null as is_there)sql"};

// Version 1 had no digests.
constexpr pg::Statement select_version{"select_version", R"sql(
  select v.version, to_jsonb(v)->>'structure' as structure, to_jsonb(v)->>'definitions' as definitions
    from devy.schema_version v
   order by v.version desc
   limit 1)sql"};

// Two programs may be started on an empty database at once: the second waits and finds it made.
constexpr pg::Statement lock_schema{"lock_schema", R"sql(
  select pg_advisory_xact_lock(hashtextextended('devy-upload schema', 0)))sql"};

// Waits for what is being written under a lease, and for deliveries that are being recorded.
constexpr pg::Statement lock_queue{"lock_queue", R"sql(
  lock table devy.lease, devy.resource, devy.operation in access exclusive mode)sql"};

constexpr pg::Statement give_back_all{"give_back_all", R"sql(
  select devy.operation_release(array(select worker from devy.lease where operation_id is not null),
                                'interrupted'))sql"};

// Their parameters may have changed, which `create or replace` does not do. What triggers call
// stays: it has none.
constexpr pg::Statement drop_functions{"drop_functions", R"sql(
  do $$
  declare
    v_function regprocedure;
  begin
    for v_function in
      select oid from pg_catalog.pg_proc
       where pronamespace = 'devy'::regnamespace and prorettype <> 'trigger'::regtype loop
      execute format('drop function %s', v_function);
    end loop;
  end $$)sql"};

constexpr pg::Statement pin_search_path{"pin_search_path", R"sql(
  set local search_path = devy, pg_temp)sql"};

// Names without a schema are of devy.
constexpr pg::Statement select_missing_relations{"select_missing_relations", R"sql(
  select name
    from unnest($1::text[]) name
   where to_regclass(case when strpos(name, '.') > 0 then name else 'devy.' || name end) is null
   order by name)sql"};

constexpr pg::Statement select_missing_functions{"select_missing_functions", R"sql(
  select distinct name
    from unnest($1::text[]) name
   where not exists (
           select
             from pg_catalog.pg_proc p
             join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            where n.nspname || '.' || p.proname
                  = case when strpos(name, '.') > 0 then name else 'devy.' || name end)
   order by name)sql"};

constexpr pg::Statement note_version{"note_version", R"sql(
  insert into devy.schema_version as v (version, structure, definitions)
  values ($1::integer, $2::text, $3::text)
  on conflict (version) do update
    set structure = excluded.structure, definitions = excluded.definitions)sql"};

std::optional<Applied> applied(pg::Connection& connection) {
  if (!connection.one(schema_exists)[0].boolean("is_there")) return std::nullopt;
  const auto found = connection.one(select_version);
  return Applied{static_cast<int>(found[0].integer("version")), found[0].maybe_text("structure"),
                 found[0].maybe_text("definitions")};
}

SchemaState state_of(const std::optional<Applied>& schema) {
  if (!schema) return SchemaState::missing;
  if (schema->version < schema_version) return SchemaState::older;
  if (schema->version > schema_version) return SchemaState::newer;
  if (schema->structure && *schema->structure != text().structure_digest)
    return SchemaState::foreign;
  if (schema->definitions && *schema->definitions != text().definitions_digest)
    return SchemaState::stale;
  return SchemaState::current;
}

void note_schema(pg::Connection& connection) {
  connection.execute(
      note_version, pg::Params(schema_version, text().structure_digest, text().definitions_digest));
}

[[noreturn]] void refuse(const char* verb, const std::string& cause, const char* hint,
                         const char* code) {
  throw Error(ErrorKind::config, std::string("unable to ") + verb + " the database: " + cause, hint,
              code);
}

// Throws unless a program can do `verb` with it; `may_lag`: older and stale ones too.
void require(const std::optional<Applied>& schema, const char* verb, bool may_lag) {
  const auto version = "its schema is version " + std::to_string(schema ? schema->version : 0);
  const auto ours = std::to_string(schema_version);
  switch (state_of(schema)) {
    case SchemaState::missing:
      refuse(verb, "it has no devy schema", "Run `devy-upload db init`.", "schema_missing");
    case SchemaState::older:
      if (may_lag) return;
      refuse(verb, version + ", this program needs " + ours, "Run `devy-upload db migrate`.",
             "schema_older");
    case SchemaState::stale:
      if (may_lag) return;
      refuse(verb, version + ", with functions that differ from this program's",
             "Run `devy-upload db migrate`.", "schema_differs");
    case SchemaState::foreign:
      refuse(verb, version + " as it never was released: its tables differ from this program's",
             "Make a new database; what it holds can be connected and published again.",
             "schema_differs");
    case SchemaState::newer:
      refuse(verb, version + ", this program knows " + ours, "Upgrade devy-upload on this machine.",
             "schema_newer");
    case SchemaState::current: return;
  }
}

}  // namespace

std::optional<int> applied_version(pg::Connection& connection) {
  const auto schema = applied(connection);
  if (!schema) return std::nullopt;
  return schema->version;
}

SchemaState schema_state(pg::Connection& connection) {
  const auto state = state_of(applied(connection));
  if (state != SchemaState::current) return state;
  return schema_gaps(connection).routines.empty() ? state : SchemaState::stale;
}

SchemaGaps schema_gaps(pg::Connection& connection) {
  SchemaGaps gaps;
  const auto add = [&](const pg::Statement& statement, const std::vector<std::string>& names,
                       std::vector<std::string>& missing) {
    for (const auto row : connection.query(statement, pg::Params(names)))
      missing.push_back(row.text("name"));
  };
  add(select_missing_relations, text().tables, gaps.tables);
  add(select_missing_relations, text().views, gaps.routines);
  add(select_missing_functions, text().functions, gaps.routines);
  return gaps;
}

std::string_view to_string(SchemaState state) {
  switch (state) {
    case SchemaState::missing: return "missing";
    case SchemaState::older: return "older";
    case SchemaState::current: return "current";
    case SchemaState::stale: return "stale";
    case SchemaState::foreign: return "foreign";
    case SchemaState::newer: return "newer";
  }
  return "";
}

bool init_schema(pg::Connection& connection) {
  pg::Transaction transaction(connection);
  connection.execute(lock_schema);
  const auto version = applied_version(connection);
  if (version && *version != schema_version)
    throw Error(
        ErrorKind::conflict,
        "unable to initialise the database: it has schema version " + std::to_string(*version),
        "Run `devy-upload db migrate`.", "schema_exists");
  if (version) return false;
  connection.run_script("schema.sql", embedded::schema_sql);
  note_schema(connection);
  transaction.commit();
  return true;
}

config::Database for_migration(config::Database settings) {
  settings.statement_timeout = std::max(settings.statement_timeout, migration_statement_max);
  return settings;
}

Migration migrate_schema(pg::Connection& connection) {
  pg::Transaction transaction(connection);
  connection.execute(lock_schema);
  const auto schema = applied(connection);
  require(schema, "migrate", true);
  if (schema_state(connection) == SchemaState::current) return {};
  connection.execute(lock_queue);
  connection.execute(give_back_all);
  connection.execute(pin_search_path);
  Migration migration{.is_definitions_new = true};
  for (const auto& step : steps) {
    if (step.version <= schema->version) continue;
    connection.run_script(step.name, step.sql);
    ++migration.steps;
  }
  connection.execute(drop_functions);
  connection.run_script("schema.sql", text().definitions);
  note_schema(connection);
  if (has_roles(connection)) apply_roles(connection);
  transaction.commit();
  return migration;
}

void require_schema(pg::Connection& connection) {
  require(applied(connection), "use", false);
}

bool is_schema_mismatch(const Error& error) {
  const auto& code = error.code();
  return code == "schema_older" || code == "schema_newer" || code == "schema_differs";
}

}  // namespace devy::schema
