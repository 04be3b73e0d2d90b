// The steps of a connection: from a repository that nobody knows to tasks and comments that equal
// it.
#include <gtest/gtest.h>

#include "core/sync/store/connection_store.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/verify_store.hpp"
#include "tests/support/sync/sync_fixture.hpp"

namespace devy::sync {
namespace first_sync_test {

class FirstSync : public testing::SyncFixture {
 protected:
  FirstSync() {
    control(R"([
      {"do": "fill", "repository": "alice/notes", "issues": 30, "pulls": 3, "labels": 4,
       "milestones": 2, "users": 4, "comments": 40, "seed": 7},
      {"do": "token", "token": "ghp_mirror", "user": "alice", "scopes": ["repo"]}])");
    add_project();
  }
  [[nodiscard]] Comparison compared(const std::string& id) const {
    auto connection = open();
    return compare(connection, id);
  }
};

TEST_F(FirstSync, MakesTasksAndCommentsOfWhatTheRepositoryHas) {
  const auto id = connect();
  run_all();
  EXPECT_EQ(state_of_connection(), "synced");
  EXPECT_EQ(scalar("select count(*) from devy.task"), "33");
  EXPECT_EQ(scalar("select count(*) from devy.comment"),
            scalar("select count(*) from github.issue_comment where deleted_at is null"));
  const auto comparison = compared(id);
  EXPECT_TRUE(comparison.is_equal());
  EXPECT_EQ(comparison.equal, 33 + database_.number("select count(*) from devy.comment"));
  EXPECT_EQ(scalar("select count(*) from devy.operation where state in ('failed', 'verified')"),
            "0");
  EXPECT_EQ(scalar("select count(*) from devy.operation where direction = 'outbound'"), "0");
}

TEST_F(FirstSync, ChangesNothingTheSecondTime) {
  const auto id = connect();
  run_all();
  const auto before = scalar("select md5(string_agg(t::text, '' order by id)) from devy.task t");
  auto connection = open();
  static_cast<void>(sync_again(connection, id, "test"));
  run_all();
  EXPECT_EQ(state_of_connection(), "synced");
  EXPECT_EQ(scalar("select md5(string_agg(t::text, '' order by id)) from devy.task t"), before);
  EXPECT_EQ(scalar("select count(*) from devy.record_version where version > 1"), "0");
}

TEST_F(FirstSync, GoesOnWhereItWasKilled) {
  const auto id = connect();
  run_all();
  // As a crash in the middle of the batches leaves it.
  database_.execute(
      "delete from devy.comment where id in (select id from devy.sync_link where kind = 'comment' "
      "order by id limit 20);"
      "delete from devy.sync_link where kind = 'comment' and id not in (select id from "
      "devy.comment);"
      "update devy.project_repository set state = 'tasks', cursor = '{\"after\": 20}'");
  auto connection = open();
  connection.execute(
      pg::Statement{"record", "select devy.connection_record($1::uuid, 'repair', 100::smallint)"},
      pg::Params(id));
  run_all();
  EXPECT_EQ(state_of_connection(), "synced");
  EXPECT_TRUE(compared(id).is_equal());
  EXPECT_EQ(scalar("select count(*) from devy.task"), "33");
}

TEST_F(FirstSync, MergesWhatHappenedWhileNothingWasSynced) {
  const auto id = connect();
  run_all();
  auto connection = open();
  static_cast<void>(disconnect(connection, id, "disconnected_by_person", "test"));
  run_all();
  EXPECT_EQ(state_of_connection(), "disconnected disconnected_by_person");
  EXPECT_EQ(
      scalar("select count(*) from devy.sync_link l join devy.resource r on r.id = l.resource_id "
             "where r.is_enabled"),
      "0");
  control(R"([
    {"do": "clock", "advance": 90},
    {"do": "edit_issue", "repository": "alice/notes", "number": 5, "title": "Renamed there"},
    {"do": "delete_issue", "repository": "alice/notes", "number": 2},
    {"do": "create_issue", "repository": "alice/notes", "title": "New there"}])");
  connect();
  run_all();
  EXPECT_EQ(state_of_connection(), "synced");
  EXPECT_EQ(scalar("select t.title from devy.task t join devy.sync_link l on l.id = t.id where "
                   "l.github_key = 5"),
            "Renamed there");
  EXPECT_EQ(scalar("select gone_reason from devy.sync_link where kind = 'task' and github_key = 2"),
            "deleted");
  EXPECT_EQ(scalar("select count(*) from devy.task where title = 'New there'"), "1");
  EXPECT_EQ(scalar("select count(*) from devy.task"), "34");
  EXPECT_TRUE(compared(id).is_equal());
}

TEST_F(FirstSync, AsksBeforeTasksBecomeIssues) {
  database_.execute("select devy.task_add(gen_random_uuid(), '" + project_ +
                    "', (select id from devy.account where username = 'alice'), null, 'Mine', "
                    "'Text', '{}', null, '{}', "
                    "'inbox', null, null)");
  const auto id = connect("open", false);
  run_all();
  EXPECT_EQ(state_of_connection(), "blocked export_unconfirmed");
  EXPECT_EQ(scalar("select total from devy.project_repository"), "1");
  EXPECT_EQ(scalar("select connection_id is null from devy.task where title = 'Mine'"), "t");
  auto connection = open();
  static_cast<void>(approve(connection, id, "test"));
  run_all();
  EXPECT_EQ(state_of_connection(), "synced");
  EXPECT_EQ(
      scalar(
          "select l.github_key is not null from devy.task t join devy.sync_link l on l.id = t.id "
          "where t.title = 'Mine'"),
      "t");
}

// Nothing tells of these changes, as when both sides' operations were lost.
TEST_F(FirstSync, BringsBothSidesTogetherAgainWhenItIsVerified) {
  const auto id = connect();
  run_all();
  database_.execute(
      "update github.issue set title = 'Changed there', updated_at = updated_at + interval '1 "
      "minute', "
      "github_at = github_at + interval '1 minute' where number = 3;"
      "update devy.task set title = 'Changed here', version = version + 1 where id = "
      "(select id from devy.sync_link where kind = 'task' and github_key = 4)");
  const auto before = compared(id);
  ASSERT_EQ(before.different.size(), 2U);
  EXPECT_EQ(before.different[0].fields, std::vector<std::string>{"title"});
  EXPECT_FALSE(before.different[0].is_unsent);
  EXPECT_TRUE(before.different[1].is_unsent);
  database_.execute("select devy.connection_verify('" + id + "', 'test')");
  run_all();
  EXPECT_TRUE(compared(id).is_equal());
  EXPECT_EQ(scalar("select t.title from devy.task t join devy.sync_link l on l.id = t.id where "
                   "l.github_key = 3"),
            "Changed there");
  EXPECT_EQ(scalar("select title from github.issue where number = 4"), "Changed here");
  EXPECT_EQ(scalar("select verified_at is not null and verify_at > clock_timestamp() from "
                   "devy.project_repository"),
            "t");
}

TEST_F(FirstSync, IsBlockedForWhoeverMayNotPush) {
  control(R"([{"do": "create_user", "login": "bob"}])");
  database_.execute("update devy.account set github_id = 4242 where username = 'bob'");
  auto connection = open();
  Connect wish;
  wish.project_id = project_;
  wish.repository_id = repository_id();
  wish.name = "alice/notes";
  wish.by = scalar("select id from devy.account where username = 'bob'");
  static_cast<void>(sync::connect(connection, wish));
  run_all();
  EXPECT_EQ(state_of_connection(), "blocked no_push_access");
  EXPECT_EQ(scalar("select count(*) from devy.task"), "0");
}

TEST_F(FirstSync, IsBlockedWhereThereIsNoSuchRepository) {
  auto connection = open();
  Connect wish;
  wish.project_id = project_;
  wish.repository_id = 999'999;
  wish.name = "alice/nothing";
  static_cast<void>(sync::connect(connection, wish));
  run_all();
  EXPECT_EQ(state_of_connection(), "blocked repository_unknown");
}

}  // namespace first_sync_test
}  // namespace devy::sync
