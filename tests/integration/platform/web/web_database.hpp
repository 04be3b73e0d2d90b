#pragma once
// A database with the program's roles, and the stores of the role web as it calls them: by a
// session of devy_web. What only the command line may do goes by a session of devy_operator. One
// test; one thread.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/schema/role_store.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::web {

// Granting rights takes seconds: all tests of the program share one database that has them.
class SharedDatabase : public ::testing::Environment {
 public:
  void SetUp() override {
    database = std::make_unique<devy::testing::TestDatabase>();
    auto owner = pg::Connection::open(database->conninfo(), config::Database{}, "test");
    schema::grant_roles(owner);
  }
  void TearDown() override { database.reset(); }

  static inline std::unique_ptr<devy::testing::TestDatabase> database;
};
inline ::testing::Environment* const shared_database =
    ::testing::AddGlobalTestEnvironment(new SharedDatabase);

class WebDatabase : public ::testing::Test {
 protected:
  WebDatabase() {
    // Nobody but the owner of the server may empty the audit, and only like this.
    database_.execute(
        "set session_replication_role = replica; delete from devy.audit; "
        "delete from devy.login_link; delete from devy.login_attempt; "
        "delete from devy.session_token; delete from devy.web_session; delete from devy.account; "
        "insert into devy.account (username) values ('alice'), ('bob')");
  }

  // A session with the rights of a role.
  pg::Connection open(const pg::Statement& set_role) {
    auto connection = pg::Connection::open(database_.conninfo(), config::Database{}, "test");
    connection.execute(set_role);
    return connection;
  }
  pg::Connection& web() {
    if (!web_) web_ = open({"set_web", "set role devy_web"});
    return *web_;
  }
  pg::Connection& operators() {
    if (!operators_) operators_ = open({"set_operator", "set role devy_operator"});
    return *operators_;
  }
  base::AccountId account(const std::string& username) const {
    return base::AccountId::trusted(
        database_.scalar("select id from devy.account where username = '" + username + "'"));
  }
  static base::Sha256 digest(std::string_view text) { return base::sha256(text); }

 private:
  std::optional<pg::Connection> web_, operators_;

 protected:
  const devy::testing::TestDatabase& database_ = *SharedDatabase::database;
};

// The code of the Error that an act throws; empty when it throws none.
template <class Act>
std::string code_of(const Act& act) {
  try {
    act();
    return "";
  } catch (const base::Error& error) {
    return error.code();
  }
}

}  // namespace devy::web
