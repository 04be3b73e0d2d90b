// Permissions of users, from their own lists, from answers about them, and from roles.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace user_repository_test {

using testing::column;
using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;

Records permissions_of(std::string_view text) {
  Records records;
  process_user_repository(testing::document(text), 7, testing::api_origin(), records);
  return records;
}

TEST(UserRepositoryRecord, HasThePermissionsOfTheUsersOwnList) {
  const auto records = permissions_of(
      R"({"id":5,"permissions":{"admin":false,"maintain":false,"push":true,"triage":true,)"
      R"("pull":true}})");
  const auto* record = records.find(Relation::user_repository, 7);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->second_id, 5);
  EXPECT_EQ(columns(record),
            R"({"can_admin":false,"can_maintain":false,"can_pull":true,"can_push":true,)"
            R"("can_triage":true})");
  EXPECT_EQ(record->github_at, testing::api_origin().github_at);
}

TEST(UserRepositoryRecord, RequiresPermissions) {
  const auto refuse = [](const char* text) {
    try {
      static_cast<void>(permissions_of(text));
    } catch (const base::Error& error) {
      return error.text();
    }
    return std::string();
  };
  EXPECT_EQ(refuse(R"({"id":5})"),
            "unable to read a document of table 'user_repository': "
            "'permissions' must be permissions");
  EXPECT_EQ(refuse(R"({"permissions":{"pull":true}})"),
            "unable to read a document of table 'user_repository': 'id' must be a number above 0");
}

TEST(UserRepositoryRecord, ReadsTheAnswerAboutACollaborator) {
  const auto records = process(
      process_permission,
      R"({"permission":"write","role_name":"maintain","user":{"id":7,"login":"bob",)"
      R"("permissions":{"pull":true,"triage":true,"push":true,"maintain":true,"admin":false}}})");
  EXPECT_EQ(records.find(Relation::user_repository, 7)->second_id, 5);
  EXPECT_EQ(column(records.find(Relation::user_repository, 7), "can_maintain"), "true");
  EXPECT_EQ(column(records.find(Relation::user_repository, 7), "can_admin"), "false");
  EXPECT_EQ(column(records.find(Relation::user, 7), "login"), "\"bob\"");
}

TEST(UserRepositoryRecord, ReadsTheRoleWhereAnAnswerHasNoPermissions) {
  const auto can_maintain = [](std::string_view members) {
    const auto records =
        process(process_permission, R"({"user":{"id":7},)" + std::string(members) + "}");
    return column(records.find(Relation::user_repository, 7), "can_maintain");
  };
  EXPECT_EQ(can_maintain(R"("permission":"write","role_name":"maintain")"), "true");
  EXPECT_EQ(can_maintain(R"("permission":"write")"), "false");
  EXPECT_EQ(refusal(process_permission, R"({"user":{"id":7},"role_name":"reviewers"})"),
            "document_invalid: unable to read a document of table 'user_repository': "
            "'permission' must be a role of GitHub");
}

TEST(UserRepositoryRecord, HasWhatARoleMayDo) {
  const auto permissions = [](std::string_view role) {
    Records records;
    if (!add_role(role, {.user_id = 7, .repository_id = 6}, testing::api_origin(), records))
      return std::string("unknown");
    const auto* record = records.find(Relation::user_repository, 7);
    EXPECT_EQ(record->second_id, 6);
    std::string letters;
    for (const auto* name : {"can_pull", "can_triage", "can_push", "can_maintain", "can_admin"})
      letters += column(record, name).front();
    return letters;
  };
  EXPECT_EQ(permissions("none"), "fffff");
  EXPECT_EQ(permissions("read"), "tffff");
  EXPECT_EQ(permissions("triage"), "ttfff");
  EXPECT_EQ(permissions("write"), "tttff");
  EXPECT_EQ(permissions("maintain"), "ttttf");
  EXPECT_EQ(permissions("admin"), "ttttt");
  EXPECT_EQ(permissions("reviewers"), "unknown");
}

TEST(UserRepositoryRecord, IsOnlyAddedUnderTheScopeOfAnother) {
  Records records;
  add_role("admin", {7, 6}, scoped_origin(5), records);
  add_role("admin", {8, 5}, scoped_origin(5), records);
  EXPECT_TRUE(records.find(Relation::user_repository, 7)->is_added_only);
  EXPECT_FALSE(records.find(Relation::user_repository, 8)->is_added_only);
}

}  // namespace user_repository_test
}  // namespace devy::records
