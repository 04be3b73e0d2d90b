#pragma once
// Database roles with least rights, one for each kind of process: roles.sql. Throws what
// pg::Connection throws.

#include "core/pg/connection.hpp"

namespace devy::store {

// Makes the roles that are missing and grants each what it needs and no more, in one transaction.
// To be repeated after `db migrate`.
void grant_roles(pg::Connection& connection);

}  // namespace devy::store
