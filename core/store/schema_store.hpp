#pragma once
// The schema's version: made, looked at, upgraded. Throws what pg::Connection throws.
//
// schema.sql says how a new database is made; the steps in upgrades/ bring one of an earlier
// version there. A step changes what holds data. Functions, views, triggers and comments are then
// applied again from schema.sql, whole, so that no step repeats them. A version is tagged when a
// release has it: from then on its text is kept in tests/integration/store/data and never changes.
//
// Beside its version a database keeps digests of the text that made it (schema_text.hpp), so that
// one made between two versions is not taken for what it is not.

#include <optional>
#include <string>

#include "core/pg/connection.hpp"
#include "core/pg/schema_version.hpp"

namespace devy::store {

using pg::schema_version;  // what these programs are written for

// Nothing: there is no schema yet.
[[nodiscard]] std::optional<int> applied_version(pg::Connection& connection);

enum class SchemaState {
  missing,
  older,    // `db migrate` brings it here
  current,  // as this program has it
  stale,    // this version, with functions or comments of another commit: `db migrate` mends it
  foreign,  // this version, with tables of another commit: nothing leads from there to here
  newer     // for a later program
};
[[nodiscard]] SchemaState schema_state(pg::Connection& connection);
[[nodiscard]] std::string_view to_string(SchemaState state);

// Applies schema.sql in one transaction. False: it was already there at this version. Throws
// Error(conflict) when another version is there.
bool init_schema(pg::Connection& connection);

struct Migration {
  int steps = 0;                    // that were applied
  bool is_definitions_new = false;  // functions, views, triggers, comments were brought up to date
};
// In one transaction, once however many call it: gives back what workers run (they get no lease at
// the old version any more), applies the steps from what is there to schema_version, the
// definitions, and the rights of the roles where `db roles` has made them. Throws Error(config)
// "schema_missing", "schema_newer" or "schema_differs" (a foreign one), Error(busy) when a
// transaction of the queue does not end within database.lock_timeout: then nothing has changed.
Migration migrate_schema(pg::Connection& connection);

// Throws Error(config) unless the state is current: programs call it before they work.
void require_schema(pg::Connection& connection);
// An Error's code by which a program can know that it and the schema will not come together.
[[nodiscard]] bool is_schema_mismatch(const base::Error& error);

}  // namespace devy::store
