// Documents of pull requests: of lists, whole ones, and what is nested in them.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace pull_request_test {

using testing::column;
using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;
using testing::time_at;

// The members of a document of a list.
const std::string listed =
    R"("id":10,"number":7,"node_id":"P10","state":"open","draft":false,"locked":false,"title":"t",)"
    R"("body":"b","user":{"id":1,"login":"alice"},"assignee":null,"assignees":[{"id":2}],)"
    R"("requested_reviewers":[{"id":3,"login":"carl"}],"labels":[{"id":30,"name":"ui"}],)"
    R"("milestone":{"id":20,"number":1,"updated_at":"2019-01-01T00:00:00Z"},)"
    R"("base":{"ref":"main","sha":"b1","repo":{"id":5,"updated_at":"2018-01-01T00:00:00Z",)"
    R"("owner":{"id":1}}},"head":{"ref":"fix","sha":"h1","repo":{"id":6,)"
    R"("updated_at":"2017-01-01T00:00:00Z","owner":{"id":9}}},"merge_commit_sha":"m1",)"
    R"("author_association":"OWNER","created_at":"2020-01-01T00:00:00Z",)"
    R"("updated_at":"2021-01-01T00:00:00Z","closed_at":null,"merged_at":null)";
// Single answers and webhooks alone have these, and `mergeable`.
const std::string details =
    R"(,"merged":false,"merged_by":null,"mergeable_state":"clean","comments":1,)"
    R"("review_comments":2,"commits":3,"additions":4,"deletions":5,"changed_files":6)";

TEST(PullRequestRecord, HasTheColumnsOfADocumentOfAList) {
  const auto records = process(process_pull_request, "{" + listed + "}");
  const auto* record = records.find(Relation::pull_request, 10);
  EXPECT_EQ(columns(record),
            R"({"assignee_id":null,"assignee_login":null,"author_association":"OWNER",)"
            R"("base_ref":"main","base_sha":"b1","body":"b","closed_at":null,)"
            R"("created_at":"2020-01-01T00:00:00.000Z",)"
            R"("draft":false,"head_ref":"fix","head_repo_id":6,"head_sha":"h1","locked":false,)"
            R"("merge_commit_sha":"m1","merged_at":null,"milestone_id":20,"milestone_number":1,)"
            R"("node_id":"P10","number":7,"repository_id":5,"state":"open","title":"t",)"
            R"("updated_at":"2021-01-01T00:00:00.000Z","user_id":1,"user_login":"alice"})");
  EXPECT_EQ(record->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_FALSE(record->mergeable_is_unknown);
}

TEST(PullRequestRecord, HasDetailsAndTheirTimeWhereTheDocumentHasThem) {
  const auto records =
      process(process_pull_request, "{" + listed + details + R"(,"mergeable":true})");
  const auto* record = records.find(Relation::pull_request, 10);
  std::string found;
  for (const auto* name : {"merged", "merged_by_id", "merged_by_login", "mergeable",
                           "mergeable_state", "comments_count", "review_comments_count",
                           "commits_count", "additions", "deletions", "changed_files", "detail_at"})
    found += column(record, name) + " ";
  EXPECT_EQ(found, R"(false null null true "clean" 1 2 3 4 5 6 "2021-01-01T00:00:00.000Z" )");
  EXPECT_FALSE(record->mergeable_is_unknown);
}

TEST(PullRequestRecord, LeavesOutAMergeableThatIsUnknown) {
  const auto records =
      process(process_pull_request, "{" + listed + details + R"(,"mergeable":null})");
  const auto* record = records.find(Relation::pull_request, 10);
  EXPECT_EQ(column(record, "mergeable"), "absent");
  EXPECT_TRUE(record->mergeable_is_unknown);
}

TEST(PullRequestRecord, TellsAnAbsentMergeableFromAnUnknownOne) {
  const auto records = process(process_pull_request, "{" + listed + details + "}");
  EXPECT_FALSE(records.find(Relation::pull_request, 10)->mergeable_is_unknown);
}

TEST(PullRequestRecord, HandsNestedDocumentsOn) {
  const auto records =
      process(process_pull_request,
              "{" + listed + R"(,"merged":true,"merged_by":{"id":4,"login":"dora"}})");
  for (const std::int64_t id : {1, 2, 3, 4, 9})
    EXPECT_NE(records.find(Relation::user, id), nullptr) << id;
  EXPECT_EQ(records.find(Relation::repository, 5)->github_at, time_at("2018-01-01T00:00:00Z"));
  EXPECT_EQ(records.find(Relation::repository, 6)->github_at, time_at("2017-01-01T00:00:00Z"));
  EXPECT_EQ(column(records.find(Relation::milestone, 20), "repository_id"), "5");
  EXPECT_EQ(records.find(Relation::user, 3)->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_EQ(records.find(Relation::label, 30)->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_EQ(column(records.find(Relation::pull_request, 10), "merged_by_id"), "4");
}

TEST(PullRequestRecord, IsNotMadeIntoAnIssue) {
  const auto records = process(process_pull_request, "{" + listed + "}");
  EXPECT_TRUE(records.of(Relation::issue).empty());
}

TEST(PullRequestRecord, HasItsLinksAsSets) {
  const auto records = process(process_pull_request, "{" + listed + "}");
  const auto& links = records.find(Relation::pull_request, 10)->links;
  EXPECT_EQ(links.repository_id, 5);
  EXPECT_EQ(links.number, 7);
  EXPECT_EQ(links.labels, (std::vector<LabelLink>{{30, "ui"}}));
  EXPECT_EQ(links.assignees, std::vector<std::int64_t>{2});
  EXPECT_EQ(links.requested_reviewers, std::vector<std::int64_t>{3});
}

// Teams have ids of their own, which are those of some users.
TEST(PullRequestRecord, TakesNoTeamForAReviewer) {
  const auto records =
      process(process_pull_request,
              R"({"id":10,"requested_reviewers":[{"id":3,"slug":"core","name":"Core"},)"
              R"({"id":4,"login":"d"}]})");
  EXPECT_EQ(records.find(Relation::pull_request, 10)->links.requested_reviewers,
            std::vector<std::int64_t>{4});
  EXPECT_EQ(records.find(Relation::user, 3), nullptr);
}

TEST(PullRequestRecord, LosesAForkThatIsGone) {
  const auto records =
      process(process_pull_request, R"({"id":10,"head":{"ref":"fix","sha":"h","repo":null}})");
  EXPECT_EQ(column(records.find(Relation::pull_request, 10), "head_repo_id"), "null");
  EXPECT_TRUE(records.of(Relation::repository).empty());
}

TEST(PullRequestRecord, BelongsToTheRepositoryOfItsBase) {
  const auto records =
      process(process_pull_request,
              R"({"id":10,"base":{"repo":{"id":8}},"labels":[{"id":30,"name":"x"}]})");
  EXPECT_EQ(column(records.find(Relation::label, 30), "repository_id"), "8");
  EXPECT_EQ(column(records.find(Relation::pull_request, 10), "repository_id"), "8");
  EXPECT_EQ(records.find(Relation::pull_request, 10)->links.repository_id, 8);
}

TEST(PullRequestRecord, BelievesAScopeOfItsBaseAlone) {
  const auto own = process(process_pull_request, "{" + listed + "}", scoped_origin(5));
  EXPECT_FALSE(own.find(Relation::pull_request, 10)->is_added_only);
  EXPECT_FALSE(own.find(Relation::repository, 5)->is_added_only);
  EXPECT_TRUE(own.find(Relation::repository, 6)->is_added_only);
  EXPECT_TRUE(own.find(Relation::user, 1)->is_added_only);
  const auto foreign = process(process_pull_request, "{" + listed + "}", scoped_origin(6));
  EXPECT_TRUE(foreign.find(Relation::pull_request, 10)->is_added_only);
  EXPECT_TRUE(foreign.find(Relation::milestone, 20)->is_added_only);
  EXPECT_FALSE(foreign.find(Relation::repository, 6)->is_added_only);
}

// The form of workflows: the time of what it stands in says nothing of it.
TEST(PullRequestRecord, IsOnlyAddedWithoutItsTime) {
  const auto records =
      process(process_pull_request, R"({"id":10,"number":7,"base":{"repo":{"id":5,"name":"n"}}})");
  EXPECT_TRUE(records.find(Relation::pull_request, 10)->is_added_only);
  EXPECT_TRUE(records.find(Relation::repository, 5)->is_added_only);
}

TEST(PullRequestRecord, RequiresAnIdAndARepository) {
  EXPECT_EQ(refusal(process_pull_request, R"({"number":7})"),
            "document_invalid: unable to read a document of table 'pull_request': "
            "'id' must be a number above 0");
  EXPECT_EQ(refusal(process_pull_request, R"({"id":10})", {}),
            "document_invalid: unable to read a document of table 'pull_request': "
            "'base/repo/id' must be a number above 0");
}

}  // namespace pull_request_test
}  // namespace devy::records
