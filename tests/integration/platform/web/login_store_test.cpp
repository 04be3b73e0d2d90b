#include "core/platform/web/login_store.hpp"

#include <gtest/gtest.h>

#include "tests/integration/platform/web/web_database.hpp"

namespace devy::web {
namespace login_store_test {

const std::string verifier(43, 'v');

class LoginStoreTest : public WebDatabase {
 protected:
  void begin(std::string_view state, std::string_view cookie) {
    begin_attempt(web(), {.state_hash = digest(state),
                          .cookie_hash = digest(cookie),
                          .verifier = verifier,
                          .next = "/queue",
                          .scope = "user:email",
                          .address = "2001:db8::7"});
  }
  Attempt use(std::string_view state, std::string_view cookie) {
    return use_attempt(web(), digest(state), digest(cookie));
  }
  std::string claim(std::int64_t id, const std::string& login, bool is_open = false) {
    const auto claimed = claim_account(web(), {id, login}, is_open);
    EXPECT_EQ(claimed.account.has_value(), claimed.claim == Claim::known ||
                                               claimed.claim == Claim::linked ||
                                               claimed.claim == Claim::made);
    const auto whose =
        claimed.account ? database_.scalar("select ' ' || username from devy.account where id = '" +
                                           claimed.account->text() + "'")
                        : "";
    return std::string(to_string(claimed.claim)) + whose;
  }
};

TEST_F(LoginStoreTest, AnswersAnAttemptOnce) {
  begin("state", "cookie");
  const auto good = use("state", "cookie");
  EXPECT_EQ(good.state, AttemptState::good);
  EXPECT_EQ(good.verifier, verifier);
  EXPECT_EQ(good.next, "/queue");
  EXPECT_EQ(good.scope, "user:email");
  EXPECT_FALSE(good.session);
  const auto again = use("state", "cookie");
  EXPECT_EQ(again.state, AttemptState::used);
  EXPECT_EQ(again.verifier, "");
  EXPECT_EQ(database_.number("select count(*) from devy.login_attempt where verifier is null"), 1);
}

TEST_F(LoginStoreTest, RefusesAnAttemptThatIsUnknownForeignOrLate) {
  begin("state", "cookie");
  EXPECT_EQ(use("other", "cookie").state, AttemptState::unknown);
  const auto foreign = use("state", "other");
  EXPECT_EQ(foreign.state, AttemptState::foreign);
  EXPECT_EQ(foreign.verifier + foreign.next, "");
  database_.execute(
      "update devy.login_attempt set expires_at = expires_at - interval '10 minutes'");
  EXPECT_EQ(use("state", "cookie").state, AttemptState::late);
}

// Whoever has no cookie of the browser that began cannot use its attempt up.
TEST_F(LoginStoreTest, LeavesAnAttemptToItsBrowser) {
  begin("state", "cookie");
  EXPECT_EQ(use("state", "other").state, AttemptState::foreign);
  EXPECT_EQ(use("state", "cookie").state, AttemptState::good);
}

TEST_F(LoginStoreTest, BoundsTheAttemptsUnderWay) {
  database_.execute(
      "insert into devy.login_attempt (state_hash, cookie_hash, verifier, next, expires_at) "
      "select sha256(i::text::bytea), sha256('c'), repeat('v', 43), '/', clock_timestamp() + "
      "interval '10 minutes' from generate_series(1, 9999) i");
  begin("last", "cookie");
  EXPECT_EQ(code_of([&] { begin("one more", "cookie"); }), "logins_full");
  database_.execute(
      "update devy.login_attempt set expires_at = clock_timestamp() where state_hash = "
      "sha256('1')");
  EXPECT_EQ(code_of([&] { begin("one more", "cookie"); }), "");
}

TEST_F(LoginStoreTest, LinksAnAccountByItsNameOnce) {
  EXPECT_EQ(claim(1, "Alice"), "linked alice");
  EXPECT_EQ(claim(1, "Alice"), "known alice");
  // He was renamed at GitHub, and somebody else took the name.
  EXPECT_EQ(claim(1, "alice-smith"), "known alice");
  EXPECT_EQ(claim(2, "alice"), "taken");
  EXPECT_EQ(claim(2, "alice", true), "taken");
  EXPECT_EQ(claim(1, "bob"), "known alice");
  EXPECT_EQ(claim(3, "bob"), "linked bob");
}

TEST_F(LoginStoreTest, MakesAnAccountOnlyWhereOneMaySignUp) {
  EXPECT_EQ(claim(5, "Carol"), "closed");
  EXPECT_EQ(database_.number("select count(*) from devy.account"), 2);
  EXPECT_EQ(claim(5, "Carol", true), "made carol");
  EXPECT_EQ(claim(5, "Carol"), "known carol");
  EXPECT_EQ(claim(6, "carol_of_enterprise", true), "unsuitable");
  EXPECT_EQ(claim(7, "assets", true), "unsuitable");
}

TEST_F(LoginStoreTest, MakesAnOperator) {
  EXPECT_TRUE(set_operator(operators(), "Alice", true));
  EXPECT_FALSE(set_operator(operators(), "alice", true));
  EXPECT_EQ(
      database_.scalar("select string_agg(username, ' ') from devy.account where is_operator"),
      "alice");
  EXPECT_TRUE(set_operator(operators(), "alice", false));
  EXPECT_EQ(code_of([&] { set_operator(operators(), "eve", true); }), "account_not_found");
}

TEST_F(LoginStoreTest, LogsInByALinkOnceWithinAMinute) {
  const auto until = make_link(operators(), digest("link"), "alice", "test");
  EXPECT_EQ(database_.number("select count(*) from devy.login_link where expires_at - created_at "
                             "between interval '59 s' and interval '61 s'"),
            1);
  EXPECT_GT(until.time_since_epoch().count(), 0);
  EXPECT_FALSE(use_link(web(), digest("other")));
  EXPECT_EQ(use_link(web(), digest("link")), account("alice"));
  EXPECT_FALSE(use_link(web(), digest("link")));
  static_cast<void>(make_link(operators(), digest("late"), "alice", "test"));
  database_.execute("update devy.login_link set expires_at = expires_at - interval '60 seconds'");
  EXPECT_FALSE(use_link(web(), digest("late")));
}

TEST_F(LoginStoreTest, MakesALinkForAKnownAccountAlone) {
  EXPECT_EQ(
      code_of([&] { static_cast<void>(make_link(operators(), digest("link"), "eve", "test")); }),
      "account_not_found");
}

}  // namespace login_store_test
}  // namespace devy::web
