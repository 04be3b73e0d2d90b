#pragma once
// Database roles with least privilege, one for each kind of process; see roles.sql. Throws what
// pg::Connection throws.

#include "core/platform/pg/connection.hpp"

namespace devy::schema {

// Creates the missing roles and grants each exactly what it needs, in one transaction.
void grant_roles(pg::Connection& connection);
// Tells whether the roles were granted in this database.
[[nodiscard]] bool has_roles(pg::Connection& connection);
// Does the same as grant_roles(), in the caller's transaction.
void apply_roles(pg::Connection& connection);

}  // namespace devy::schema
