// The main path outwards: what people do here is done at GitHub, once.
#include <gtest/gtest.h>

#include "core/sync/record/marker.hpp"
#include "tests/integration/sync/outbound/outbound_fixture.hpp"

namespace devy::sync {
namespace sending_test {

using Strings = std::vector<std::string>;

class Sending : public testing::OutboundFixture {};

TEST_F(Sending, MakesAnIssueOfATask) {
  const auto added = add_task("Buy milk", "Two litres");
  ASSERT_FALSE(added.operation.empty());
  run_all();
  EXPECT_EQ(outcome(added.id), "completed created");
  EXPECT_EQ(requests(), Strings{"POST /repos/alice/notes/issues"});
  const auto made = issue(number_of(added.id));
  EXPECT_EQ(made["title"], "Buy milk");
  const auto stripped = record::strip(made["body"].get<std::string>());
  EXPECT_EQ(stripped.text, "Two litres");
  EXPECT_TRUE(stripped.has_header);
  ASSERT_TRUE(stripped.marker);
  EXPECT_EQ(stripped.marker->id, added.id);
  EXPECT_EQ(column(added.id, "owed"), "0");
  EXPECT_EQ(column(added.id, "intent is null"), "t");
  EXPECT_TRUE(is_equal());
  // What it says of itself afterwards is no news.
  deliver();
  run_all();
  EXPECT_EQ(writes(), Strings{"POST /repos/alice/notes/issues"});
  EXPECT_EQ(scalar("select count(*) from devy.task"), "2");
}

TEST_F(Sending, SendsWhatWasEditedAlone) {
  TaskChange change;
  change.title = "Another title";
  const auto task = first_task();
  edit(task, change);
  run_all();
  EXPECT_EQ(outcome(task), "completed sent");
  EXPECT_EQ(writes(), Strings{"PATCH /repos/alice/notes/issues/1"});
  EXPECT_EQ(issue(1)["title"], "Another title");
  EXPECT_EQ(scalar("select fields from devy.sync_operation where outcome = 'sent'"), "{title}");
  github_.forget_requests();
  deliver();
  run_all();
  EXPECT_EQ(writes(), Strings{});
  EXPECT_TRUE(is_equal());
}

TEST_F(Sending, AddsAndRemovesSingleLabels) {
  const auto task = first_task();
  TaskChange change;
  change.labels = Strings{"wanted"};
  edit(task, change);
  run_all();
  change.labels = Strings{};
  edit(task, change);
  run_all();
  const auto sent = writes();
  EXPECT_TRUE(std::ranges::count(sent, "POST /repos/alice/notes/issues/1/labels") == 1);
  EXPECT_TRUE(std::ranges::count(sent, "DELETE /repos/alice/notes/issues/1/labels/wanted") == 1);
  EXPECT_TRUE(is_equal());
}

TEST_F(Sending, NotesALabelThatTheRepositoryDoesNotHave) {
  const auto task = first_task();
  TaskChange change;
  change.labels = Strings{"nobody knows it"};
  edit(task, change);
  run_all();
  EXPECT_EQ(outcome(task), "failed refused refused");
  EXPECT_EQ(column(task, "refused ? 'labels'"), "t");
  github_.forget_requests();
  // Nor is it tried again by an edit of something else.
  change.labels.reset();
  change.title = "New";
  edit(task, change);
  run_all();
  EXPECT_EQ(writes(), Strings{"PATCH /repos/alice/notes/issues/1"});
  EXPECT_EQ(outcome(task), "completed sent");
}

TEST_F(Sending, ClosesWithItsReasonAndSetsTheMilestone) {
  const auto task = first_task();
  TaskChange change;
  change.state = "closed";
  change.state_reason = "not_planned";
  change.milestone = std::optional<std::string>("First");
  edit(task, change);
  run_all();
  EXPECT_EQ(writes(), Strings{"PATCH /repos/alice/notes/issues/1"});
  EXPECT_EQ(issue(1)["state"], "closed");
  EXPECT_EQ(issue(1)["state_reason"], "not_planned");
  EXPECT_TRUE(is_equal());
}

TEST_F(Sending, ClosesATaskThatWasClosedBeforeItWasSent) {
  const auto added = add_task("Done already");
  TaskChange change;
  change.state = "closed";
  edit(added.id, change);
  run_all();
  EXPECT_EQ(issue(number_of(added.id))["state"], "closed");
  EXPECT_TRUE(is_equal());
}

TEST_F(Sending, SendsCommentsInTheirOrderOnceTheTaskIsThere) {
  const auto added = add_task("Talk");
  for (const auto* text : {"first", "second", "third"})
    add_comment(added.id, text);
  EXPECT_EQ(scalar("select count(*) from devy.operation where kind = 'comment_sync'"), "0");
  run_all();
  Strings texts;
  for (const auto& comment : comments())
    if (comment["number"] == number_of(added.id))
      texts.push_back(record::strip(comment["body"].get<std::string>()).text);
  EXPECT_EQ(texts, (Strings{"first", "second", "third"}));
  EXPECT_TRUE(is_equal());
}

TEST_F(Sending, EditsAndDeletesComments) {
  const auto task = first_task();
  const auto comment = add_comment(task, "text");
  run_all();
  auto connection = open();
  edit_comment(connection, comment.id, alice_, 1, "other text");
  run_all();
  EXPECT_EQ(outcome(comment.id), "completed sent");
  EXPECT_EQ(record::strip(comments().back()["body"].get<std::string>()).text, "other text");
  const auto count = comments().size();
  delete_comment(connection, comment.id, alice_, std::nullopt);
  run_all();
  EXPECT_EQ(comments().size(), count - 1);
  EXPECT_EQ(column(comment.id, "gone_reason"), "deleted");
  EXPECT_TRUE(is_equal());
}

TEST_F(Sending, BringsACommentBackThatWasEditedThereMeanwhile) {
  const auto task = first_task();
  const auto comment = add_comment(task, "text");
  run_all();
  const auto key = column(comment.id, "github_key");
  control(R"({"do": "edit_comment", "repository": "alice/notes", "body": "changed there", "id": )" +
          key + "}");
  auto connection = open();
  delete_comment(connection, comment.id, alice_, std::nullopt);
  run_all();
  EXPECT_EQ(scalar("select body from devy.comment where id = '" + comment.id +
                   "' and deleted_at is null"),
            "changed there");
}

TEST_F(Sending, ClosesTheIssueOfADeletedTask) {
  const auto task = first_task();
  auto connection = open();
  delete_task(connection, task, alice_, std::nullopt);
  run_all();
  EXPECT_EQ(issue(1)["state"], "closed");
  EXPECT_EQ(issue(1)["state_reason"], "not_planned");
  EXPECT_EQ(column(task, "gone_reason"), "unlinked");
  deliver();
  run_all();
  EXPECT_EQ(scalar("select count(*) from devy.task where deleted_at is null"), "0");
}

TEST_F(Sending, MergesWhatWasChangedThereBeforeItWrites) {
  const auto task = first_task();
  control(R"({"do": "edit_issue", "repository": "alice/notes", "number": 1, "title": "Theirs"})");
  TaskChange change;
  change.body = "Ours";
  edit(task, change);
  run_all();
  EXPECT_EQ(issue(1)["title"], "Theirs");
  EXPECT_EQ(issue(1)["body"], "Ours");
  EXPECT_EQ(scalar("select title from devy.task where id = '" + task + "'"), "Theirs");
  EXPECT_TRUE(is_equal());
}

TEST_F(Sending, EndsThePairOfAnIssueThatWasDeletedThere) {
  const auto task = first_task();
  control(R"({"do": "delete_issue", "repository": "alice/notes", "number": 1})");
  TaskChange change;
  change.title = "Too late";
  edit(task, change);
  run_all();
  EXPECT_EQ(outcome(task), "completed gone");
  EXPECT_EQ(column(task, "gone_reason"), "deleted");
  EXPECT_EQ(writes(), Strings{});
}

TEST_F(Sending, HoldsAWriteThatIsOwedToNobody) {
  const auto task = first_task();
  TaskChange change;
  change.title = "Changed";
  edit(task, change);
  database_.execute("update devy.sync_link set owed = 0");
  run_all();
  EXPECT_EQ(outcome(task), "held loop");
  EXPECT_EQ(writes(), Strings{});
}

}  // namespace sending_test
}  // namespace devy::sync
