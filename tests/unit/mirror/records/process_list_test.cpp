// Pages of documents.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace process_list_test {

TEST(ProcessList, SkipsAndCountsInvalidDocuments) {
  Records records;
  const auto skipped = process_list(testing::document(R"([{"id":1},{"login":"x"},{"id":2},7])"),
                                    process_user, testing::api_origin(), records);
  EXPECT_EQ(records.size(), 2U);
  EXPECT_EQ(skipped.count, 2U);
  EXPECT_EQ(skipped.first_reason,
            "unable to read a document of table 'user': '1/id' must be a number above 0");
}

TEST(ProcessList, SkipsNothingOfAValidList) {
  Records records;
  const auto skipped = process_list(testing::document(R"([{"id":1}])"), process_user,
                                    testing::api_origin(), records);
  EXPECT_EQ(skipped.count, 0U);
  EXPECT_EQ(skipped.first_reason, "");
}

TEST(ProcessList, RefusesWhatIsNoList) {
  for (const auto* text : {R"({"id":1})", "null", "1"}) {
    Records records;
    try {
      static_cast<void>(
          process_list(testing::document(text), process_user, testing::api_origin(), records));
      ADD_FAILURE() << text;
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "document_invalid");
      EXPECT_EQ(error.text(), "unable to read a list of documents: it is no list");
    }
  }
}

// What is not the document's fault ends the page.
TEST(ProcessList, PassesOnOtherErrors) {
  const auto fail = [](const json::Value&, const Origin&, Records&) {
    throw base::Error(base::ErrorKind::internal, "unable to go on: a test");
  };
  Records records;
  EXPECT_THROW(static_cast<void>(
                   process_list(testing::document("[1]"), fail, testing::api_origin(), records)),
               base::Error);
}

}  // namespace process_list_test
}  // namespace devy::records
