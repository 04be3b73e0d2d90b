// Documents of labels.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace label_test {

using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;

TEST(LabelRecord, HasTheColumnsOfItsDocument) {
  const auto records = process(
      process_label,
      R"({"id":2,"node_id":"L2","name":"bug","color":"f00","default":true,"description":null})");
  const auto* record = records.find(Relation::label, 2);
  EXPECT_EQ(columns(record), R"({"color":"f00","description":null,"is_default":true,)"
                             R"("name":"bug","node_id":"L2","repository_id":5})");
  EXPECT_EQ(record->github_at, testing::api_origin().github_at);
  EXPECT_FALSE(record->has_own_time);
  EXPECT_FALSE(record->is_added_only);
}

TEST(LabelRecord, IsOnlyAddedUnderTheScopeOfAnother) {
  const auto foreign = process(process_label, R"({"id":2})", scoped_origin(6));
  EXPECT_TRUE(foreign.find(Relation::label, 2)->is_added_only);
  EXPECT_EQ(foreign.find(Relation::label, 2)->github_at, std::nullopt);
  const auto own = process(process_label, R"({"id":2})", scoped_origin(5));
  EXPECT_FALSE(own.find(Relation::label, 2)->is_added_only);
}

TEST(LabelRecord, RequiresAnIdAndARepository) {
  EXPECT_EQ(refusal(process_label, R"("bug")"),
            "document_invalid: unable to read a document of table 'label': "
            "'id' must be a number above 0");
  EXPECT_EQ(refusal(process_label, R"({"id":2})", {}),
            "document_invalid: unable to read a document of table 'label': "
            "'repository/id' must be a number above 0");
}

}  // namespace label_test
}  // namespace devy::records
