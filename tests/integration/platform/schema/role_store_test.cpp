// What each role of roles.sql may and may not do, as PostgreSQL enforces it.
#include "core/platform/schema/role_store.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/postgres/postgres.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::schema {
namespace role_store_test {

class Roles : public ::testing::Test {
 protected:
  Roles() {
    auto connection = pg::Connection::open(database_.conninfo(), config::Database{}, "test");
    grant_roles(connection);
    grant_roles(connection);  // again, and nothing is different
  }

  [[nodiscard]] bool may(const std::string& role, const std::string& sql) const {
    try {
      static_cast<void>(devy::testing::psql(
          database_.conninfo(), "begin; set local search_path = devy; set local role " + role +
                                    "; " + sql + "; rollback"));
      return true;
    } catch (const std::runtime_error& error) {
      EXPECT_NE(std::string(error.what()).find("permission denied"), std::string::npos)
          << error.what();
      return false;
    }
  }

  devy::testing::TestDatabase database_;
};

TEST_F(Roles, KeepsTheListenerAwayFromPosts) {
  EXPECT_TRUE(may("devy_listener", "select * from blog"));
  EXPECT_TRUE(may("devy_listener", "select exists (select from token_denied where jti = 'x')"));
  EXPECT_TRUE(may("devy_listener", "select count(*) from post where blog_id is not null"));
  for (const char* sql :
       {"select html from post", "select * from visible_post", "select * from asset",
        "insert into token_denied (jti, denied_by) values ('x', 'eve')", "delete from token_denied",
        "select denied_by from token_denied", "insert into blog_asset (path) values ('x')",
        "delete from post", "update blog set name = ''", "update repository set url = ''",
        "update repository set github_id = 1", "update operation set state = 'completed'",
        "delete from delivery", "insert into operation_event (seq) values (1)",
        "select operation_rescue()", "select operation_cancel(gen_random_uuid(), true, '')",
        "update lease set worker = ''", "insert into account (username) values ('eve')",
        "create table devy.mine (x integer)"})
    EXPECT_FALSE(may("devy_listener", sql)) << sql;
}

TEST_F(Roles, KeepsWorkersAwayFromAccountsAndTheSchema) {
  EXPECT_TRUE(may("devy_worker", "delete from post"));
  EXPECT_TRUE(may("devy_worker", "select operation_rescue()"));
  for (const char* sql :
       {"insert into account (username) values ('eve')", "delete from token_denied",
        "delete from schema_version", "create table devy.mine (x integer)"})
    EXPECT_FALSE(may("devy_worker", sql)) << sql;
}

TEST_F(Roles, LetsMetricsReadOnlyTheQueue) {
  EXPECT_TRUE(may("devy_metrics", "select * from operation"));
  for (const char* sql : {"select * from post", "select * from delivery", "select * from account",
                          "update operation set state = 'completed'", "select operation_rescue()"})
    EXPECT_FALSE(may("devy_metrics", sql)) << sql;
}

TEST_F(Roles, LetsAnOperatorManageTheQueueButNotTheSchema) {
  EXPECT_TRUE(may("devy_operator", "insert into account (username) values ('alice')"));
  EXPECT_TRUE(may("devy_operator", "update queue_control set paused_until = 'infinity'"));
  EXPECT_FALSE(may("devy_operator", "delete from schema_version"));
}

}  // namespace role_store_test
}  // namespace devy::schema
