// How tasks stand with GitHub, in each state, and the lists that people read.
#include "core/sync/store/record_state.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "core/sync/store/edit_store.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/record_history.hpp"
#include "core/sync/store/record_work.hpp"
#include "core/sync/store/task_list.hpp"
#include "core/sync/store/viewer_store.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::sync {
namespace record_state_test {

TaskChange with_title(const std::string& title) {
  TaskChange change;
  change.title = title;
  return change;
}

class RecordStates : public ::testing::Test {
 protected:
  RecordStates() {
    database_.execute(
        "insert into devy.account (username, github_id) values ('alice', 11), ('bob', null)");
    alice_ = database_.scalar("select id from devy.account where username = 'alice'");
    project_ = add_project(connection_, {alice_, "plans", "", false});
  }
  // A task with an issue, both of which say the same.
  std::string linked_task() {
    database_.execute(
        "insert into devy.resource (kind, key, owner) values ('connection', 'c', 'sync/alice');"
        "insert into devy.project_repository (id, project_id, repository_id, name, resource_id, "
        "state)"
        " select '00000000-0000-4000-8000-00000000000c', '" +
        project_ + "', 7, 'alice/notes', id, 'synced' from devy.resource where key = 'c'");
    const auto id = add("Linked");
    database_.execute(
        "update devy.operation set state = 'cancelled', finished_at = now();"
        "update devy.sync_link set github_key = 5, github_id = 50, owed = 0, base = "
        "'{}', github_updated_at = now()");
    return id;
  }
  std::string add(const std::string& title) {
    NewTask task;
    task.project_id = project_;
    task.author_id = alice_;
    task.title = title;
    task.labels = {"red", "blue"};
    task.assignees = {alice_};
    return add_task(connection_, task).id;
  }
  RecordState state_of(const std::string& id) {
    return read_states(connection_, {id}, std::chrono::seconds(2)).at(id);
  }
  std::string state_after(const std::string& id, const std::string& sql) {
    database_.execute("set search_path = devy; " + sql);
    return state_of(id).state;
  }

  testing::TestDatabase database_;
  pg::Connection connection_ = pg::Connection::open(database_.conninfo(), {}, "test");
  std::string alice_, project_;
};

TEST_F(RecordStates, SaysInOneWordHowATaskStands) {
  EXPECT_EQ(state_of(add("Alone")).state, "local");
  const auto id = linked_task();
  EXPECT_EQ(state_of(id).state, "synced");
  EXPECT_EQ(state_of(id).url("https://github.com"), "https://github.com/alice/notes/issues/5");
  EXPECT_EQ(state_after(id, "update sync_link set refused = '{\"title\": \"x\"}'"), "refused");
  EXPECT_EQ(state_of(id).reason->message, "GitHub did not accept: title");
  EXPECT_EQ(state_after(id, "update sync_link set refused = '{}', owed = 1"), "queued");
  EXPECT_EQ(
      state_after(id, "update project_repository set state = 'blocked', reason = 'mass_delete'"),
      "blocked");
  EXPECT_EQ(state_of(id).reason->code, "mass_delete");
  EXPECT_EQ(state_after(id, "update project_repository set state = 'disconnected', reason = 'x'"),
            "disabled");
  EXPECT_EQ(state_after(id,
                        "update project_repository set state = 'synced', reason = null;"
                        "update sync_link set gone_at = now(), gone_reason = 'deleted'"),
            "gone");
  EXPECT_FALSE(is_well("gone"));
}

TEST_F(RecordStates, SaysWhatAnOperationIsAbout) {
  const auto id = linked_task();
  static_cast<void>(edit_task(connection_, id, alice_, std::nullopt, with_title("Other")));
  const auto queued = state_of(id);
  EXPECT_EQ(queued.state, "queued");
  EXPECT_EQ(queued.direction, "outbound");
  EXPECT_EQ(queued.position, 0);
  EXPECT_EQ(due_for_record(connection_, id)->text(), queued.operation);
  const auto owner =
      database_.scalar("select owner from devy.operation where id = '" + queued.operation + "'");
  EXPECT_EQ(state_after(id, "insert into owner_gate values ('" + owner +
                                "', 'outbound', now() + interval '1 hour', 'the hourly budget') on "
                                "conflict (owner, direction) do update set not_before = "
                                "excluded.not_before, reason = excluded.reason"),
            "waiting_limit");
  EXPECT_TRUE(state_of(id).not_before);
  EXPECT_GT(state_of(id).eta->count(), 3'000);
  EXPECT_FALSE(due_for_record(connection_, id)) << "its gate is closed";
  EXPECT_EQ(state_after(id, "delete from owner_gate; update sync_link set intent = '{}'"),
            "checking");
  // It runs, and a person has to look; then it runs again.
  const auto changed = [&](const std::string& what) {
    return "update operation set " + what + " where id = '" + queued.operation + "'; ";
  };
  EXPECT_EQ(
      state_after(id, "update sync_link set intent = null; " + changed("state = 'scheduled'") +
                          changed("state = 'held', error_code = 'loop', error_text = 'a loop'")),
      "held");
  EXPECT_EQ(state_of(id).reason->message, "a loop");
  EXPECT_EQ(state_after(id, changed("state = 'verified'") + changed("state = 'scheduled'") +
                                changed("state = 'failed', finished_at = now()")),
            "failed");
  EXPECT_EQ(list_record_operations(connection_, id, 5).front().error_code, "loop");
}

TEST_F(RecordStates, ShowsWhatLostUntilItIsChangedAgain) {
  const auto id = linked_task();
  EXPECT_EQ(state_after(id,
                        "insert into record_version (record_id, version, origin, author_id, "
                        "fields, is_lost, lost_to) values ('" +
                            id + "', 2, 'local', '" + alice_ +
                            "', '{\"title\": \"Mine\"}', true, 1); update task set version = 2"),
            "conflict");
  const auto state = state_of(id);
  ASSERT_EQ(state.lost.size(), 1U);
  EXPECT_EQ(state.lost[0].field, "title");
  EXPECT_EQ(state.lost[0].by, "alice");
  EXPECT_EQ(state.lost[0].version, 2);
  static_cast<void>(restore_record(connection_, id, 2, alice_));
  EXPECT_EQ(find_task(connection_, id)->title, "Mine");
  EXPECT_TRUE(state_of(id).lost.empty());
}

TEST_F(RecordStates, FindsTasksByWhatTheyAre) {
  const auto first = add("The roof leaks"), second = add("Paint the door");
  TaskFilter filter;
  filter.project_id = project_;
  filter.limit = 1;
  auto page = list_tasks(connection_, filter);
  EXPECT_EQ(page.tasks.at(0).id, second) << "what changed last comes first";
  EXPECT_EQ(page.tasks[0].labels, (std::vector<std::string>{"blue", "red"}));
  EXPECT_EQ(page.tasks[0].assignees.at(0).shown(), "alice");
  filter.cursor = page.cursor;
  page = list_tasks(connection_, filter);
  EXPECT_EQ(page.tasks.at(0).id, first);
  EXPECT_EQ(page.cursor, "");
  filter.cursor = "1.x";
  EXPECT_THROW(static_cast<void>(list_tasks(connection_, filter)), base::Error);
  const auto count = [&](const TaskFilter& asked) {
    TaskFilter whole = asked;
    whole.project_id = project_;
    return list_tasks(connection_, whole).tasks.size();
  };
  EXPECT_EQ(count({.text = "ROOF"}), 1U);
  EXPECT_EQ(count({.text = "t-2"}), 1U);
  EXPECT_EQ(count({.label = "red"}), 2U);
  EXPECT_EQ(count({.label = "green"}), 0U);
  EXPECT_EQ(count({.assignee = "Alice"}), 2U);
  EXPECT_EQ(count({.sync = "local"}), 2U);
  EXPECT_EQ(count({.sync = "synced"}), 0U);
  EXPECT_EQ(count({.state = "closed"}), 0U);
  EXPECT_EQ(need_task(connection_, "alice/plans#T-2").id, second);
  EXPECT_EQ(need_task(connection_, first.substr(0, 8)).id, first);
  EXPECT_THROW(static_cast<void>(need_task(connection_, "alice/plans#T-9")), base::Error);
  EXPECT_THROW(static_cast<void>(need_task(connection_, "zz")), base::Error);
  EXPECT_EQ(find_viewer(connection_, "", 11).username, "alice");
  EXPECT_FALSE(find_viewer(connection_, "nobody", std::nullopt).account_id);
  EXPECT_EQ(accounts_named(connection_, {"BOB", "alice"}).at(1), alice_);
  EXPECT_THROW(static_cast<void>(accounts_named(connection_, {"zoe"})), base::Error);
}

TEST_F(RecordStates, ListsCommentsAndVersions) {
  const auto task = add("A");
  const auto one = add_comment(connection_, {task, alice_, "One.", std::nullopt}).id;
  const auto two = add_comment(connection_, {task, alice_, "Two.", std::nullopt}).id;
  const auto page = list_comments(connection_, task, "", 1);
  EXPECT_EQ(page.comments.at(0).id, one);
  const auto rest = list_comments(connection_, task, page.cursor, 5);
  EXPECT_EQ(rest.comments.at(0).id, two);
  EXPECT_EQ(rest.cursor, "");
  EXPECT_EQ(need_comment(connection_, two.substr(0, 12)).body, "Two.");
  EXPECT_EQ(find_task(connection_, task)->comments, 2);
  static_cast<void>(edit_task(connection_, task, std::nullopt, std::nullopt, with_title("B")));
  const auto versions = list_versions(connection_, task);
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(versions[0].version, 2);
  EXPECT_EQ(versions[0].author.shown(), "ghost") << "the command line has no account";
  EXPECT_EQ(versions[1].author.shown(), "alice");
}

}  // namespace record_state_test
}  // namespace devy::sync
