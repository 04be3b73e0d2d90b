// Documents of webhooks.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace repository_hook_test {

using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;
using testing::time_at;

TEST(RepositoryHookRecord, HasTheColumnsOfItsDocument) {
  const auto records = process(
      process_repository_hook,
      R"({"type":"Repository","id":3,"name":"web","active":true,"events":["issues","push"],)"
      R"("config":{"url":"u","content_type":"json","insecure_ssl":"0","secret":"********"},)"
      R"("created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z",)"
      R"("last_response":{"code":null,"status":"unused","message":null}})");
  const auto* record = records.find(Relation::repository_hook, 3);
  EXPECT_EQ(columns(record),
            R"({"active":true,"config":{"content_type":"json","insecure_ssl":"0","url":"u"},)"
            R"("created_at":"2020-01-01T00:00:00.000Z","events":["issues","push"],)"
            R"("last_response":{"code":null,"message":null,"status":"unused"},"name":"web",)"
            R"("repository_id":5,"updated_at":"2021-01-01T00:00:00.000Z","url":"u"})");
  EXPECT_EQ(record->github_at, time_at("2021-01-01T00:00:00Z"));
}

TEST(RepositoryHookRecord, RequiresAHookOfARepository) {
  for (const auto* type : {"\"Organization\"", "\"App\"", "1"})
    EXPECT_EQ(refusal(process_repository_hook, "{\"id\":3,\"type\":" + std::string(type) + "}"),
              "document_invalid: unable to read a document of table 'repository_hook': "
              "'type' must be 'Repository'");
  EXPECT_EQ(refusal(process_repository_hook, R"({"id":3})"), "");
}

TEST(RepositoryHookRecord, IsOnlyAddedUnderTheScopeOfAnother) {
  const std::string text = R"({"id":3,"updated_at":"2021-01-01T00:00:00Z"})";
  EXPECT_TRUE(process(process_repository_hook, text, scoped_origin(6))
                  .find(Relation::repository_hook, 3)
                  ->is_added_only);
  EXPECT_FALSE(process(process_repository_hook, text, scoped_origin(5))
                   .find(Relation::repository_hook, 3)
                   ->is_added_only);
}

}  // namespace repository_hook_test
}  // namespace devy::records
