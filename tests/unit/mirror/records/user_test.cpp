// Documents of users and organizations.
#include <gtest/gtest.h>

#include "tests/support/mirror/documents.hpp"

namespace devy::records {
namespace user_test {

using testing::columns;
using testing::process;
using testing::refusal;
using testing::scoped_origin;

TEST(UserRecord, HasTheColumnsOfTheShortForm) {
  const auto records = process(
      process_user, R"({"id":1,"login":"alice","node_id":"U1","type":"User","site_admin":false,)"
                    R"("avatar_url":"a"})");
  EXPECT_EQ(
      columns(records.find(Relation::user, 1)),
      R"({"avatar_url":"a","login":"alice","node_id":"U1","site_admin":false,"type":"User"})");
}

TEST(UserRecord, HasTheProfileOfTheWholeForm) {
  const auto records = process(
      process_user,
      R"({"id":1,"login":"alice","name":"Alice","company":null,"blog":"b","location":"l",)"
      R"("email":"e","hireable":null,"bio":"x","public_repos":2,"public_gists":3,"followers":4,)"
      R"("following":5,"created_at":"2020-01-01T00:00:00Z","updated_at":"2021-01-01T00:00:00Z"})");
  EXPECT_EQ(columns(records.find(Relation::user, 1)),
            R"({"bio":"x","blog":"b","company":null,"created_at":"2020-01-01T00:00:00.000Z",)"
            R"("email":"e","followers_count":4,"following_count":5,"hireable":null,)"
            R"("location":"l","login":"alice","name":"Alice","public_gists_count":3,)"
            R"("public_repos_count":2,"updated_at":"2021-01-01T00:00:00.000Z"})");
}

// A push calls the owner's login `name`, and the address of commits `email`.
TEST(UserRecord, LeavesOutTheNameOfAPushesOwner) {
  const auto records =
      process(process_user, R"({"id":1,"login":"alice","name":"alice","email":"a@b"})");
  EXPECT_EQ(columns(records.find(Relation::user, 1)), R"({"login":"alice"})");
}

// Else the profile, older than any issue of the user, would never be written.
TEST(UserRecord, TakesTheTimeOfItsCarrierEvenWhereItHasAnUpdate) {
  const auto records =
      process(process_user, R"({"id":1,"followers":4,"updated_at":"2021-01-01T00:00:00Z"})");
  EXPECT_EQ(records.find(Relation::user, 1)->github_at, testing::api_origin().github_at);
  EXPECT_FALSE(records.find(Relation::user, 1)->has_own_time);
}

TEST(UserRecord, IsOnlyAddedUnderAScope) {
  const auto records = process(process_user, R"({"id":1,"login":"x"})", scoped_origin());
  EXPECT_TRUE(records.find(Relation::user, 1)->is_added_only);
  EXPECT_EQ(records.find(Relation::user, 1)->github_at, std::nullopt);
  EXPECT_FALSE(process(process_user, R"({"id":1})").find(Relation::user, 1)->is_added_only);
}

TEST(UserRecord, RequiresAnId) {
  constexpr const char* expected =
      "document_invalid: unable to read a document of table 'user': 'id' must be a number above 0";
  for (const auto* text : {"{}", R"({"id":null})", R"({"id":"1"})", R"({"id":0})", R"({"id":-1})",
                           R"({"id":1.5})", "[]", "1", R"("alice")"})
    EXPECT_EQ(refusal(process_user, text), expected) << text;
}

}  // namespace user_test
}  // namespace devy::records
