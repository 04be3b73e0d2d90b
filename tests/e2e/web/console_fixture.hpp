#pragma once
// The real daemon with the role web, which has a database role of its own, and what a browser does:
// log in by an address, send a cookie, send forms. One thread.

#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {

// A browser that is logged in, or not.
struct Browser {
  std::string cookie = {};  // empty: nobody
};

class ConsoleFixture : public DaemonFixture {
 protected:
  // Accounts "ada", an operator, and "user1" and "user2", each with a blog that was published. The
  // file "broken.md" of each is in error.
  // `more`: sections of the configuration besides, in which "<folder>" is a folder of the test's;
  // `commands`: of `devy-upload`, before the daemon starts.
  explicit ConsoleFixture(std::string more = "",
                          const std::vector<std::vector<std::string>>& commands = {});
  ~ConsoleFixture() override;

  // Writes the configuration: the section web with these lines, and more behind it.
  void configure_web(const std::string& web, const std::string& more = {});
  // A file of the repository of "user<number>".
  void push_post(int number, const std::string& path, const std::string& text = "# Hello\n\nx\n");

  // Of `devy-upload`, on this database and configuration.
  [[nodiscard]] std::string run_command(const std::vector<std::string>& arguments) const;
  // An address at the daemon that logs in, once.
  [[nodiscard]] std::string login_path(const std::string& username) const;
  [[nodiscard]] Browser log_in(const std::string& username) const;

  [[nodiscard]] RawAnswer get(const std::string& path, const Browser& browser = {},
                              const RawHeaders& more = {}) const;
  // A form of a page: with its token, as a browser sends it from there.
  [[nodiscard]] RawAnswer post(const std::string& path, const Browser& browser,
                               const std::string& page, std::string form) const;
  // Without anything that only a page of ours could know.
  [[nodiscard]] RawAnswer post_bare(const std::string& path, const Browser& browser,
                                    const std::string& form, const RawHeaders& more = {}) const;

  [[nodiscard]] const std::string& address() const { return address_; }  // "127.0.0.1:40001"
  [[nodiscard]] const std::string& listener() const { return listener_; }
  [[nodiscard]] std::string url() const { return "http://" + address_; }
  [[nodiscard]] Program& daemon() { return *daemon_; }

 private:
  std::unique_ptr<Program> daemon_;
  std::string address_, listener_;
};

// The first token of a form in a page.
[[nodiscard]] std::string csrf_in(const std::string& page);
[[nodiscard]] std::string location_of(const RawAnswer& answer);
// The value of a cookie that the answer sets; empty when it sets none of that name.
[[nodiscard]] std::string set_cookie(const RawAnswer& answer, const std::string& name);

}  // namespace devy::testing
