#include "core/platform/schema/role_store.hpp"

#include "embedded/roles_sql.hpp"

namespace devy::schema {

constexpr pg::Statement roles_exist{"roles_exist", R"sql(
  select exists (select from pg_roles
                  where rolname = 'devy_worker'
                    and has_schema_privilege(oid, 'devy', 'usage')) as are_there)sql"};

bool has_roles(pg::Connection& connection) {
  return connection.one(roles_exist)[0].boolean("are_there");
}

void apply_roles(pg::Connection& connection) {
  connection.run_script("roles.sql", embedded::roles_sql);
}

void grant_roles(pg::Connection& connection) {
  pg::Transaction transaction(connection);
  apply_roles(connection);
  transaction.commit();
}

}  // namespace devy::schema
