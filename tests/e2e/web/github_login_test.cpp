// A login by GitHub, through the daemon as a browser does it, and the same again for the right to
// install webhooks.

#include "tests/e2e/web/github_console_fixture.hpp"

namespace devy::testing {
namespace github_login_test {

class GithubLogin : public GithubConsoleFixture {
 protected:
  [[nodiscard]] Sent send_on_to(const std::string& next) const {
    return send_to_github("/login/github?next=" + next);
  }
};

TEST_F(GithubLogin, LogsInWhoseIdItIs) {
  const auto answer = come_back(send_on_to("/queue"));
  EXPECT_EQ(answer.status, 303) << answer.body;
  EXPECT_EQ(location_of(answer), "/queue");
  const Browser ada{set_cookie(answer, "__Host-devy")};
  EXPECT_EQ(get("/queue", ada).status, 200);
  EXPECT_EQ(database_.scalar("select github_id from account where username = 'ada'"), "7");
  // The token that proved it is kept nowhere.
  EXPECT_EQ(database_.scalar("select count(*) from session_token"), "0");
}

TEST_F(GithubLogin, IsGoodOnceAndInOneBrowser) {
  const auto sent = send_on_to("/queue");
  const auto stranger = get(sent.path);
  EXPECT_EQ(stranger.status, 403);
  EXPECT_EQ(come_back(sent).status, 303);
  EXPECT_EQ(come_back(sent).status, 403);
}

TEST_F(GithubLogin, SaysWhyItCameToNothing) {
  be_at_github("Ada", "deny");
  const auto denied = come_back(send_on_to("/queue"));
  EXPECT_EQ(denied.status, 403);
  EXPECT_NE(denied.body.find("Continue with GitHub"), std::string::npos) << denied.body;
  // Nobody has an account of that name, and one cannot sign up.
  be_at_github("mallory");
  EXPECT_EQ(come_back(send_on_to("/queue")).status, 403);
  EXPECT_EQ(database_.scalar("select count(*) from account where username = 'mallory'"), "0");
}

TEST_F(GithubLogin, LeadsNowhereElse) {
  const auto answer = come_back(send_on_to("%2F%2Felsewhere.example%2F"));
  EXPECT_EQ(location_of(answer), "/");
}

// Asked at first use, and what was granted is checked.
TEST_F(GithubLogin, GainsTheRightToInstallWebhooks) {
  const std::string asked = "/login/github?for=hooks&next=/account";
  const auto kept = [&] { return database_.scalar("select count(*) from session_token"); };
  // Of nobody there is a session that could have it.
  EXPECT_EQ(location_of(get(asked)), "/login?next=%2Faccount");
  auto ada = log_in_by_github();
  const auto former = ada;
  for (const auto* answer : {"deny", "grant_less"}) {
    be_at_github("Ada", answer);
    const auto refused = come_back(send_to_github(asked, ada), ada);
    EXPECT_EQ(refused.status, 403) << refused.body;
    EXPECT_NE(refused.body.find("the right to install webhooks"), std::string::npos);
  }
  EXPECT_EQ(kept(), "0");

  be_at_github("Ada");
  gain_hooks(ada);
  EXPECT_NE(ada.cookie, former.cookie);
  EXPECT_EQ(database_.scalar("select scopes from session_token"), "user:email,admin:repo_hook");
  EXPECT_EQ(get("/account", ada).status, 200);
  EXPECT_EQ(post("/account", ada, "/account", "act=logout").status, 303);
  EXPECT_EQ(kept(), "0");
}

TEST_F(GithubLogin, SaysWhatAnOperatorHasToSetForWebhooks) {
  configure_github("");
  const auto answer = get("/login/github?for=hooks&next=/account", log_in_by_github());
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(answer.body.find("its operator has not set web.key_file"), std::string::npos)
      << answer.body;
}

}  // namespace github_login_test
}  // namespace devy::testing
