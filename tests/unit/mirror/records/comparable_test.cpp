// What counts when rows are compared with GitHub.
#include "core/mirror/records/comparable.hpp"

#include <gtest/gtest.h>

namespace devy::records {
namespace comparable_test {

std::string names(const Record& record) {
  std::string text;
  for (const auto& [name, value] : record.columns)
    text += (text.empty() ? "" : " ") + name;
  return text;
}

Record record_of(Relation relation, json::Json::Fields columns) {
  Record record;
  record.relation = relation;
  record.columns = std::move(columns);
  return record;
}

TEST(Comparable, LeavesOutWhatListsOfPullRequestsLack) {
  EXPECT_EQ(names(comparable(record_of(
                Relation::pull_request,
                {{"title", "x"}, {"merged", true}, {"additions", 3}, {"detail_at", nullptr}}))),
            "title");
}

// GitHub tries the merge anew whenever somebody looks, and tells nobody.
TEST(Comparable, CountsTheMergeOfWhatIsMergedAlone) {
  EXPECT_EQ(names(comparable(record_of(Relation::pull_request,
                                       {{"merge_commit_sha", "a"}, {"merged_at", nullptr}}))),
            "merged_at");
  EXPECT_EQ(names(comparable(record_of(Relation::pull_request,
                                       {{"merge_commit_sha", "a"}, {"merged_at", "2026"}}))),
            "merge_commit_sha merged_at");
}

TEST(Comparable, LeavesOutHowAHooksLastDeliveryWentAndWhoClosedAnIssue) {
  EXPECT_EQ(names(comparable(
                record_of(Relation::repository_hook, {{"active", true}, {"last_response", 1}}))),
            "active");
  EXPECT_EQ(names(comparable(record_of(
                Relation::issue, {{"closed_at", 1}, {"closed_by_id", 1}, {"closed_by_login", 1}}))),
            "closed_at");
}

}  // namespace comparable_test
}  // namespace devy::records
