#pragma once
// Creates, checks and upgrades the schema. Throws what pg::Connection throws.
//
// schema.sql creates a new database; the steps in upgrades/ bring an earlier version up to date. A
// step changes only what holds data. Functions, views, triggers and comments are then applied again
// in full from schema.sql, so that no step repeats them. A version becomes final when a release has
// it: from then on its text is kept in tests/integration/store/data and never changes.
//
// Beside its version a database keeps digests of the text that created it (schema_text.hpp), so
// that a database created from a commit between two versions is recognised as such.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/pg/schema_version.hpp"

namespace devy::schema {

using pg::schema_version;  // the version that this program is written for

// Returns nothing when there is no schema yet.
[[nodiscard]] std::optional<int> applied_version(pg::Connection& connection);

enum class SchemaState {
  missing,
  older,    // `db migrate` upgrades it
  current,  // exactly the schema of this program
  // This version, but with functions or comments of another commit, or without some of the
  // functions or views: `db migrate` repairs it.
  stale,
  foreign,  // this version, but tables of another commit: there is no way from there to here
  newer     // made for a later program
};
[[nodiscard]] SchemaState schema_state(pg::Connection& connection);
[[nodiscard]] std::string_view to_string(SchemaState state);

// The parts that somebody dropped: names as schema.sql writes them.
struct SchemaGaps {
  std::vector<std::string> tables;    // no command brings them back
  std::vector<std::string> routines;  // functions and views: `db migrate` makes them again
};
[[nodiscard]] SchemaGaps schema_gaps(pg::Connection& connection);

// Applies schema.sql in one transaction. Returns false when it was already there at this version.
// Throws Error(conflict) when another version is there.
bool init_schema(pg::Connection& connection);

struct Migration {
  int steps = 0;                    // number of upgrade steps that were applied
  bool is_definitions_new = false;  // functions, views, triggers and comments were updated
};
// The settings of a session that migrates. Its statements change every row of a large table, so
// they have a deadline of their own (6 h) instead of database.statement_timeout; locks are waited
// for as always.
[[nodiscard]] config::Database for_migration(config::Database settings);
// Upgrades in one transaction, and only once however many processes call it. It gives back what
// workers run (they get no lease at the old version any more), applies the steps up to
// schema_version, the definitions, and the rights of the roles where `db roles` has created them.
// Throws Error(config) "schema_missing", "schema_newer" or "schema_differs" (a foreign one), and
// Error(busy) when a transaction of the queue does not end within database.lock_timeout; nothing
// has changed then.
Migration migrate_schema(pg::Connection& connection);

// Throws Error(config) unless the state is current. Programs call it before they work.
void require_schema(pg::Connection& connection);
// Tells whether the error's code means that program and schema do not match, which retrying cannot
// change.
[[nodiscard]] bool is_schema_mismatch(const base::Error& error);

}  // namespace devy::schema
