// A login as a browser goes through it: to GitHub's stand-in, which checks PKCE, the callback URL,
// the secret and the code, and back.
#include "core/platform/web/github_login.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/platform/base/percent.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "tests/integration/platform/web/web_database.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::web {
namespace github_login_test {

using login::Failure;
using nlohmann::json;

class GithubLoginTest : public WebDatabase {
 protected:
  // Node takes half a second to begin.
  static void SetUpTestSuite() { github_ = std::make_unique<devy::testing::GithubState>(); }
  static void TearDownTestSuite() { github_.reset(); }

  GithubLoginTest() {
    for (const auto* login : {"Alice", "alice-smith", "Carol"})
      forget(login);
    act({{"do", "create_user"}, {"login", "Alice"}, {"id", 583231}});
    act({{"do", "oauth_app"},
         {"client_id", "client"},
         {"client_secret", "secret"},
         {"redirect_uri", "https://console.example/login/authorized"}});
    act({{"do", "oauth_browser"}, {"user", "Alice"}});
    app_ = {"client", base::Secret("secret"), github_->url(),
            "https://console.example/login/authorized"};
  }

  static void act(const json& act) { static_cast<void>(github_->control(act.dump())); }
  // Frees a login that an earlier test may have made.
  static void forget(const std::string& login) {
    try {
      act({{"do", "delete_user"}, {"user", login}});
    } catch (const std::runtime_error&) {
      // There is no such user.
    }
  }
  static void fail_exchange(json rule) {
    rule["path"] = "/login/oauth/access_token";
    act({{"do", "faults"}, {"rules", {rule}}});
  }

  BegunLogin begin(const std::string& scope = "user:email") {
    return begin_login(web(), app_, {.next = "/queue", .scope = scope, .address = "192.0.2.7"},
                       base::system_random());
  }
  // Sends the browser to GitHub; keeps the parameters with which it comes back.
  Callback visit(const BegunLogin& begun) {
    const auto response = transport_->send({"GET", begun.url, {}, ""});
    location_ = response.header("Location");
    return {parameter("code"), parameter("state"), parameter("error")};
  }
  std::string_view parameter(const std::string& name) const {
    const auto at = location_.find(name + "=");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 1;
    return std::string_view(location_).substr(begin, location_.find('&', begin) - begin);
  }
  // How a login ends, from the first page to the session.
  std::string log_in(bool is_signup_open = false) {
    const auto begun = begin();
    return end_of(visit(begun), begun.cookie.reveal(), is_signup_open);
  }
  std::string end_of(const Callback& callback, std::string_view cookie,
                     bool is_signup_open = false) {
    const auto received = receive_login(web(), callback, cookie);
    if (const auto* failure = std::get_if<Failure>(&received))
      return std::string(to_string(*failure));
    const auto& login = std::get<ReceivedLogin>(received);
    const auto found = login::identify(*transport_, app_, login.code, login.verifier.reveal());
    if (const auto* failure = std::get_if<Failure>(&found)) return std::string(to_string(*failure));
    const auto& identity = std::get<login::Identity>(found);
    scopes_ = identity.scopes;
    const auto admitted = admit(web(), {identity.id, identity.login}, {"Firefox", "192.0.2.7"},
                                {.is_signup_open = is_signup_open}, base::system_random());
    if (const auto* failure = std::get_if<Failure>(&admitted))
      return std::string(to_string(*failure));
    return user_of(std::get<Admission>(admitted)) + " " + login.next;
  }
  std::string user_of(const Admission& admission) {
    const auto hash = login::token_hash(admission.cookie.reveal()).value();
    const auto visit = visit_session(web(), hash, digest("fresh"), SessionTimes{}.idle);
    return visit ? visit->session.username + " by " + visit->session.method : "nobody";
  }

  static inline std::unique_ptr<devy::testing::GithubState> github_;
  std::unique_ptr<http::Transport> transport_ =
      http::make_httplib_transport(login::transport_options(""));
  login::OauthApp app_;
  std::string location_, scopes_;
};

TEST_F(GithubLoginTest, LogsInThroughGithub) {
  EXPECT_EQ(log_in(), "alice by github /queue");
  EXPECT_EQ(scopes_, "user:email");
  EXPECT_EQ(database_.scalar("select github_id from devy.account where username = 'alice'"),
            "583231");
  const auto acts = list_acts(web(), {});
  ASSERT_EQ(acts.size(), 1U);
  EXPECT_EQ(acts[0].actor, "web:alice");
  EXPECT_EQ(acts[0].act, "web.login_by_github");
  EXPECT_EQ(acts[0].address, "192.0.2.7");
}

TEST_F(GithubLoginTest, LogsInThroughAGithubAppToo) {
  act({{"do", "oauth_app"},
       {"client_id", "client"},
       {"client_secret", "secret"},
       {"redirect_uri", app_.redirect_uri},
       {"kind", "app"}});
  EXPECT_EQ(log_in(), "alice by github /queue");
  EXPECT_EQ(scopes_, "");
}

TEST_F(GithubLoginTest, EndsWhereTheUserOrGithubSaysNo) {
  act({{"do", "oauth_browser"}, {"user", "Alice"}, {"answer", "deny"}});
  EXPECT_EQ(log_in(), "denied");
  act({{"do", "oauth_app"},
       {"client_id", "client"},
       {"client_secret", "secret"},
       {"redirect_uri", app_.redirect_uri},
       {"suspended", true}});
  EXPECT_EQ(log_in(), "application_suspended");
  act({{"do", "oauth_app"},
       {"client_id", "client"},
       {"client_secret", "other"},
       {"redirect_uri", "https://console.example/other"}});
  EXPECT_EQ(log_in(), "redirect_uri_mismatch");
}

TEST_F(GithubLoginTest, EndsWhereTheExchangeFails) {
  fail_exchange({{"status", 200}, {"body", {{"error", "bad_verification_code"}}}});
  EXPECT_EQ(log_in(), "code_refused");
  fail_exchange({{"status", 502}});
  EXPECT_EQ(log_in(), "unreachable");
  fail_exchange({{"garble", true}});
  EXPECT_EQ(log_in(), "malformed");
  app_.client_secret = base::Secret("wrong");
  EXPECT_EQ(log_in(), "client_refused");
}

TEST_F(GithubLoginTest, GivesUpAGithubThatHangs) {
  fail_exchange({{"hang", true}});
  // The limits of a login are seconds; what is shown is that there are some.
  auto options = login::transport_options("");
  options.read_timeout = std::chrono::milliseconds(50);
  transport_ = http::make_httplib_transport(options);
  EXPECT_EQ(log_in(), "timed_out");
}

// GitHub itself checks these; a client that left one out would be refused by it.
TEST_F(GithubLoginTest, IsCheckedByGithub) {
  const auto begun = begin();
  const auto callback = visit(begun);
  const auto received = receive_login(web(), callback, begun.cookie.reveal());
  const auto& login = std::get<ReceivedLogin>(received);
  const auto refused = login::identify(*transport_, app_, login.code, std::string(43, 'v'));
  EXPECT_EQ(std::get<Failure>(refused), Failure::code_refused);
  // The code was used up by that.
  const auto again = login::identify(*transport_, app_, login.code, login.verifier.reveal());
  EXPECT_EQ(std::get<Failure>(again), Failure::code_refused);
}

TEST_F(GithubLoginTest, TakesAnAnswerOnceAndInItsBrowser) {
  const auto begun = begin();
  const auto callback = visit(begun);
  EXPECT_EQ(end_of(callback, ""), "state_foreign");
  EXPECT_EQ(end_of(callback, begin().cookie.reveal()), "state_foreign");
  EXPECT_EQ(end_of({callback.code, "state", ""}, begun.cookie.reveal()), "state_unknown");
  EXPECT_EQ(end_of({callback.code, begun.cookie.reveal(), ""}, begun.cookie.reveal()),
            "state_unknown");
  EXPECT_EQ(end_of(callback, begun.cookie.reveal()), "alice by github /queue");
  EXPECT_EQ(end_of(callback, begun.cookie.reveal()), "state_used");
  const auto late = begin();
  const auto late_callback = visit(late);
  database_.execute("update devy.login_attempt set expires_at = clock_timestamp()");
  EXPECT_EQ(end_of(late_callback, late.cookie.reveal()), "state_late");
}

TEST_F(GithubLoginTest, GivesEachLoginASessionOfItsOwn) {
  EXPECT_EQ(log_in(), "alice by github /queue");
  EXPECT_EQ(log_in(), "alice by github /queue");
  EXPECT_EQ(list_sessions(web(), {}).size(), 2U);
}

TEST_F(GithubLoginTest, KnowsARenamedUserAndNotWhoTookHisName) {
  EXPECT_EQ(log_in(), "alice by github /queue");
  act({{"do", "rename_user"}, {"user", "Alice"}, {"login", "alice-smith"}});
  EXPECT_EQ(log_in(), "alice by github /queue");
  act({{"do", "create_user"}, {"login", "Alice"}});
  act({{"do", "oauth_browser"}, {"user", "Alice"}});
  EXPECT_EQ(log_in(), "account_taken");
  EXPECT_EQ(log_in(true), "account_taken");
}

TEST_F(GithubLoginTest, LetsStrangersInOnlyWhereOneMaySignUp) {
  act({{"do", "create_user"}, {"login", "Carol"}});
  act({{"do", "oauth_browser"}, {"user", "Carol"}});
  EXPECT_EQ(log_in(), "account_closed");
  EXPECT_EQ(list_sessions(web(), {}).size(), 0U);
  EXPECT_EQ(log_in(true), "carol by github /queue");
}

// A switch of a hook needs more than a login does.
TEST_F(GithubLoginTest, GainsAScopeForASession) {
  ASSERT_EQ(log_in(), "alice by github /queue");
  const auto session = list_sessions(web(), {}).at(0).id;
  const token::SealingKey key(base::Secret(std::string(token::sealing_key_bytes, 'k')));
  const auto gain = [&]() -> std::string {
    const auto begun = begin_login(
        web(), app_, {.next = "/mirror", .scope = "user:email admin:repo_hook", .session = session},
        base::system_random());
    auto received = receive_login(web(), visit(begun), begun.cookie.reveal());
    const auto& login = std::get<ReceivedLogin>(received);
    EXPECT_EQ(login.session, session);
    const auto found = login::identify(*transport_, app_, login.code, login.verifier.reveal());
    const auto failure =
        gain_scope(web(), session, std::get<login::Identity>(found), "admin:repo_hook", key);
    return failure ? std::string(to_string(*failure)) : "gained";
  };
  act({{"do", "oauth_browser"}, {"user", "Alice"}, {"answer", "grant_less"}});
  EXPECT_EQ(gain(), "denied");
  act({{"do", "create_user"}, {"login", "Carol"}});
  act({{"do", "oauth_browser"}, {"user", "Carol"}});
  EXPECT_EQ(gain(), "account_other");
  EXPECT_FALSE(gained_token(web(), session, key));
  act({{"do", "oauth_browser"}, {"user", "Alice"}});
  EXPECT_EQ(gain(), "gained");
  const auto token = gained_token(web(), session, key);
  ASSERT_TRUE(token);
  EXPECT_TRUE(token->reveal().starts_with("gho_"));
  EXPECT_EQ(database_.number("select count(*) from devy.session_token where sealed::text like '%" +
                             std::string(token->reveal()) + "%'"),
            0);
  ASSERT_TRUE(end_own_session(web(), account("alice"), session));
  EXPECT_EQ(gain(), "state_late");
}

TEST_F(GithubLoginTest, LogsInByAnAddressWithoutGithub) {
  const auto token = login::new_token(base::system_random());
  static_cast<void>(
      make_link(operators(), login::token_hash(token.reveal()).value(), "bob", "test"));
  const auto admit_once = [&](std::string_view text) {
    return admit_by_link(web(), text, {"Firefox", ""}, SessionTimes{}, base::system_random());
  };
  EXPECT_FALSE(admit_once("something"));
  const auto admitted = admit_once(token.reveal());
  ASSERT_TRUE(admitted);
  EXPECT_EQ(user_of(*admitted), "bob by link");
  EXPECT_FALSE(admit_once(token.reveal()));
  EXPECT_EQ(list_acts(web(), {.act = "web.login_by_link"}).size(), 1U);
}

}  // namespace github_login_test
}  // namespace devy::web
