#include "tests/e2e/web/console_fixture.hpp"

#include <cstdio>
#include <stdexcept>

#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace {

// From the daemon's start to its end: a browser may look at many pages meanwhile.
constexpr std::chrono::seconds console_patience{300};

// The text between the first `begin` and the next `end` behind it; empty when they are not there.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto at = text.find(begin);
  if (at == std::string::npos) return {};
  const auto from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

std::string header_in(const RawAnswer& answer, const std::string& name) {
  return between(answer.head, "\r\n" + name + ": ", "\r\n");
}

}  // namespace

std::string csrf_in(const std::string& page) {
  return between(page, "name=\"_csrf\" value=\"", "\"");
}

std::string location_of(const RawAnswer& answer) {
  return header_in(answer, "Location");
}

std::string set_cookie(const RawAnswer& answer, const std::string& name) {
  return between(answer.head, "Set-Cookie: " + name + "=", ";");
}

ConsoleFixture::ConsoleFixture(std::string more,
                               const std::vector<std::vector<std::string>>& commands) {
  const std::string place = "<folder>";
  for (auto at = more.find(place); at != std::string::npos; at = more.find(place))
    more.replace(at, place.size(), folder_.path());
  configure_web("addresses = [\"127.0.0.1:0\"]\n", more);
  static_cast<void>(run_command({"db", "roles"}));
  static_cast<void>(run_command({"account", "add", "ada"}));
  static_cast<void>(run_command({"account", "operator", "ada", "on"}));
  for (const auto& command : commands)
    static_cast<void>(run_command(command));
  std::vector<std::string> blogs{new_blog(), new_blog()};
  for (int n = 1; n <= 2; ++n)
    push_post(n, "broken.md", "---\ntitle: [\n---\nx\n");
  auto call = daemon_call();
  call.timeout = time_factor * console_patience;
  daemon_ = std::make_unique<Program>(call);
  daemon_->wait_for("event=\"daemon ready\"");
  const auto said = daemon_->said();
  address_ = between(said, "role=\"web\" address=\"", "\"");
  listener_ = between(said, "role=\"listener\" address=\"", "\"");
  if (address_.empty()) throw std::runtime_error("no pages are served: " + said);
  for (const auto& blog : blogs)
    wait_until_ended(*daemon_, trigger(blog), 1, "completed");
}

ConsoleFixture::~ConsoleFixture() {
  door_.open();
  const auto said = stop(*daemon_);
  if (HasFailure()) std::fputs(said.c_str(), stderr);
}

void ConsoleFixture::configure_web(const std::string& web, const std::string& more) {
  configure("[web]\n" + web + "[database]\nweb_conninfo = \"" + database_.conninfo() +
            " options='-c role=devy_web'\"\n" + more);
}

void ConsoleFixture::push_post(int number, const std::string& path, const std::string& text) {
  auto& author = *authors_.at(static_cast<std::size_t>(number) - 1);
  author.write_file(path, text);
  author.commit("Add " + path);
  author.push(folder_ / ("repositories/user" + std::to_string(number) + "/blog.git"));
}

std::string ConsoleFixture::run_command(const std::vector<std::string>& arguments) const {
  auto call = daemon_call();
  call.program = "devy-upload";
  call.arguments = arguments;
  const auto result = run_program(call);
  if (result.status != 0) throw std::runtime_error(result.out + result.err);
  return result.out;
}

std::string ConsoleFixture::login_path(const std::string& username) const {
  const auto printed = run_command({"web", "link", "--as", username});
  const auto at = printed.find("/login/link/");
  if (at == std::string::npos) throw std::runtime_error("no address: " + printed);
  return printed.substr(at, printed.find('\n', at) - at);
}

Browser ConsoleFixture::log_in(const std::string& username) const {
  const auto answer = get(login_path(username));
  Browser browser{set_cookie(answer, "__Host-devy")};
  if (browser.cookie.empty()) throw std::runtime_error("not logged in: " + answer.head);
  return browser;
}

RawAnswer ConsoleFixture::get(const std::string& path, const Browser& browser,
                              const RawHeaders& more) const {
  RawHeaders headers = more;
  if (!browser.cookie.empty()) headers.emplace_back("Cookie", "__Host-devy=" + browser.cookie);
  return send_request(address_, "GET", path, headers);
}

RawAnswer ConsoleFixture::post_bare(const std::string& path, const Browser& browser,
                                    const std::string& form, const RawHeaders& more) const {
  RawHeaders headers = more;
  headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  if (!browser.cookie.empty()) headers.emplace_back("Cookie", "__Host-devy=" + browser.cookie);
  return send_request(address_, "POST", path, headers, form);
}

RawAnswer ConsoleFixture::post(const std::string& path, const Browser& browser,
                               const std::string& page, std::string form) const {
  const auto token = csrf_in(get(page, browser).body);
  form += (form.empty() ? "_csrf=" : "&_csrf=") + token;
  return post_bare(path, browser, form, {{"Sec-Fetch-Site", "same-origin"}});
}

}  // namespace devy::testing
