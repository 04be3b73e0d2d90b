// Two documents of one row in one batch, and the order in which rows are handed out.
#include "core/mirror/records/records.hpp"

#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace records_test {

using json::Json;
using testing::time_at;

constexpr const char* early = "2026-01-01T00:00:00Z";
constexpr const char* late = "2026-01-01T00:00:01Z";

Record record_of(const char* time, Json::Fields columns) {
  return {.relation = Relation::pull_request,
          .id = 1,
          .github_at = time_at(time),
          .columns = std::move(columns)};
}

// The columns of the row after both, added in this order.
std::string joined(Record first, Record second) {
  Records records;
  records.add(std::move(first));
  records.add(std::move(second));
  EXPECT_EQ(records.size(), 1U);
  return testing::columns(records.find(Relation::pull_request, 1));
}

TEST(Records, LetsTheNewerDocumentWinInAnyOrder) {
  const auto older = record_of(early, {{"title", "a"}, {"state", "open"}, {"draft", true}});
  const auto newer = record_of(late, {{"title", "b"}, {"state", nullptr}});
  EXPECT_EQ(joined(older, newer), R"({"draft":true,"state":null,"title":"b"})");
  EXPECT_EQ(joined(newer, older), R"({"draft":true,"state":null,"title":"b"})");
}

TEST(Records, TakesTheTimeOfTheNewerDocument) {
  Records records;
  records.add(record_of(late, {}));
  records.add(record_of(early, {}));
  EXPECT_EQ(records.find(Relation::pull_request, 1)->github_at, time_at(late));
}

TEST(Records, TakesADocumentWithoutATimeForTheOlderOne) {
  auto undated = record_of(late, {{"title", "a"}});
  undated.github_at = std::nullopt;
  EXPECT_EQ(joined(record_of(early, {{"title", "b"}}), undated), R"({"title":"b"})");
  EXPECT_EQ(joined(undated, record_of(early, {{"title", "b"}})), R"({"title":"b"})");
}

TEST(Records, LetsTheFullerOfTwoAtOneTimeWin) {
  const auto full = record_of(early, {{"title", "a"}, {"merged", true}});
  const auto brief = record_of(early, {{"title", "b"}});
  EXPECT_EQ(joined(full, brief), R"({"merged":true,"title":"a"})");
  EXPECT_EQ(joined(brief, full), R"({"merged":true,"title":"a"})");
  EXPECT_EQ(joined(brief, record_of(early, {{"title", "c"}})), R"({"title":"c"})");
}

TEST(Records, LetsABelievedDocumentWinOverOneThatIsOnlyAdded) {
  auto forged = record_of(late, {{"title", "forged"}, {"draft", true}});
  forged.is_added_only = true;
  const auto believed = record_of(early, {{"title", "true"}});
  EXPECT_EQ(joined(forged, believed), R"({"title":"true"})");
  EXPECT_EQ(joined(believed, forged), R"({"title":"true"})");
}

TEST(Records, HandsColumnsOutInTheOrderOfTheirNames) {
  EXPECT_EQ(joined(record_of(late, {{"title", "b"}}), record_of(early, {{"draft", true}})),
            R"({"draft":true,"title":"b"})");
  Records records;
  records.add(record_of(early, {{"title", "b"}, {"body", "a"}}));
  EXPECT_EQ(testing::columns(records.find(Relation::pull_request, 1)),
            R"({"body":"a","title":"b"})");
}

Record with_mergeable() {
  return record_of(early, {{"base_sha", "b"}, {"head_sha", "h"}, {"mergeable", true}});
}

// A later document, for which GitHub had not computed it.
Record without_mergeable(const char* base_sha, const char* head_sha) {
  auto record = record_of(late, {{"base_sha", base_sha}, {"head_sha", head_sha}});
  record.mergeable_is_unknown = true;
  return record;
}

TEST(Records, KeepsAnOlderMergeableOfTheSameCommits) {
  Records records;
  records.add(without_mergeable("b", "h"));
  records.add(with_mergeable());
  const auto* joined = records.find(Relation::pull_request, 1);
  EXPECT_EQ(testing::column(joined, "mergeable"), "true");
  EXPECT_FALSE(joined->mergeable_is_unknown);
}

TEST(Records, DropsAnOlderMergeableOfOtherCommits) {
  for (const auto& newer : {without_mergeable("b", "moved"), without_mergeable("moved", "h")}) {
    Records records;
    records.add(with_mergeable());
    records.add(newer);
    const auto* joined = records.find(Relation::pull_request, 1);
    EXPECT_EQ(testing::column(joined, "mergeable"), "absent");
    EXPECT_TRUE(joined->mergeable_is_unknown);
  }
}

// Its detail_at tells that it is of the older document.
TEST(Records, KeepsAnOlderMergeableWhenANewerDocumentHasNoDetails) {
  EXPECT_EQ(joined(with_mergeable(), record_of(late, {{"base_sha", "b"}, {"head_sha", "moved"}})),
            R"({"base_sha":"b","head_sha":"moved","mergeable":true})");
}

TEST(Records, KeepsThatMergeableIsUnknownWhenANewerDocumentHasNoDetails) {
  auto older = without_mergeable("b", "h");
  older.github_at = time_at(early);
  Records records;
  records.add(older);
  records.add(record_of(late, {{"base_sha", "b"}, {"head_sha", "h"}}));
  EXPECT_TRUE(records.find(Relation::pull_request, 1)->mergeable_is_unknown);
}

TEST(Records, CompletesSetsOfLinks) {
  auto older = record_of(early, {});
  older.links.number = 7;
  older.links.labels = std::vector<LabelLink>{{1, "bug"}};
  older.links.assignees = std::vector<std::int64_t>{2};
  auto newer = record_of(late, {});
  newer.links.assignees = std::vector<std::int64_t>{};
  newer.links.requested_reviewers = std::vector<std::int64_t>{3};
  Records records;
  records.add(newer);
  records.add(older);
  const auto& links = records.find(Relation::pull_request, 1)->links;
  EXPECT_EQ(links.number, 7);
  EXPECT_EQ(links.labels, (std::vector<LabelLink>{{1, "bug"}}));
  EXPECT_EQ(links.assignees, std::vector<std::int64_t>{});
  EXPECT_EQ(links.requested_reviewers, std::vector<std::int64_t>{3});
}

TEST(Records, HandsRowsOutByTheirKeys) {
  Records records;
  for (const std::int64_t id : {30, 4, 100})
    records.add({.relation = Relation::issue, .id = id});
  records.add({.relation = Relation::pull_request, .id = 1});
  for (const auto* name : {"b", "a", "B"})
    records.add({.relation = Relation::pull_request_file, .id = 9, .filename = name});
  for (const std::int64_t repository : {6, 5})
    records.add({.relation = Relation::user_repository, .id = 8, .second_id = repository});
  std::vector<std::int64_t> ids, repositories;
  for (const auto* record : records.of(Relation::issue))
    ids.push_back(record->id);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{4, 30, 100}));
  for (const auto* record : records.of(Relation::user_repository))
    repositories.push_back(record->second_id);
  EXPECT_EQ(repositories, (std::vector<std::int64_t>{5, 6}));
  std::string names;
  for (const auto* record : records.of(Relation::pull_request_file))
    names += record->filename;
  EXPECT_EQ(names, "Bab");
  EXPECT_TRUE(records.of(Relation::user).empty());
  EXPECT_EQ(records.size(), 9U);
}

TEST(Records, FindsNothingForAnotherKey) {
  Records records;
  records.add({.relation = Relation::issue, .id = 4});
  EXPECT_NE(records.find(Relation::issue, 4), nullptr);
  EXPECT_EQ(records.find(Relation::issue, 3), nullptr);
  EXPECT_EQ(records.find(Relation::issue, 5), nullptr);
  EXPECT_EQ(records.find(Relation::label, 4), nullptr);
}

TEST(Records, NamesTheTablesInTheOrderOfTheirLocks) {
  std::string names;
  for (const auto relation : relations)
    names += std::string(to_string(relation)) + " ";
  EXPECT_EQ(names,
            "user repository user_repository repository_hook label milestone issue pull_request "
            "pull_request_file issue_comment ");
}

}  // namespace records_test
}  // namespace devy::records
