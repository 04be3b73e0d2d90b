// A database that was put back, or whose server another one replaced, is another feed to readers.
#include <gtest/gtest.h>

#include "core/mirror/store/change_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/cluster/init.hpp"
#include "core/platform/cluster/programs.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace feed_restore_test {

using testing::Contents;
using testing::TestDatabase;

constexpr int all = 10'000;

pg::Connection open(const TestDatabase& database) {
  return pg::Connection::open(database.conninfo(), {}, "test");
}

std::vector<Change> read(const TestDatabase& database, const std::string& cursor) {
  auto connection = open(database);
  return read_changes(connection, cursor, all).changes;
}

std::string refusal(const TestDatabase& database, const std::string& cursor) {
  try {
    static_cast<void>(read(database, cursor));
    return "";
  } catch (const base::Error& error) {
    return error.code();
  }
}

// Has a feed with one change; returns its cursor.
std::string begin_feed(const TestDatabase& database) {
  EXPECT_TRUE(read(database, "").empty());
  database.execute("insert into github.label (id, repository_id) values (1, 7)");
  const auto changes = read(database, "");
  EXPECT_EQ(changes.size(), 1U);
  return changes.back().cursor;
}

TEST(FeedOfARestoredDatabase, IsAnotherOneAndBeginsAnew) {
  TestDatabase database;
  const auto cursor = begin_feed(database);
  const auto& server = testing::postgres();
  const auto file = server.paths().data_directory + "/feed.sql";
  const auto dumped = cluster::run_program(
      cluster::server_user(server.paths().data_directory),
      {cluster::find_binaries({}) + "/pg_dump", "-f", file, database.conninfo()},
      cluster::cluster_init_timeout);
  ASSERT_EQ(dumped.exit_status, 0) << dumped.output;
  TestDatabase restored(Contents::nothing);
  restored.load(file);
  EXPECT_EQ(restored.scalar("select count(*) from github.change"), "1");
  EXPECT_EQ(refusal(restored, cursor), "cursor_foreign");
  EXPECT_TRUE(read(restored, "").empty()) << "what the dump has was another server's";
  restored.execute("insert into github.label (id, repository_id) values (2, 7)");
  const auto changes = read(restored, "");
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].id, 2);
  EXPECT_EQ(refusal(database, changes[0].cursor), "cursor_foreign");
  EXPECT_EQ(refusal(database, cursor), "");
}

TEST(FeedOfAPromotedStandby, IsAnotherOneWithTheSameChanges) {
  TestDatabase database;
  const auto cursor = begin_feed(database);
  const auto standby = testing::PostgresServer::standby_of(testing::postgres());
  testing::postgres().stop(cluster::StopMode::immediate);
  standby->start();
  database.move_to(*standby);
  // While it follows it is the same feed, though perhaps behind.
  const auto feed = cursor.substr(0, cursor.find(':'));
  EXPECT_EQ(database.scalar("select count(*) from github.changes()"), "1");
  EXPECT_EQ(database.scalar("select count(*) from github.changes('" + cursor + "')"), "0");
  EXPECT_EQ(database.scalar("select count(*) from github.changes('" + feed + ":9000000000:1')"),
            "0");
  standby->promote();
  EXPECT_EQ(refusal(database, cursor), "cursor_foreign") << "the primary may have had more";
  EXPECT_EQ(read(database, "").size(), 1U);
  testing::postgres().start();
}

}  // namespace feed_restore_test
}  // namespace devy::mirror
