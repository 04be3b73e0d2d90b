// Documents of milestones.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace milestone_test {

using testing::columns;
using testing::process;
using testing::refusal;
using testing::time_at;

TEST(MilestoneRecord, HasTheColumnsOfItsDocument) {
  const auto records =
      process(process_milestone,
              R"({"id":4,"number":1,"node_id":"M4","state":"open","title":"v1","description":null,)"
              R"("creator":{"id":1,"login":"alice"},"open_issues":2,"closed_issues":3,)"
              R"("created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z",)"
              R"("closed_at":null,"due_on":"2022-01-01T00:00:00Z"})");
  const auto* record = records.find(Relation::milestone, 4);
  EXPECT_EQ(columns(record),
            R"({"closed_at":null,"closed_issues_count":3,"created_at":"2020-01-01T00:00:00.000Z",)"
            R"("creator_id":1,"creator_login":"alice","description":null,)"
            R"("due_at":"2022-01-01T00:00:00.000Z","node_id":"M4","number":1,)"
            R"("open_issues_count":2,"repository_id":5,"state":"open","title":"v1",)"
            R"("updated_at":"2021-01-01T00:00:00.000Z"})");
  EXPECT_EQ(record->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_EQ(records.find(Relation::user, 1)->github_at, time_at("2021-01-01T00:00:00Z"));
}

TEST(MilestoneRecord, LosesItsCreatorWithTheAccount) {
  const auto records = process(process_milestone, R"({"id":4,"creator":null})");
  EXPECT_EQ(columns(records.find(Relation::milestone, 4)),
            R"({"creator_id":null,"creator_login":null,"repository_id":5})");
}

TEST(MilestoneRecord, RequiresAnIdAndARepository) {
  EXPECT_EQ(refusal(process_milestone, R"({"number":1})"),
            "document_invalid: unable to read a document of table 'milestone': "
            "'id' must be a number above 0");
  EXPECT_EQ(refusal(process_milestone, R"({"id":4})", {}),
            "document_invalid: unable to read a document of table 'milestone': "
            "'repository/id' must be a number above 0");
}

}  // namespace milestone_test
}  // namespace devy::records
