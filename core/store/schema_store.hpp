#pragma once
// The schema's version: made, looked at, upgraded. Throws what pg::Connection throws.

#include <optional>

#include "core/pg/connection.hpp"

namespace devy::store {

// What these programs are written for.
inline constexpr int schema_version = 1;

// Nothing: there is no schema yet.
[[nodiscard]] std::optional<int> applied_version(pg::Connection& connection);
// Applies schema.sql in one transaction. False: it was already there at this version. Throws
// Error(conflict) when another version is there.
bool init_schema(pg::Connection& connection);
// Applies the steps from what is there to schema_version; returns how many. Throws
// Error(config, "schema_missing") or Error(config, "schema_newer").
int migrate_schema(pg::Connection& connection);
// Throws Error(config) unless the versions are equal: programs call it before they work.
void require_schema(pg::Connection& connection);

}  // namespace devy::store
