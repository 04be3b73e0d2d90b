// Documents of comments on issues and pull requests.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace issue_comment_test {

using testing::column;
using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;
using testing::time_at;

TEST(IssueCommentRecord, HasTheColumnsOfItsDocument) {
  const auto records = process(
      process_issue_comment,
      R"({"id":50,"issue_url":"https://api.github.com/repos/alice/notes/issues/7","body":"b",)"
      R"("user":{"id":1,"login":"alice"},"created_at":"2020-01-01T00:00:00Z",)"
      R"("updated_at":"2021-01-01T00:00:00Z"})");
  const auto* record = records.find(Relation::issue_comment, 50);
  EXPECT_EQ(columns(record), R"({"body":"b","created_at":"2020-01-01T00:00:00.000Z","number":7,)"
                             R"("repository_id":5,"updated_at":"2021-01-01T00:00:00.000Z",)"
                             R"("user_id":1,"user_login":"alice"})");
  EXPECT_EQ(record->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_EQ(column(records.find(Relation::user, 1), "login"), "\"alice\"");
  EXPECT_EQ(records.find(Relation::user, 1)->github_at, time_at("2021-01-01T00:00:00Z"));
}

TEST(IssueCommentRecord, HasNoNumberWhereItsIssueHasNoAddress) {
  for (const auto* address : {"\"\"", "\"7x\"", "\"/issues/\"", "\"/issues/-7\"", "\"/issues/0\"",
                              "\"/issues/2147483648\"", "7", "null"}) {
    const auto records =
        process(process_issue_comment, "{\"id\":50,\"issue_url\":" + std::string(address) + "}");
    EXPECT_EQ(column(records.find(Relation::issue_comment, 50), "number"), "absent") << address;
  }
}

TEST(IssueCommentRecord, BelievesAScopeOfItsRepositoryAlone) {
  const std::string text = R"({"id":50,"updated_at":"2021-01-01T00:00:00Z"})";
  EXPECT_FALSE(process(process_issue_comment, text, scoped_origin(5))
                   .find(Relation::issue_comment, 50)
                   ->is_added_only);
  EXPECT_TRUE(process(process_issue_comment, text, scoped_origin(6))
                  .find(Relation::issue_comment, 50)
                  ->is_added_only);
}

TEST(IssueCommentRecord, RequiresAnIdAndARepository) {
  EXPECT_EQ(refusal(process_issue_comment, R"({"body":"b"})"),
            "document_invalid: unable to read a document of table 'issue_comment': "
            "'id' must be a number above 0");
  EXPECT_EQ(refusal(process_issue_comment, R"({"id":50})", {}),
            "document_invalid: unable to read a document of table 'issue_comment': "
            "'repository/id' must be a number above 0");
}

}  // namespace issue_comment_test
}  // namespace devy::records
