// A login by GitHub, through the daemon as a browser does it: to the stand-in, which checks PKCE,
// the callback URL, the secret and the code, and back.

#include <signal.h>

#include "tests/e2e/web/console_fixture.hpp"
#include "tests/support/github/github_state.hpp"

namespace devy::testing {
namespace github_login_test {

class GithubLogin : public ConsoleFixture {
 protected:
  // The daemon's address is known only now, so it reads its configuration again.
  GithubLogin() {
    static_cast<void>(github_.control(
        R"([{"do":"create_user","login":"Ada","id":7},{"do":"create_user","login":"mallory","id":8},
            {"do":"oauth_app","client_id":"client","client_secret":"secret","redirect_uri":")" +
        url() + R"(/login/authorized"},{"do":"oauth_browser","user":"Ada"}])"));
    write_text(folder_ / "client-secret", "secret\n");
    std::filesystem::permissions(folder_ / "client-secret", std::filesystem::perms::owner_read);
    configure_web("addresses = [\"" + address() + "\"]\nurl = \"" + url() +
                      "\"\nclient_id = \"client\"\nclient_secret_file = \"" +
                      (folder_ / "client-secret") + "\"\n",
                  "[github]\napi_url = \"" + github_.url() + "\"\n");
    daemon().send_signal(SIGHUP);
    daemon().wait_for("event=\"process ready\" role=\"web\"", 2);
  }

  // The path at the daemon with which GitHub sends the browser back, and the cookie of the attempt.
  struct Sent {
    std::string path, cookie;
  };
  [[nodiscard]] Sent send_to_github(const std::string& next = "/queue") const {
    const auto begun = get("/login/github?next=" + next);
    EXPECT_EQ(begun.status, 303) << begun.body;
    const auto at_github = location_of(begun);
    EXPECT_TRUE(at_github.starts_with(github_.url() + "/login/oauth/authorize?")) << at_github;
    const auto back = location_of(send_request(github_.url().substr(std::string("http://").size()),
                                               "GET", at_github.substr(github_.url().size())));
    EXPECT_TRUE(back.starts_with(url() + "/login/authorized?")) << back;
    return {back.substr(url().size()), set_cookie(begun, "__Host-devy-login")};
  }
  [[nodiscard]] RawAnswer come_back(const Sent& sent) const {
    return get(sent.path, {}, {{"Cookie", "__Host-devy-login=" + sent.cookie}});
  }

  GithubState github_;
};

TEST_F(GithubLogin, LogsInWhoseIdItIs) {
  const auto answer = come_back(send_to_github());
  EXPECT_EQ(answer.status, 303) << answer.body;
  EXPECT_EQ(location_of(answer), "/queue");
  const Browser ada{set_cookie(answer, "__Host-devy")};
  EXPECT_EQ(get("/queue", ada).status, 200);
  EXPECT_EQ(database_.scalar("select github_id from account where username = 'ada'"), "7");
  // The token that proved it is kept nowhere.
  EXPECT_EQ(database_.scalar("select count(*) from session_token"), "0");
}

TEST_F(GithubLogin, IsGoodOnceAndInOneBrowser) {
  const auto sent = send_to_github();
  const auto stranger = get(sent.path);
  EXPECT_EQ(stranger.status, 403);
  EXPECT_EQ(come_back(sent).status, 303);
  EXPECT_EQ(come_back(sent).status, 403);
}

TEST_F(GithubLogin, SaysWhyItCameToNothing) {
  static_cast<void>(github_.control(R"({"do":"oauth_browser","user":"Ada","answer":"deny"})"));
  const auto denied = come_back(send_to_github());
  EXPECT_EQ(denied.status, 403);
  EXPECT_NE(denied.body.find("Continue with GitHub"), std::string::npos) << denied.body;
  // Nobody has an account of that name, and one cannot sign up.
  static_cast<void>(github_.control(R"({"do":"oauth_browser","user":"mallory"})"));
  EXPECT_EQ(come_back(send_to_github()).status, 403);
  EXPECT_EQ(database_.scalar("select count(*) from account where username = 'mallory'"), "0");
}

TEST_F(GithubLogin, LeadsNowhereElse) {
  const auto answer = come_back(send_to_github("%2F%2Felsewhere.example%2F"));
  EXPECT_EQ(location_of(answer), "/");
}

}  // namespace github_login_test
}  // namespace devy::testing
