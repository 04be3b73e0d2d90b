#include "tests/e2e/web/github_console_fixture.hpp"

#include <signal.h>

namespace devy::testing {

GithubConsoleFixture::GithubConsoleFixture()
    : ConsoleFixture("[listener]\naddresses = [\"127.0.0.1:0\"]\n") {
  static_cast<void>(github_.control(
      R"([{"do":"create_user","login":"Ada","id":7},{"do":"create_user","login":"mallory","id":8},
          {"do":"oauth_app","client_id":"client","client_secret":"secret","redirect_uri":")" +
      url() + R"(/login/authorized"},{"do":"oauth_browser","user":"Ada"}])"));
  write_private("client-secret", "secret");
  write_private("hook-secret", "a secret that is long enough to sign with");
  static_cast<void>(run_command({"config", "key", folder_ / "web.key"}));
  configure_github(key_line());
}

std::string GithubConsoleFixture::write_private(const std::string& name,
                                                const std::string& text) const {
  write_text(folder_ / name, text + "\n");
  std::filesystem::permissions(folder_ / name, std::filesystem::perms::owner_read);
  return folder_ / name;
}

std::string GithubConsoleFixture::key_line() const {
  return "key_file = \"" + (folder_ / "web.key") + "\"\n";
}

// The daemon's addresses are known only when it runs, so it reads its configuration again.
void GithubConsoleFixture::configure_github(const std::string& web, const std::string& github,
                                            const std::string& mirror) {
  const auto git_server = server_->url();
  configure_web("addresses = [\"" + address() + "\"]\nurl = \"" + url() +
                    "\"\nclient_id = \"client\"\nclient_secret_file = \"" +
                    (folder_ / "client-secret") + "\"\n" + web,
                "[github]\napi_url = \"" + github_.url() + "\"\nhost = \"" +
                    git_server.substr(git_server.find("//") + 2) + "\"\n" + github +
                    "[listener]\naddresses = [\"" + listener() +
                    "\"]\n[webhook]\nsender_check = \"off\"\nsecrets = [\"one " +
                    (folder_ / "hook-secret") + "\"]\n[mirror]\nhook_url = \"" + hook_url() +
                    "\"\n" + mirror + "[reconcile]\nevery = \"0s\"\n");
  daemon().send_signal(SIGHUP);
  daemon().wait_for("event=\"process ready\" role=\"web\"", ++readings_);
}

void GithubConsoleFixture::be_at_github(const std::string& user, const std::string& answer) const {
  static_cast<void>(github_.control(R"({"do":"oauth_browser","user":")" + user + R"(","answer":")" +
                                    answer + "\"}"));
}

GithubConsoleFixture::Sent GithubConsoleFixture::send_to_github(const std::string& path,
                                                                const Browser& browser) const {
  const auto begun = get(path, browser);
  EXPECT_EQ(begun.status, 303) << begun.body;
  const auto at_github = location_of(begun);
  EXPECT_TRUE(at_github.starts_with(github_.url() + "/login/oauth/authorize?")) << at_github;
  const auto back = location_of(send_request(github_.url().substr(std::string("http://").size()),
                                             "GET", at_github.substr(github_.url().size())));
  EXPECT_TRUE(back.starts_with(url() + "/login/authorized?")) << back;
  return {back.substr(url().size()), set_cookie(begun, "__Host-devy-login")};
}

RawAnswer GithubConsoleFixture::come_back(const Sent& sent, const Browser& browser) const {
  const auto session = browser.cookie.empty() ? "" : "; __Host-devy=" + browser.cookie;
  return get(sent.path, {}, {{"Cookie", "__Host-devy-login=" + sent.cookie + session}});
}

Browser GithubConsoleFixture::log_in_by_github() const {
  const auto answer = come_back(send_to_github("/login/github"));
  EXPECT_EQ(answer.status, 303) << answer.body;
  return {set_cookie(answer, "__Host-devy")};
}

void GithubConsoleFixture::gain_hooks(Browser& browser) const {
  const auto sent = send_to_github("/login/github?for=hooks&next=/account", browser);
  const auto answer = come_back(sent, browser);
  EXPECT_EQ(answer.status, 303) << answer.body;
  const auto next = get(location_of(answer), browser);
  browser.cookie = set_cookie(next, "__Host-devy");
  EXPECT_FALSE(browser.cookie.empty()) << next.head;
}

}  // namespace devy::testing
