#pragma once
// The real daemon whose users log in by GitHub, which is the stand-in: it checks PKCE, the callback
// URL, the secret and the code, and knows which rights a token was given. One thread.

#include <string>

#include "tests/e2e/web/console_fixture.hpp"
#include "tests/support/github/github_state.hpp"

namespace devy::testing {

class GithubConsoleFixture : public ConsoleFixture {
 protected:
  // GitHub knows Ada, whose id is 7, and mallory. Ada is logged in there. Deliveries of webhooks
  // come to the daemon by TCP.
  GithubConsoleFixture();

  // Configures again, by SIGHUP. Each is lines of the section of that name besides.
  void configure_github(const std::string& web, const std::string& github = {},
                        const std::string& mirror = {});
  // A file that nobody else may read; its path.
  std::string write_private(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string key_line() const;  // of the section web
  [[nodiscard]] std::string hook_url() const { return "http://" + listener() + "/v1/webhooks"; }
  // Somebody else is logged in at GitHub from now on, and says "grant", "deny" or "grant_less".
  void be_at_github(const std::string& user, const std::string& answer = "grant") const;

  // The path at the daemon with which GitHub sends the browser back, and the cookie of the attempt.
  struct Sent {
    std::string path, cookie;
  };
  // `path`: of a login, with its query.
  [[nodiscard]] Sent send_to_github(const std::string& path, const Browser& browser = {}) const;
  [[nodiscard]] RawAnswer come_back(const Sent& sent, const Browser& browser = {}) const;
  // A session of whoever is logged in at GitHub.
  [[nodiscard]] Browser log_in_by_github() const;
  // Gives a session the right to install webhooks, and the browser its next cookie.
  void gain_hooks(Browser& browser) const;

  GithubState github_;

 private:
  int readings_ = 1;  // of the configuration
};

}  // namespace devy::testing
