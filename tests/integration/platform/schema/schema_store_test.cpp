#include "core/platform/schema/schema_store.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "core/platform/base/error.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::schema {
namespace schema_store_test {

class Schema : public ::testing::Test {
 protected:
  pg::Connection open() {
    return pg::Connection::open(database_.conninfo(), config::Database(), "test");
  }
  std::string code_of_require() {
    try {
      auto connection = open();
      require_schema(connection);
    } catch (const base::Error& error) {
      return error.code();
    }
    return "";
  }

  testing::TestDatabase database_{testing::Contents::nothing};
};

TEST_F(Schema, IsCreatedOnce) {
  auto connection = open();
  EXPECT_EQ(applied_version(connection), std::nullopt);
  EXPECT_EQ(code_of_require(), "schema_missing");
  EXPECT_TRUE(init_schema(connection));
  EXPECT_FALSE(init_schema(connection));
  EXPECT_EQ(applied_version(connection), schema_version);
  EXPECT_EQ(code_of_require(), "");
  EXPECT_EQ(migrate_schema(connection).steps, 0);
  EXPECT_FALSE(migrate_schema(connection).is_definitions_new);
}

TEST_F(Schema, IsCreatedOnceByTwoAtOnce) {
  std::atomic<int> made = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        auto connection = open();
        made += init_schema(connection) ? 1 : 0;
      });
  }
  EXPECT_EQ(made, 1);
}

TEST_F(Schema, IsRefusedWhenItsVersionDiffers) {
  auto connection = open();
  init_schema(connection);
  database_.execute("insert into devy.schema_version (version) values (99)");
  EXPECT_EQ(code_of_require(), "schema_newer");
  database_.execute("update devy.schema_version set version = version - 100");
  EXPECT_EQ(code_of_require(), "schema_older");
}

TEST_F(Schema, ExplainsEveryTableAndEveryState) {
  auto connection = open();
  init_schema(connection);
  EXPECT_EQ(
      database_.rows("select relname from pg_class where relnamespace = 'devy'::regnamespace"
                     " and relkind in ('r', 'v') and obj_description(oid, 'pg_class') is null"),
      std::vector<std::string>());
  struct Words {
    std::string table, column, check_of;  // the column's table, or its domain
  };
  for (const auto& words :
       {Words{"operation", "state", "contypid = 'devy.operation_state'::regtype"},
        Words{"attempt", "outcome", "contypid = 'devy.attempt_outcome'::regtype"},
        Words{"delivery", "verdict", "conrelid = 'devy.delivery'::regclass"}}) {
    const auto name = words.table + "." + words.column;
    const auto comment = database_.scalar(
        "select col_description(attrelid, attnum) from pg_attribute where attrelid = 'devy." +
        words.table + "'::regclass and attname = '" + words.column + "'");
    const bool is_domain = words.check_of.starts_with("contypid");
    const auto values = database_.rows(
        "select unnest(regexp_matches(pg_get_constraintdef(oid), '''(\\w+)''::text', 'g'))"
        " from pg_constraint where " +
        words.check_of + " and contype = 'c' and pg_get_constraintdef(oid) like '%" +
        (is_domain ? "VALUE" : "(" + words.column) + "%= ANY%'");
    EXPECT_FALSE(values.empty()) << name;
    for (const auto& state : values)
      EXPECT_NE(comment.find(state), std::string::npos) << name << " " << state;
  }
}

}  // namespace schema_store_test
}  // namespace devy::schema
