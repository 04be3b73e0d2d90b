// From each tagged version to today's: the same schema as a new database has, once, and nobody
// works on across it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/schema/role_store.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::schema {
namespace schema_upgrade_test {

using testing::Contents;
using testing::TestDatabase;
using Lines = std::vector<std::string>;

const std::string data = DEVY_TAGGED_SCHEMAS;
const std::string version_1 = data + "/schema_1.sql";

pg::Connection open(const TestDatabase& database) {
  return pg::Connection::open(database.conninfo(), config::Database(), "test");
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_TRUE(file) << path;
  return text.str();
}

Lines catalogue(const TestDatabase& database) {
  return database.rows(read_file(data + "/catalogue.sql"));
}

// What one has and the other has not.
Lines difference(const Lines& one, const Lines& other) {
  Lines found;
  std::set_symmetric_difference(one.begin(), one.end(), other.begin(), other.end(),
                                std::back_inserter(found));
  return found;
}

std::string code_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const base::Error& error) {
    return error.code();
  }
  return "";
}

class SchemaUpgrade : public ::testing::Test {
 protected:
  SchemaUpgrade() { database_.load(version_1); }
  Migration migrate() {
    auto connection = open(database_);
    return migrate_schema(connection);
  }
  SchemaState state() {
    auto connection = open(database_);
    return schema_state(connection);
  }

  TestDatabase database_{Contents::nothing};
};

TEST(TaggedSchema, StaysUnchanged) {
  EXPECT_EQ(base::to_hex(base::sha256(read_file(version_1))),
            "0511a6568e90b146b9f11759cae2365e4ce9bf908e208180e923f00dc5dd5b89");
}

TEST_F(SchemaUpgrade, EqualsAFreshSchema) {
  const TestDatabase fresh(Contents::nothing);
  auto connection = open(fresh);
  ASSERT_TRUE(init_schema(connection));
  EXPECT_EQ(state(), SchemaState::older);
  EXPECT_EQ(migrate().steps, schema_version - 1);
  EXPECT_EQ(difference(catalogue(database_), catalogue(fresh)), Lines());
  EXPECT_GT(catalogue(fresh).size(), 300U);
  EXPECT_EQ(state(), SchemaState::current);
  EXPECT_EQ(database_.rows("select version from devy.schema_version order by 1"),
            (Lines{"1", "2"}));
}

TEST_F(SchemaUpgrade, DetectsAnyDifference) {
  migrate();
  const auto before = catalogue(database_);
  for (const char* change :
       {"alter table devy.blog alter column name set not null",
        "alter table devy.blog alter column name set default 'x'",
        "alter table devy.operation set (fillfactor = 70)", "drop index devy.blog_resource",
        "alter table devy.post drop constraint post_slug", "drop trigger blog_limit on devy.blog",
        "comment on column devy.blog.branch is 'x'", "create domain devy.word as text",
        "create or replace view devy.visible_post as select * from devy.post",
        "alter function devy.operation_fence set search_path = public",
        "grant select on devy.post to public"}) {
    const auto difference_made = difference(before, [&] {
      const TestDatabase copy(Contents::nothing);
      copy.load(version_1);
      auto connection = open(copy);
      migrate_schema(connection);
      copy.execute(change);
      return catalogue(copy);
    }());
    EXPECT_NE(difference_made, Lines()) << change;
  }
}

TEST_F(SchemaUpgrade, RunsOnceWhenStartedManyTimes) {
  std::atomic<int> steps = 0, made = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&] {
        const auto migration = migrate();
        steps += migration.steps;
        made += migration.is_definitions_new ? 1 : 0;
      });
  }
  EXPECT_EQ(steps, schema_version - 1);
  EXPECT_EQ(made, 1);
}

TEST_F(SchemaUpgrade, ReturnsRunningOperations) {
  database_.execute(
      "set search_path = devy; insert into resource (kind, key) values ('repository', 'a');"
      "select operation_ingest(gen_random_uuid(), 1, 'upload', 'webhook', null, null, 'a', '', "
      "false,"
      " 100::smallint, 12, null, null, null);"
      "select operation_claim('old worker', '30 s', 1, 2, null)");
  ASSERT_EQ(database_.scalar("select state from devy.operation"), "scheduled");
  migrate();
  EXPECT_EQ(
      database_.rows("select o.state, o.attempt, a.outcome, l.operation_id from devy.operation o"
                     " join devy.attempt a on a.operation_id = o.id"
                     " join devy.lease l on l.resource_id = o.resource_id"),
      Lines{"verified|0|interrupted|"});
}

TEST_F(SchemaUpgrade, WaitsForOpenTransactionsAndThenChangesNothing) {
  database_.execute(
      "set search_path = devy; insert into resource (kind, key) values ('a', 'b');"
      "insert into lease (resource_id) values (1)");
  auto writer = open(database_);
  pg::Transaction transaction(writer);
  writer.run_script("hold", "update devy.lease set lease_expires_at = now()");
  config::Database settings;
  settings.lock_timeout = std::chrono::seconds(1);
  auto connection = pg::Connection::open(database_.conninfo(), settings, "test");
  EXPECT_EQ(code_of([&] { migrate_schema(connection); }), "database_locked");
  EXPECT_EQ(state(), SchemaState::older);
  transaction.rollback();
  EXPECT_EQ(migrate_schema(connection).steps, schema_version - 1);
}

TEST_F(SchemaUpgrade, KeepsTheRightsOfTheRoles) {
  const TestDatabase fresh(Contents::schema);
  auto other = open(fresh);
  grant_roles(other);
  database_.execute(
      "grant usage on schema devy to devy_worker; grant delete on devy.account to devy_worker");
  migrate();
  EXPECT_EQ(difference(catalogue(database_), catalogue(fresh)), Lines());
}

TEST_F(SchemaUpgrade, RefusesASchemaOlderThanVersion1) {
  database_.execute("alter table devy.post drop column cover cascade");
  EXPECT_EQ(code_of([&] { migrate(); }), "schema_differs");
  EXPECT_EQ(state(), SchemaState::older);
}

// Of one version, and of another text: two commits between two versions.
TEST_F(SchemaUpgrade, DistinguishesTextsOfOneVersion) {
  migrate();
  auto connection = open(database_);
  const auto as_told = [&] { return code_of([&] { require_schema(connection); }); };
  EXPECT_EQ(as_told(), "");
  database_.execute(
      "update devy.schema_version set definitions = 'other' where version = 2;"
      "create or replace function devy.operation_rescue(out o_id uuid, out o_state text)"
      " language plpgsql as 'begin end';"
      "create function devy.operation_fence(p_fence bigint) returns void"
      " language plpgsql as 'begin end'");
  EXPECT_EQ(state(), SchemaState::stale);
  EXPECT_EQ(as_told(), "schema_differs");
  EXPECT_EQ(migrate().steps, 0);
  EXPECT_EQ(as_told(), "");
  const TestDatabase fresh(Contents::schema);
  EXPECT_EQ(difference(catalogue(database_), catalogue(fresh)), Lines());
  database_.execute("update devy.schema_version set structure = 'other' where version = 2");
  EXPECT_EQ(state(), SchemaState::foreign);
  EXPECT_EQ(as_told(), "schema_differs");
  EXPECT_EQ(code_of([&] { migrate(); }), "schema_differs");
}

}  // namespace schema_upgrade_test
}  // namespace devy::schema
