#pragma once
// Database roles with least rights, one for each kind of process: roles.sql. Throws what
// pg::Connection throws.

#include "core/pg/connection.hpp"

namespace devy::store {

// Makes the roles that are missing and grants each what it needs and no more, in one transaction.
void grant_roles(pg::Connection& connection);
// Whether that was done in this database.
[[nodiscard]] bool has_roles(pg::Connection& connection);
// The same as grant_roles(), in the caller's transaction.
void apply_roles(pg::Connection& connection);

}  // namespace devy::store
