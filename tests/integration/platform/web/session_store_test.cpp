#include "core/platform/web/session_store.hpp"

#include <gtest/gtest.h>

#include "tests/integration/platform/web/web_database.hpp"

namespace devy::web {
namespace session_store_test {

using std::chrono::hours;
using std::chrono::minutes;

class SessionStoreTest : public WebDatabase {
 protected:
  SessionId begin(const std::string& username, std::string_view token) {
    return begin_session(web(),
                         {.account = account(username),
                          .token_hash = digest(token),
                          .agent = "Firefox \x1b[31m",
                          .address = "192.0.2.7"},
                         times_);
  }
  std::optional<Visit> visit(std::string_view token, std::string_view fresh = "fresh") {
    return visit_session(web(), digest(token), digest(fresh), times_.idle);
  }
  // As if that much time had passed for all sessions.
  void age(const std::string& interval) const {
    database_.execute("update devy.web_session set token_at = token_at - interval '" + interval +
                      "', created_at = created_at - interval '" + interval +
                      "', seen_at = seen_at - interval '" + interval +
                      "', expires_at = expires_at - interval '" + interval +
                      "', ends_at = ends_at - interval '" + interval +
                      "', former_until = former_until - interval '" + interval + "'");
  }

  SessionTimes times_;
};

TEST_F(SessionStoreTest, KnowsASessionByItsToken) {
  const auto id = begin("alice", "token");
  const auto found = visit("token");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->session.id, id);
  EXPECT_EQ(found->session.username, "alice");
  EXPECT_EQ(found->session.account, account("alice"));
  EXPECT_EQ(found->session.method, "github");
  EXPECT_FALSE(found->session.is_operator);
  EXPECT_FALSE(found->is_renewed);
  EXPECT_FALSE(visit("other"));
  EXPECT_EQ(found->session.expires_at - found->session.created_at, hours(12));
  EXPECT_EQ(found->session.ends_at - found->session.created_at, hours(168));
}

TEST_F(SessionStoreTest, RefusesAnUnknownAccount) {
  EXPECT_EQ(
      code_of([&] {
        static_cast<void>(begin_session(
            web(), {.account = base::AccountId::trusted("00000000-0000-4000-8000-000000000000")},
            times_));
      }),
      "DV003");
}

TEST_F(SessionStoreTest, LivesAsLongAsItIsUsed) {
  static_cast<void>(begin("alice", "token"));
  age("11 hours");
  ASSERT_TRUE(visit("token"));
  age("11 hours");
  EXPECT_TRUE(visit("token"));
  age("12 hours 1 second");
  EXPECT_FALSE(visit("token"));
}

TEST_F(SessionStoreTest, EndsAfterItsLifeHoweverMuchItIsUsed) {
  times_.life = hours(24);
  static_cast<void>(begin("alice", "token"));
  age("11 hours");
  ASSERT_TRUE(visit("token"));
  age("11 hours");
  const auto late = visit("token");
  ASSERT_TRUE(late);
  EXPECT_EQ(late->session.expires_at, late->session.ends_at);
  age("2 hours 1 second");
  EXPECT_FALSE(visit("token"));
}

TEST_F(SessionStoreTest, WritesOnceAMinute) {
  static_cast<void>(begin("alice", "token"));
  age("59 seconds");
  const auto version = database_.scalar("select xmin from devy.web_session");
  ASSERT_TRUE(visit("token"));
  EXPECT_EQ(database_.scalar("select xmin from devy.web_session"), version);
  age("1 second");
  const auto before = database_.scalar("select xmin from devy.web_session");
  ASSERT_TRUE(visit("token"));
  EXPECT_NE(database_.scalar("select xmin from devy.web_session"), before);
}

TEST_F(SessionStoreTest, RenewsATokenEachDay) {
  static_cast<void>(begin("alice", "first"));
  times_.idle = hours(100);
  age("11 hours");
  ASSERT_TRUE(visit("first"));
  age("13 hours 1 second");
  const auto renewed = visit("first", "second");
  ASSERT_TRUE(renewed);
  EXPECT_TRUE(renewed->is_renewed);
  // Requests that were under way have the old one.
  const auto under_way = visit("first", "third");
  ASSERT_TRUE(under_way);
  EXPECT_FALSE(under_way->is_renewed);
  ASSERT_TRUE(visit("second"));
  EXPECT_FALSE(visit("second")->is_renewed);
  EXPECT_FALSE(visit("third"));
  age("60 seconds");
  EXPECT_FALSE(visit("first"));
  EXPECT_TRUE(visit("second"));
}

TEST_F(SessionStoreTest, KeepsAHundredSessionsOfAnAccount) {
  static_cast<void>(begin("bob", "bob"));
  static_cast<void>(begin("alice", "token 0"));
  database_.execute(
      "insert into devy.web_session (account_id, token_hash, seen_at, expires_at, ends_at, method) "
      "select account_id, sha256(('token ' || i)::bytea), seen_at + i * interval '1 microsecond', "
      "expires_at, ends_at, method from devy.web_session, generate_series(1, 99) i "
      "where token_hash = sha256('token 0')");
  EXPECT_TRUE(visit("token 0"));
  // The second one is now the one unused for longest.
  age("2 minutes");
  ASSERT_TRUE(visit("token 0"));
  static_cast<void>(begin("alice", "one more"));
  EXPECT_TRUE(visit("token 0"));
  EXPECT_TRUE(visit("one more"));
  EXPECT_FALSE(visit("token 1"));
  EXPECT_TRUE(visit("token 2"));
  EXPECT_TRUE(visit("bob"));
  EXPECT_EQ(count_sessions(web()), 101);
}

TEST_F(SessionStoreTest, EndsItsOwnSessionsAlone) {
  const auto first = begin("alice", "first"), second = begin("alice", "second");
  static_cast<void>(begin("alice", "third"));
  const auto foreign = begin("bob", "foreign");
  EXPECT_FALSE(end_own_session(web(), account("alice"), foreign));
  EXPECT_TRUE(visit("foreign"));
  EXPECT_TRUE(end_own_session(web(), account("alice"), first));
  EXPECT_FALSE(end_own_session(web(), account("alice"), first));
  EXPECT_FALSE(visit("first"));
  EXPECT_EQ(end_sessions(web(), account("alice"), second), 1);
  EXPECT_TRUE(visit("second"));
  EXPECT_FALSE(visit("third"));
  EXPECT_EQ(end_sessions(web(), account("alice"), std::nullopt), 1);
  EXPECT_FALSE(visit("second"));
  EXPECT_TRUE(end_session(operators(), foreign));
  EXPECT_FALSE(visit("foreign"));
}

TEST_F(SessionStoreTest, ListsThoseThatLive) {
  const auto id = begin("alice", "token");
  static_cast<void>(begin("bob", "other"));
  ASSERT_TRUE(end_session(operators(), begin("alice", "ended")));
  const auto all = list_sessions(web(), {});
  EXPECT_EQ(all.size(), 2U);
  const auto own = list_sessions(web(), {.account = account("alice")});
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].id, id);
  EXPECT_EQ(own[0].agent.find('\x1b'), std::string::npos) << own[0].agent;
  EXPECT_EQ(own[0].address, "192.0.2.7");
  EXPECT_EQ(list_sessions(web(), {.limit = 1}).size(), 1U);
  EXPECT_EQ(find_session(web(), id.text().substr(0, 8)).id, id);
  EXPECT_EQ(code_of([&] { static_cast<void>(find_session(web(), "nothing")); }),
            "session_not_found");
}

TEST_F(SessionStoreTest, GivesAnotherTokenToWhoGainedRights) {
  static_cast<void>(begin("alice", "first"));
  database_.execute("select devy.account_operator_set('" + account("alice").text() + "', true)");
  const auto gained = visit("first", "second");
  ASSERT_TRUE(gained);
  EXPECT_TRUE(gained->session.is_operator);
  EXPECT_TRUE(gained->is_renewed);
  database_.execute("select devy.account_operator_set('" + account("alice").text() + "', false)");
  const auto lost = visit("second", "third");
  ASSERT_TRUE(lost);
  EXPECT_FALSE(lost->session.is_operator);
  EXPECT_FALSE(lost->is_renewed);
}

TEST_F(SessionStoreTest, KeepsATokenOfGithubUntilTheSessionEnds) {
  const auto id = begin("alice", "token");
  EXPECT_FALSE(read_session_token(web(), id));
  const std::string sealed = std::string(40, '\0') + "sealed";
  ASSERT_TRUE(keep_session_token(web(), id, {sealed, "admin:repo_hook"}));
  ASSERT_TRUE(keep_session_token(web(), id, {sealed + "2", "admin:repo_hook"}));
  const auto kept = read_session_token(web(), id);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->sealed, sealed + "2");
  EXPECT_EQ(kept->scopes, "admin:repo_hook");
  EXPECT_TRUE(visit("token", "another")->is_renewed);
  ASSERT_TRUE(end_own_session(web(), account("alice"), id));
  EXPECT_FALSE(read_session_token(web(), id));
  EXPECT_EQ(database_.number("select count(*) from devy.session_token"), 0);
  EXPECT_FALSE(keep_session_token(web(), id, {sealed, ""}));
}

}  // namespace session_store_test
}  // namespace devy::web
