// People's acts on tasks and comments: what they write, and what they refuse.
#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"
#include "tests/integration/sync/outbound/outbound_fixture.hpp"

namespace devy::sync {
namespace edits_test {

using Strings = std::vector<std::string>;

class Edits : public testing::OutboundFixture {
 protected:
  template <class Function>
  static std::string refusal(Function act) {
    try {
      act();
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  }
  [[nodiscard]] std::string versions(const std::string& record) const {
    return scalar("select count(*) from devy.record_version where record_id = '" + record + "'");
  }
};

TEST_F(Edits, KnowsARequestThatIsRepeated) {
  auto connection = open();
  NewTask task;
  task.project_id = project_;
  task.author_id = alice_;
  task.title = "Once";
  task.request = RequestKey{"key-1", "{}"};
  const auto first = sync::add_task(connection, task);
  const auto second = sync::add_task(connection, task);
  EXPECT_TRUE(first.is_new);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.number, first.number);
  EXPECT_EQ(second.operation, first.operation);
  task.request->body = "{\"another\": 1}";
  EXPECT_EQ(refusal([&] { sync::add_task(connection, task); }), "key_reused");
  // The numbers have no gap.
  task.request.reset();
  EXPECT_EQ(sync::add_task(connection, task).number, first.number + 1);
}

TEST_F(Edits, RefusesWhatCannotBe) {
  auto connection = open();
  NewTask task;
  task.project_id = project_;
  task.author_id = alice_;
  task.title = "Title";
  const auto with = [&](auto change) {
    auto wrong = task;
    change(wrong);
    return refusal([&] { sync::add_task(connection, wrong); });
  };
  EXPECT_EQ(with([](auto& t) { t.title = ""; }), "title_invalid");
  EXPECT_EQ(with([](auto& t) { t.title = std::string(257, 'x'); }), "title_invalid");
  EXPECT_EQ(with([](auto& t) { t.title = "two\nlines"; }), "title_invalid");
  EXPECT_EQ(with([](auto& t) { t.body = std::string(65'001, 'x'); }), "body_invalid");
  EXPECT_EQ(with([](auto& t) { t.body = "<!-- devy:task:"; }), "text_reserved");
  EXPECT_EQ(with([](auto& t) { t.labels = {"a,b"}; }), "label_invalid");
  EXPECT_EQ(with([](auto& t) { t.list = "later"; }), "field_invalid");
  EXPECT_EQ(with([](auto& t) { t.title = std::string(256, 'x'); }), "none");
}

TEST_F(Edits, RefusesAVersionThatIsNotThePresentOne) {
  const auto task = first_task();
  auto connection = open();
  TaskChange change;
  change.title = "First";
  EXPECT_EQ(edit_task(connection, task, alice_, 1, change).version, 2);
  EXPECT_EQ(refusal([&] { edit_task(connection, task, alice_, 1, change); }), "version_differs");
  EXPECT_EQ(refusal([&] { delete_task(connection, task, alice_, 1); }), "version_differs");
  // The same once more changes nothing.
  EXPECT_EQ(edit_task(connection, task, alice_, 2, change).version, 2);
  EXPECT_EQ(versions(task), "2");
}

TEST_F(Edits, SaysWhatIsNotThere) {
  auto connection = open();
  const std::string nobody = "00000000-0000-4000-8000-000000000000";
  EXPECT_EQ(refusal([&] { edit_task(connection, nobody, alice_, {}, {}); }), "record_unknown");
  EXPECT_EQ(refusal([&] {
              sync::add_comment(connection, {nobody, alice_, "x", {}});
            }),
            "record_unknown");
  EXPECT_EQ(refusal([&] { ask_sync(connection, nobody, "alice"); }), "record_unknown");
}

TEST_F(Edits, KeepsAListToItself) {
  const auto task = first_task();
  TaskChange change;
  change.list = "doing";
  const auto edited = edit(task, change);
  EXPECT_TRUE(edited.operation.empty());
  EXPECT_EQ(column(task, "owed"), "0");
}

TEST_F(Edits, RestoresAVersion) {
  const auto task = first_task();
  const auto title = scalar("select title from devy.task where id = '" + task + "'");
  TaskChange change;
  change.title = "Changed";
  edit(task, change);
  run_all();
  auto connection = open();
  const auto restored = restore_record(connection, task, 1, alice_);
  EXPECT_EQ(restored.version, 3);
  EXPECT_FALSE(restored.operation.empty());
  run_all();
  EXPECT_EQ(issue(1)["title"], title);
  EXPECT_TRUE(is_equal());
}

TEST_F(Edits, SendsOnceWhatWasEditedOftenBeforeItsTurn) {
  const auto task = first_task();
  TaskChange change;
  std::string operation;
  for (const auto* title : {"one", "two", "three"}) {
    change.title = title;
    const auto edited = edit(task, change);
    if (!operation.empty()) {
      EXPECT_EQ(edited.operation, operation);
    }
    operation = edited.operation;
  }
  EXPECT_EQ(column(task, "owed"), "3");
  run_all();
  EXPECT_EQ(writes().size(), 1);
  EXPECT_EQ(issue(1)["title"], "three");
  EXPECT_EQ(column(task, "owed"), "0");
}

}  // namespace edits_test
}  // namespace devy::sync
