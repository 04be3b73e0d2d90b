// Scans of the stand-in for GitHub: all that is new is stored, once.
#include <gtest/gtest.h>

#include "tests/integration/gists/gist_fixture.hpp"

namespace devy::gists {
namespace scan_test {

using Lines = std::vector<std::string>;

class GistScan : public GistFixture {};

TEST_F(GistScan, StoresEveryPageOfTheList) {
  act(R"([{"do": "create_gists", "owner": "Alice", "count": 236}])");
  // One more comes while the second page is read, and moves the others.
  act(R"([{"do": "gist_page_acts", "page": 2, "acts":
           [{"do": "create_gists", "owner": "Alice", "count": 1, "prefix": "late"}]}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(value("select count(*) from gist"), "236");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(value("select count(*) from gist"), "237");
  EXPECT_EQ(value("select count(*) from gist_version"), "237");
  EXPECT_EQ(value("select count(*) = max(seq) from gist_version"), "t");
}

// The list is read two pages beyond gists.per_user_max, so that a deletion frees a place; of what
// is new only so many are stored, and the others stay out until somebody raises the limit.
TEST_F(GistScan, StoresNoMoreGistsOfAUserThanMayBe) {
  config_.gists.per_user_max = 100;
  act(R"([{"do": "create_gists", "owner": "Alice", "count": 420}])");
  track("alice");
  static_cast<void>(requests());
  EXPECT_EQ(scan("alice", true), "completed");
  EXPECT_EQ(value("select count(*) from gist"), "100");
  int lists = 0;
  for (const auto& request : requests())
    lists += request.starts_with("GET /users/alice/gists ") ? 1 : 0;
  EXPECT_EQ(lists, 3);
  config_.gists.per_user_max = 1'000;
  EXPECT_EQ(scan("alice", true), "completed");
  EXPECT_EQ(value("select count(*) from gist"), "420");
}

TEST_F(GistScan, AsksAboutAQuietUserOnceAndForNothing) {
  act(R"([{"do": "create_gists", "owner": "Alice", "count": 3}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(scan("alice"), "completed");  // the list from the watermark on
  static_cast<void>(requests());
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(requests(), Lines{"GET /users/alice/gists 304"});
}

TEST_F(GistScan, KeepsAVersionForEachContentEvenAnOldOne) {
  act(R"([{"do": "create_gist", "owner": "Alice", "id": "aaaaaaaaaaaaaaaaaaaa",
           "files": {"a.txt": {"content": "A"}}}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  for (const char* content : {"B", "A"}) {
    act(std::string(R"([{"do": "clock", "advance": 60}, {"do": "edit_gist", "gist":
        "aaaaaaaaaaaaaaaaaaaa", "files": {"a.txt": {"content": ")") +
        content + R"("}}}])");
    EXPECT_EQ(scan("alice"), "completed");
  }
  EXPECT_EQ(value("select string_agg(convert_from(content, 'UTF8'), '' order by number) from "
                  "gist_version"),
            "ABA");
  EXPECT_EQ(visit_of("v"), "a.txt");
  act(R"([{"do": "clock", "advance": 60}, {"do": "edit_gist", "gist": "aaaaaaaaaaaaaaaaaaaa",
           "files": {"a.txt": {"content": "C"}}}])");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(visit_of("v"), "");
  EXPECT_EQ(visit_of("w", true), "a.txt");
}

TEST_F(GistScan, FetchesNothingWhenACommentMovedTheTime) {
  act(R"([{"do": "create_gist", "owner": "Alice", "id": "aaaaaaaaaaaaaaaaaaaa",
           "files": {"a.txt": {"content": "A"}}}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  static_cast<void>(requests());
  act(R"([{"do": "clock", "advance": 60}, {"do": "comment_gist", "gist": "aaaaaaaaaaaaaaaaaaaa"}])");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(requests(), Lines{"GET /users/alice/gists 200"});
}

TEST_F(GistScan, KeepsTheRowOfARenamedFile) {
  act(R"([{"do": "create_gist", "owner": "Alice", "id": "aaaaaaaaaaaaaaaaaaaa",
           "files": {"a.txt": {"content": "same"}, "b.txt": {"content": "other"}}}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  const auto id = value("select id from gist_file where filename = 'a.txt'");
  act(R"([{"do": "clock", "advance": 60}, {"do": "edit_gist", "gist": "aaaaaaaaaaaaaaaaaaaa",
           "files": {"a.txt": null, "b.txt": null, "c.txt": {"content": "same"}}}])");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(files(), "c.txt 1");
  EXPECT_EQ(value("select id from gist_file where filename = 'c.txt'"), id);
  EXPECT_EQ(value("select count(*) from gist_version"), "2");
}

TEST_F(GistScan, FollowsAUserWhoseLoginChanges) {
  act(R"([{"do": "create_gists", "owner": "Alice", "count": 1}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  act(R"([{"do": "rename_user", "user": "Alice", "login": "Alicia"},
          {"do": "clock", "advance": 60},
          {"do": "create_gists", "owner": "Alicia", "count": 1, "prefix": "new"}])");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(value("select login || ' ' || state from tracked_user"), "alicia active");
  EXPECT_EQ(value("select count(*) from gist"), "2");
}

TEST_F(GistScan, LeavesTheGistsOfWhoeverHasAnOldLogin) {
  act(R"([{"do": "create_gists", "owner": "Alice", "count": 1}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  act(R"([{"do": "rename_user", "user": "Alice", "login": "Alicia"},
          {"do": "create_user", "login": "alice"}, {"do": "clock", "advance": 60},
          {"do": "create_gists", "owner": "alice", "count": 2, "prefix": "foreign"}])");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(value("select login from tracked_user"), "alicia");
  EXPECT_EQ(files(), "gist-0.txt 1");
}

TEST_F(GistScan, AsksDailyForAUserWhoIsMissing) {
  track("nobody");
  EXPECT_EQ(scan("nobody"), "completed");
  EXPECT_EQ(value("select state || ' ' || (scan_at > now() + interval '23 hours')::text from "
                  "tracked_user"),
            "missing true");
}

TEST_F(GistScan, EndsGistsThatAreDeletedSecretOrBlocked) {
  act(R"([{"do": "create_gist", "owner": "Alice", "id": "aaaaaaaaaaaaaaaaaaaa", "files": {"a": {"content": "1"}}},
          {"do": "create_gist", "owner": "Alice", "id": "bbbbbbbbbbbbbbbbbbbb", "files": {"b": {"content": "2"}}},
          {"do": "create_gist", "owner": "Alice", "id": "cccccccccccccccccccc", "files": {"c": {"content": "3"}}},
          {"do": "create_gist", "owner": "Alice", "id": "dddddddddddddddddddd", "files": {"d": {"content": "4"}}}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  act(R"([{"do": "delete_gist", "gist": "aaaaaaaaaaaaaaaaaaaa"},
          {"do": "edit_gist", "gist": "bbbbbbbbbbbbbbbbbbbb", "public": false},
          {"do": "edit_gist", "gist": "cccccccccccccccccccc", "status": 451, "public": false}])");
  EXPECT_EQ(scan("alice", true), "completed");
  EXPECT_EQ(value("select string_agg(gone_reason, ' ' order by id) from gist where gone_at is not "
                  "null"),
            "deleted secret blocked");
  EXPECT_EQ(value("select count(*) from gist_version where content is not null"), "1");
  EXPECT_EQ(visit_of("v"), "d");
  // One that is public again has its contents again, and no new version.
  act(R"([{"do": "clock", "advance": 60},
          {"do": "edit_gist", "gist": "bbbbbbbbbbbbbbbbbbbb", "public": true}])");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(files(), "b 1, d 1");
  EXPECT_EQ(value("select count(*) from gist_version where content is not null"), "2");
}

TEST_F(GistScan, LeavesOutASecretGist) {
  act(R"([{"do": "create_gist", "owner": "Alice", "id": "aaaaaaaaaaaaaaaaaaaa", "files": {"a": {"content": "1"}}},
          {"do": "faults", "rules": [{"path": "/gists/aaaa", "status": 200,
            "body": {"id": "aaaaaaaaaaaaaaaaaaaa", "public": false, "files": {},
                     "created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-01T12:00:00Z"}}]}])");
  track("alice");
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(value("select count(*) from gist"), "0");
}

TEST_F(GistScan, BeginsNoneWhenLittleOfTheHourIsLeft) {
  track("alice");
  act(R"([{"do": "clock", "real": true},
          {"do": "limit", "token": "ghp_gists", "limit": 100, "remaining": 15}])");
  EXPECT_EQ(scan("alice"), "completed");  // which tells how little is left
  static_cast<void>(requests());
  EXPECT_EQ(scan("alice"), "verified rate_limited");
  EXPECT_EQ(requests(), Lines());
}

TEST_F(GistScan, RefusesAGistOfAUserWhoWasRemovedMeanwhile) {
  track("alice");
  const auto user = find_user(connection_, "alice").value();
  ASSERT_TRUE(remove_user(connection_, "alice", false));
  try {
    pg::Transaction transaction(connection_);
    GistNews news;
    news.gist.id = std::string(20, 'a');
    static_cast<void>(store_gist(connection_, user, news, {}));
    FAIL() << "it was stored";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), not_tracked_code);
  }
}

TEST_F(GistScan, StoresNothingMoreOnceTheUserIsRemoved) {
  act(R"([{"do": "create_gists", "owner": "Alice", "count": 1}])");
  track("alice");
  const auto user = find_user(connection_, "alice").value();
  const auto recorded = ask_scans(connection_, {user.id}, {});
  ASSERT_TRUE(remove_user(connection_, "alice", false));
  EXPECT_EQ(value("select state from operation where id = '" + recorded[0].operation.text() + "'"),
            "verified");
  EXPECT_TRUE(ask_scans(connection_, {user.id}, {}).empty());
  EXPECT_EQ(value("select count(*) from gist"), "0");
}

TEST_F(GistScan, EndsARoutineWithItsLastUser) {
  act(R"([{"do": "create_gists", "owner": "Alice", "count": 2}])");
  track("alice");
  execute("update tracked_user set state = 'active', github_id = 999, scan_at = null");
  EXPECT_EQ(fill_routine(connection_, config_.gists, 1000), 1);
  EXPECT_EQ(scan("alice"), "completed");
  EXPECT_EQ(value("select users || ' ' || failed || ' ' || gists || ' ' || files || ' ' || "
                  "(finished_at is not null) from routine where reason = 'timer'"),
            "1 0 2 2 true");
  EXPECT_EQ(value("select count(*) from routine_gist_user"), "2");
}

}  // namespace scan_test
}  // namespace devy::gists
