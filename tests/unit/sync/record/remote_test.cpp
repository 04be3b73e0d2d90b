#include "core/sync/record/remote.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/error.hpp"

namespace devy::record {
namespace remote_test {

RemoteTask some_issue() {
  RemoteTask remote;
  remote.title = "Broken";
  remote.body = "one\ntwo";
  remote.labels = {"bug", "urgent"};
  remote.assignees = {5, 9};
  remote.milestone = "1.0";
  return remote;
}

// What means the same has one digest: browsers save CRLF, and old clients no reason.
TEST(Remote, DigestsWhatMeansTheSameAlike) {
  const auto issue = some_issue();
  auto other = issue;
  other.body = "  one\r\ntwo \n\n";
  other.title = "Broken ";
  EXPECT_EQ(digest(issue), digest(other));
  auto closed = issue, completed = issue;
  closed.is_closed = completed.is_closed = true;
  completed.state_reason = "completed";
  EXPECT_EQ(digest(closed), digest(completed));
  EXPECT_EQ(digest(RemoteComment{""}), digest(RemoteComment{"\r\n"}));
}

TEST(Remote, DigestsEachFieldsChangeOtherwise) {
  const auto issue = some_issue();
  std::set<std::string> digests{digest(issue)};
  const auto with = [&](auto change) {
    auto other = issue;
    change(other);
    EXPECT_TRUE(digests.insert(digest(other)).second);
  };
  with([](auto& other) { other.title = "Fixed"; });
  with([](auto& other) { other.body += "!"; });
  with([](auto& other) { other.is_closed = true; });
  with([](auto& other) { other.is_closed = true, other.state_reason = "not_planned"; });
  with([](auto& other) { other.labels.erase("bug"); });
  with([](auto& other) { other.labels = {"bugurgent"}; });
  with([](auto& other) { other.assignees = {59}; });
  with([](auto& other) { other.milestone.reset(); });
  with([](auto& other) { other.milestone = ""; });
  // What stands at the end of the labels is no assignee.
  with([](auto& other) { other.labels.insert("5"), other.assignees.erase(5); });
}

TEST(Remote, ComesBackFromJsonAsItWas) {
  auto issue = some_issue();
  issue.is_closed = true;
  issue.state_reason = "duplicate";
  const auto again = remote_task(to_json(issue).compact());
  EXPECT_EQ(to_json(again).compact(), to_json(issue).compact());
  EXPECT_EQ(remote_comment(to_json(RemoteComment{"x\n"}).compact()).body, "x\n");
  EXPECT_THROW(static_cast<void>(remote_task("{")), base::Error);
}

TEST(Remote, SpeaksOurWords) {
  auto issue = some_issue();
  issue.is_closed = true;
  issue.body = "one\r\ntwo\r\n";
  issue.labels = {"bug", "hidden", "other"};
  const auto fields = to_local(issue, {{"bug", "defect"}, {"hidden", std::nullopt}});
  EXPECT_EQ(fields.body, "one\ntwo");
  EXPECT_EQ(fields.state_reason, "completed");
  EXPECT_EQ(fields.labels, (std::set<std::string>{"defect", "other"}));
  EXPECT_EQ(fields.assignees, issue.assignees);
}

TEST(Fields, ComesBackFromJsonAsItWas) {
  const auto fields = to_local(some_issue(), {});
  EXPECT_EQ(task_fields(to_json(fields).compact()), fields);
}

TEST(Fields, NamesEachValueByADigest) {
  auto fields = to_local(some_issue(), {});
  for (const std::string field : task_field_names) {
    const auto before = value_digest(fields, field);
    auto other = fields;
    other.title = "x", other.body = "x", other.is_closed = true, other.state_reason = "completed";
    other.labels = {}, other.milestone = "x", other.assignees = {};
    EXPECT_NE(value_digest(other, field), before) << field;
    EXPECT_EQ(value_digest(fields, field), before);
  }
  EXPECT_THROW(static_cast<void>(value_digest(fields, "colour")), base::Error);
}

TEST(Fields, MakesTextsNormal) {
  EXPECT_EQ(normal_text(" \r\n a\r\nb\rc \t\n"), "a\nb\nc");
  EXPECT_EQ(normal_text("\n"), "");
  EXPECT_EQ(normal_text("a\n\nb"), "a\n\nb");
}

}  // namespace remote_test
}  // namespace devy::record
