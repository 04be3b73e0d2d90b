// Documents of issues, and what is nested in them.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace issue_test {

using testing::column;
using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;
using testing::time_at;

const std::string whole =
    R"({"id":10,"number":7,"node_id":"I10","state":"closed","state_reason":"completed",)"
    R"("type":{"id":1,"name":"Task"},"title":"t","body":null,"user":{"id":1,"login":"alice"},)"
    R"("assignee":{"id":2,"login":"bob"},"assignees":[{"id":3,"login":"carl"},)"
    R"({"id":2,"login":"bob"}],"closed_by":{"id":4,"login":"dora"},)"
    R"("milestone":{"id":20,"number":1,"title":"v1","updated_at":"2019-01-01T00:00:00Z"},)"
    R"("labels":[{"id":31,"name":"bug"},{"id":30,"name":"ui"}],"locked":true,)"
    R"("active_lock_reason":"spam","comments":5,"reactions":{"total_count":6},)"
    R"("author_association":"OWNER","created_at":"2020-01-01T00:00:00Z",)"
    R"("updated_at":"2021-01-01T00:00:00Z","closed_at":"2021-01-01T00:00:00Z"})";

TEST(IssueRecord, HasTheColumnsOfItsDocument) {
  const auto records = process(process_issue, whole);
  const auto* record = records.find(Relation::issue, 10);
  EXPECT_EQ(columns(record),
            R"({"active_lock_reason":"spam","assignee_id":2,"assignee_login":"bob",)"
            R"("author_association":"OWNER","body":null,"closed_at":"2021-01-01T00:00:00.000Z",)"
            R"("closed_by_id":4,"closed_by_login":"dora","comments_count":5,)"
            R"("created_at":"2020-01-01T00:00:00.000Z","is_pull_request":false,"locked":true,)"
            R"("milestone_id":20,"milestone_number":1,"node_id":"I10","number":7,)"
            R"("reactions_count":6,"repository_id":5,"state":"closed",)"
            R"("state_reason":"completed","title":"t","type":"Task",)"
            R"("updated_at":"2021-01-01T00:00:00.000Z","user_id":1,"user_login":"alice"})");
  EXPECT_EQ(record->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_TRUE(record->has_own_time);
  EXPECT_FALSE(record->is_added_only);
}

TEST(IssueRecord, HandsNestedDocumentsOn) {
  const auto records = process(process_issue, whole);
  for (const std::int64_t id : {1, 2, 3, 4}) {
    ASSERT_NE(records.find(Relation::user, id), nullptr) << id;
    EXPECT_EQ(records.find(Relation::user, id)->github_at, time_at("2021-01-01T00:00:00Z"));
  }
  EXPECT_EQ(column(records.find(Relation::milestone, 20), "title"), "\"v1\"");
  EXPECT_EQ(column(records.find(Relation::milestone, 20), "repository_id"), "5");
  EXPECT_EQ(records.find(Relation::milestone, 20)->github_at, time_at("2019-01-01T00:00:00Z"));
  EXPECT_EQ(column(records.find(Relation::label, 30), "name"), "\"ui\"");
  EXPECT_EQ(column(records.find(Relation::label, 30), "repository_id"), "5");
  EXPECT_EQ(records.find(Relation::label, 30)->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_EQ(records.size(), 8U);
  EXPECT_EQ(records.skipped().count, 0U);
}

TEST(IssueRecord, HasItsLinksAsOrderedSets) {
  const auto records = process(process_issue, whole);
  const auto& links = records.find(Relation::issue, 10)->links;
  EXPECT_EQ(links.repository_id, 5);
  EXPECT_EQ(links.number, 7);
  EXPECT_EQ(links.labels, (std::vector<LabelLink>{{30, "ui"}, {31, "bug"}}));
  EXPECT_EQ(links.assignees, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(links.requested_reviewers, std::nullopt);
}

TEST(IssueRecord, TellsAnEmptySetOfLinksFromNone) {
  const auto links = [](std::string_view text) {
    return process(process_issue, text).find(Relation::issue, 10)->links;
  };
  EXPECT_EQ(links(R"({"id":10})").labels, std::nullopt);
  EXPECT_EQ(links(R"({"id":10,"labels":null})").labels, std::nullopt);
  EXPECT_EQ(links(R"({"id":10,"labels":[]})").labels, std::vector<LabelLink>{});
  EXPECT_EQ(links(R"({"id":10})").assignees, std::nullopt);
  EXPECT_EQ(links(R"({"id":10,"assignees":[]})").assignees, std::vector<std::int64_t>{});
}

TEST(IssueRecord, LinksALabelThatIsAMereName) {
  const auto records = process(process_issue, R"({"id":10,"labels":["ui",{"id":3,"name":"bug"}]})");
  EXPECT_EQ(records.find(Relation::issue, 10)->links.labels,
            (std::vector<LabelLink>{{std::nullopt, "ui"}, {3, "bug"}}));
  EXPECT_EQ(records.of(Relation::label).size(), 1U);
  EXPECT_EQ(records.skipped().count, 0U);
}

TEST(IssueRecord, LinksALabelWithoutAnIdByItsName) {
  const auto records = process(process_issue, R"({"id":10,"labels":[{"name":"ui"}]})");
  EXPECT_EQ(records.find(Relation::issue, 10)->links.labels,
            (std::vector<LabelLink>{{std::nullopt, "ui"}}));
  EXPECT_EQ(records.skipped().count, 1U);
}

TEST(IssueRecord, LinksEachOnceWhenADocumentRepeatsIt) {
  const auto records = process(process_issue, R"({"id":10,"labels":["ui","ui"],)"
                                              R"("assignees":[{"id":2},{"id":1},{"id":2}]})");
  EXPECT_EQ(records.find(Relation::issue, 10)->links.labels->size(), 1U);
  EXPECT_EQ(records.find(Relation::issue, 10)->links.assignees, (std::vector<std::int64_t>{1, 2}));
}

TEST(IssueRecord, LeavesOutASetThatCannotBeReadWhole) {
  const auto records =
      process(process_issue, R"({"id":10,"labels":[{"id":3,"name":"bug"},{"color":"f00"}],)"
                             R"("assignees":[{"id":1},{"login":"ghost"}]})");
  EXPECT_EQ(records.find(Relation::issue, 10)->links.labels, std::nullopt);
  EXPECT_EQ(records.find(Relation::issue, 10)->links.assignees, std::nullopt);
  EXPECT_EQ(records.skipped().count, 2U);
  EXPECT_EQ(records.skipped().first_reason,
            "unable to read a document of table 'label': 'labels/1/id' must be a number above 0");
}

TEST(IssueRecord, LeavesOutASetThatIsTooLarge) {
  std::string many = "\"x\"";
  for (int i = 0; i < 1'000; ++i)
    many += ",\"x\"";
  const auto records = process(process_issue, R"({"id":10,"labels":[)" + many + "]}");
  EXPECT_EQ(records.find(Relation::issue, 10)->links.labels, std::nullopt);
}

TEST(IssueRecord, LosesWhoClosedItWhenItIsOpen) {
  const auto closed_by = [](std::string_view text) {
    const auto records = process(process_issue, text);
    return column(records.find(Relation::issue, 10), "closed_by_id") + " " +
           column(records.find(Relation::issue, 10), "closed_by_login");
  };
  EXPECT_EQ(closed_by(R"({"id":10,"state":"open"})"), "null null");
  EXPECT_EQ(closed_by(R"({"id":10,"state":"open","closed_by":{"id":4,"login":"d"}})"), "null null");
  EXPECT_EQ(closed_by(R"({"id":10,"state":"closed"})"), "absent absent");
  EXPECT_EQ(closed_by(R"({"id":10})"), "absent absent");
}

TEST(IssueRecord, TellsThatItIsAPullRequest) {
  const auto records = process(process_issue, R"({"id":10,"pull_request":{"url":"u"}})");
  EXPECT_EQ(column(records.find(Relation::issue, 10), "is_pull_request"), "true");
}

TEST(IssueRecord, SkipsANestedDocumentWithoutAnId) {
  const auto records = process(process_issue, R"({"id":10,"user":{"login":"ghost"},)"
                                              R"("milestone":{"title":"v1"},"assignee":"x"})");
  EXPECT_NE(records.find(Relation::issue, 10), nullptr);
  EXPECT_EQ(records.size(), 1U);
  EXPECT_EQ(records.skipped().count, 2U);
  EXPECT_EQ(records.skipped().first_reason,
            "unable to read a document of table 'user': 'user/id' must be a number above 0");
}

TEST(IssueRecord, BelievesAScopeOfItsRepositoryAlone) {
  const auto own = process(process_issue, whole, scoped_origin(5));
  EXPECT_FALSE(own.find(Relation::issue, 10)->is_added_only);
  EXPECT_FALSE(own.find(Relation::label, 30)->is_added_only);
  EXPECT_FALSE(own.find(Relation::milestone, 20)->is_added_only);
  EXPECT_TRUE(own.find(Relation::user, 1)->is_added_only);
  const auto foreign = process(process_issue, whole, scoped_origin(6));
  EXPECT_TRUE(foreign.find(Relation::issue, 10)->is_added_only);
  EXPECT_TRUE(foreign.find(Relation::label, 30)->is_added_only);
  EXPECT_TRUE(foreign.find(Relation::milestone, 20)->is_added_only);
}

TEST(IssueRecord, CutsItsTitleAndBody) {
  const auto records =
      process(process_issue, R"({"id":10,"title":")" + std::string(1'025, 't') + R"(","body":")" +
                                 std::string(262'145, 'b') + R"("})");
  constexpr std::size_t quotes = 2;
  EXPECT_EQ(column(records.find(Relation::issue, 10), "title").size(), 1'024 + quotes);
  EXPECT_EQ(column(records.find(Relation::issue, 10), "body").size(), 262'144 + quotes);
}

TEST(IssueRecord, HasNoNumberThatItsColumnCannotHold) {
  const auto records = process(process_issue, R"({"id":10,"number":2147483648})");
  EXPECT_EQ(records.find(Relation::issue, 10)->links.number, 0);
  EXPECT_EQ(column(records.find(Relation::issue, 10), "number"), "absent");
}

TEST(IssueRecord, RequiresAnIdAndARepository) {
  EXPECT_EQ(refusal(process_issue, R"({"number":1,"user":{"id":1}})"),
            "document_invalid: unable to read a document of table 'issue': "
            "'id' must be a number above 0");
  EXPECT_EQ(refusal(process_issue, R"({"id":10})", {}),
            "document_invalid: unable to read a document of table 'issue': "
            "'repository/id' must be a number above 0");
  EXPECT_EQ(refusal(process_issue, R"({"id":10,"repository":{"id":5}})", {}), "");
}

TEST(IssueRecord, LeavesNothingOfADocumentThatIsRefused) {
  Records records;
  EXPECT_THROW(process_issue(testing::document(R"({"user":{"id":1},"labels":[{"id":3}]})"),
                             testing::api_origin(), records),
               base::Error);
  EXPECT_EQ(records.size(), 0U);
}

}  // namespace issue_test
}  // namespace devy::records
