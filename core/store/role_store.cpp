#include "core/store/role_store.hpp"

#include "embedded/roles_sql.hpp"

namespace devy::store {

void grant_roles(pg::Connection& connection) {
  pg::Transaction transaction(connection);
  connection.run_script("roles.sql", embedded::roles_sql);
  transaction.commit();
}

}  // namespace devy::store
