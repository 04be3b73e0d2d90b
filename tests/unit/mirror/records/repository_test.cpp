// Documents of repositories.
#include <gtest/gtest.h>

#include "core/mirror/records/without_identity.hpp"
#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace repository_test {

using testing::column;
using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;
using testing::time_at;

TEST(RepositoryRecord, HasTheColumnsOfItsDocument) {
  const auto records = process(
      process_repository,
      R"({"id":5,"node_id":"R5","name":"notes","full_name":"alice/notes","private":true,)"
      R"("owner":{"id":1,"login":"alice","type":"User"},"visibility":"private","description":"d",)"
      R"("homepage":"h","language":null,"topics":["a","b"],"default_branch":"main","fork":true,)"
      R"("parent":{"id":4},"archived":false,"disabled":false,"is_template":false,"size":1,)"
      R"("stargazers_count":2,"watchers_count":3,"forks_count":4,"open_issues_count":5,)"
      R"("has_issues":true,"has_projects":false,"has_downloads":true,"has_wiki":false,)"
      R"("has_pages":true,"has_discussions":false,"created_at":"2020-01-01T00:00:00Z",)"
      R"("updated_at":"2021-01-01T00:00:00Z","pushed_at":"2020-06-01T00:00:00Z"})");
  const auto* record = records.find(Relation::repository, 5);
  EXPECT_EQ(columns(record),
            R"({"archived":false,"created_at":"2020-01-01T00:00:00.000Z","default_branch":"main",)"
            R"("description":"d","disabled":false,"fork":true,"forks_count":4,)"
            R"("has_discussions":false,"has_downloads":true,"has_issues":true,"has_pages":true,)"
            R"("has_projects":false,"has_wiki":false,"homepage":"h","is_template":false,)"
            R"("language":null,"name":"notes","node_id":"R5","open_issues_count":5,)"
            R"("organization_id":null,"organization_login":null,"owner_id":1,)"
            R"("owner_login":"alice","parent_id":4,"private":true,)"
            R"("pushed_at":"2020-06-01T00:00:00.000Z","size":1,"stargazers_count":2,)"
            R"("topics":["a","b"],"updated_at":"2021-01-01T00:00:00.000Z",)"
            R"("visibility":"private","watchers_count":3})");
  EXPECT_EQ(record->github_at, time_at("2021-01-01T00:00:00Z"));
  EXPECT_TRUE(record->has_own_time);
}

TEST(RepositoryRecord, IsDatedByALaterPush) {
  for (const auto* pushed_at : {"1640995200", "\"2022-01-01T00:00:00Z\""}) {
    const auto records = process(
        process_repository,
        R"({"id":5,"created_at":1556476093,"updated_at":"2021-01-01T00:00:00Z","owner":{"id":1},)"
        R"("pushed_at":)" +
            std::string(pushed_at) + "}");
    EXPECT_EQ(records.find(Relation::repository, 5)->github_at, time_at("2022-01-01T00:00:00Z"));
    EXPECT_EQ(records.find(Relation::user, 1)->github_at, time_at("2022-01-01T00:00:00Z"));
    EXPECT_EQ(column(records.find(Relation::repository, 5), "pushed_at"),
              "\"2022-01-01T00:00:00.000Z\"");
    EXPECT_EQ(column(records.find(Relation::repository, 5), "created_at"),
              "\"2019-04-28T18:28:13.000Z\"");
  }
}

TEST(RepositoryRecord, HandsItsOwnerOn) {
  const auto records = process(process_repository, R"({"id":5,"updated_at":"2021-01-01T00:00:00Z",)"
                                                   R"("owner":{"id":1,"login":"alice"}})");
  EXPECT_EQ(column(records.find(Relation::user, 1), "login"), "\"alice\"");
  EXPECT_EQ(records.find(Relation::user, 1)->github_at, time_at("2021-01-01T00:00:00Z"));
}

TEST(RepositoryRecord, TakesItsOwnerForItsOrganization) {
  const auto organization_of = [](const std::string& members) {
    const auto records = process(process_repository, "{\"id\":5," + members + "}");
    const auto* record = records.find(Relation::repository, 5);
    return column(record, "organization_id") + " " + column(record, "organization_login");
  };
  const std::string owned = R"("owner":{"id":1,"login":"acme","type":"Organization"})";
  EXPECT_EQ(organization_of(owned), "1 \"acme\"");
  EXPECT_EQ(organization_of(owned + R"(,"organization":"acme")"), "1 \"acme\"");
  EXPECT_EQ(organization_of(owned + R"(,"organization":{"id":2,"login":"x"})"), "2 \"x\"");
  EXPECT_EQ(organization_of(R"("owner":{"id":1,"type":"User"})"), "null null");
  EXPECT_EQ(organization_of(R"("owner":{"id":1})"), "absent absent");
}

TEST(RepositoryRecord, TakesItsOwnersLoginWhereItHasAnOwner) {
  const auto records =
      process(process_repository, R"({"id":5,"full_name":"alice/notes","owner":{"login":"bob"}})");
  EXPECT_EQ(column(records.find(Relation::repository, 5), "owner_login"), "\"bob\"");
}

// The form of installations: without owner and times.
TEST(RepositoryRecord, IsOnlyAddedWithoutItsTime) {
  const auto records = process(
      process_repository, R"({"id":5,"name":"notes","full_name":"alice/notes","private":true})");
  const auto* record = records.find(Relation::repository, 5);
  EXPECT_EQ(columns(record), R"({"name":"notes","owner_login":"alice","private":true})");
  EXPECT_TRUE(record->is_added_only);
  EXPECT_EQ(record->github_at, std::nullopt);
}

TEST(RepositoryRecord, IsOnlyAddedUnderTheScopeOfAnother) {
  const std::string text =
      R"({"id":6,"updated_at":"2021-01-01T00:00:00Z","pushed_at":"2020-01-01T00:00:00Z"})";
  const auto foreign = process(process_repository, text, scoped_origin(5));
  EXPECT_TRUE(foreign.find(Relation::repository, 6)->is_added_only);
  EXPECT_EQ(foreign.find(Relation::repository, 6)->github_at, std::nullopt);
  const auto own = process(process_repository, text, scoped_origin(6));
  EXPECT_FALSE(own.find(Relation::repository, 6)->is_added_only);
  EXPECT_EQ(own.find(Relation::repository, 6)->github_at, time_at("2021-01-01T00:00:00Z"));
}

TEST(RepositoryRecord, RequiresAnId) {
  EXPECT_EQ(refusal(process_repository, R"({"name":"notes"})"),
            "document_invalid: unable to read a document of table 'repository': "
            "'id' must be a number above 0");
}

// The secret of a repository is known to its administrators: they could say it were another one.
TEST(RepositoryRecord, TellsNothingOfWhoItIsWithoutIdentity) {
  const auto records = process(
      process_repository,
      R"({"id":5,"name":"evil","full_name":"eve/evil","owner":{"id":9,"login":"eve","type":"User"},)"
      R"("private":false,"visibility":"public","open_issues_count":5,"fork":true,"parent":{"id":4},)"
      R"("updated_at":"2021-01-01T00:00:00Z"})");
  const auto told = without_identity(*records.find(Relation::repository, 5));
  EXPECT_EQ(columns(&told), R"({"open_issues_count":5,"updated_at":"2021-01-01T00:00:00.000Z"})");
  const auto hidden = process(
      process_repository,
      R"({"id":5,"private":true,"visibility":"private","updated_at":"2021-01-01T00:00:00Z"})");
  const auto may_hide = without_identity(*hidden.find(Relation::repository, 5));
  EXPECT_NE(columns(&may_hide).find("\"private\":true"), std::string::npos);
}

}  // namespace repository_test
}  // namespace devy::records
