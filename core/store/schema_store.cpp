#include "core/store/schema_store.hpp"

#include <string>

#include "embedded/schema_sql.hpp"

namespace devy::store {
namespace {

using base::Error;
using base::ErrorKind;

constexpr pg::Statement schema_exists{"schema_exists", R"sql(
  select to_regclass('devy.schema_version') is not null as is_there)sql"};

constexpr pg::Statement select_version{"select_version", R"sql(
  select max(version) as version from devy.schema_version)sql"};

// Two programs may be started on an empty database at once: the second waits and finds it made.
constexpr pg::Statement lock_schema{"lock_schema", R"sql(
  select pg_advisory_xact_lock(hashtextextended('devy-upload schema', 0)))sql"};

}  // namespace

std::optional<int> applied_version(pg::Connection& connection) {
  if (!connection.one(schema_exists)[0].truth("is_there")) return std::nullopt;
  return static_cast<int>(connection.one(select_version)[0].integer("version"));
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
  transaction.commit();
  return true;
}

int migrate_schema(pg::Connection& connection) {
  // Version 1 is the first: the steps from one version to the next will stand here as a table.
  require_schema(connection);
  return 0;
}

void require_schema(pg::Connection& connection) {
  const auto version = applied_version(connection);
  if (!version)
    throw Error(ErrorKind::config, "unable to use the database: it has no devy schema",
                "Run `devy-upload db init`.", "schema_missing");
  if (*version < schema_version)
    throw Error(ErrorKind::config,
                "unable to use the database: its schema is version " + std::to_string(*version) +
                    ", this program needs " + std::to_string(schema_version),
                "Run `devy-upload db migrate`.", "schema_older");
  if (*version > schema_version)
    throw Error(ErrorKind::config,
                "unable to use the database: its schema is version " + std::to_string(*version) +
                    ", this program knows " + std::to_string(schema_version),
                "Upgrade devy-upload on this machine.", "schema_newer");
}

}  // namespace devy::store
