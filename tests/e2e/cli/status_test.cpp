#include <nlohmann/json.hpp>
#include <sstream>

#include "core/platform/base/safe_text.hpp"
#include "tests/e2e/cli/blog_fixture.hpp"

// `status`: the state of everything on one screen.

namespace devy::testing {
namespace status_test {

using StatusCommand = BlogFixture;

TEST_F(StatusCommand, ShowsWhatFailsWaitsAndIsPaused) {
  const auto failed = record_failed();
  EXPECT_EQ(run({"account", "add", "bob"}).status, 0);
  const auto connected = run({"blog", "connect", "bob/notes", "file:///nowhere/notes.git"});
  ASSERT_EQ(connected.status, 0) << connected.err;
  const auto waiting = json({"trigger", "bob/notes"})["id"].get<std::string>();
  const auto before = run({"status"});
  EXPECT_EQ(before.status, 0) << before.err;
  EXPECT_NE(before.out.find("1 waiting, 0 running, 0 held"), std::string::npos) << before.out;
  EXPECT_NE(before.out.find("longest due: " + waiting.substr(0, 8) + " bob/notes (upload)"),
            std::string::npos)
      << before.out;
  EXPECT_NE(before.out.find("none: start devy-uploadd"), std::string::npos) << before.out;
  EXPECT_NE(before.out.find(failed.substr(0, 8) + " alice/blog (upload)"), std::string::npos)
      << before.out;
  EXPECT_NE(before.out.find("commit_gone"), std::string::npos) << before.out;

  EXPECT_EQ(run({"queue", "pause", "--reason", "moving"}).status, 0);
  EXPECT_EQ(run({"queue", "pause", "alice/blog", "--reason", "too loud"}).status, 0);
  const auto after = run({"status"}).out;
  EXPECT_NE(after.find("the queue is paused since"), std::string::npos) << after;
  EXPECT_NE(after.find("moving"), std::string::npos) << after;
  EXPECT_NE(after.find("alice/blog (repository): too loud"), std::string::npos) << after;
}

TEST_F(StatusCommand, ForgetsAFailureThatASuccessFollowed) {
  static_cast<void>(record_failed());
  EXPECT_EQ(json({"status"})["failing"].size(), 1U);
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  const auto document = json({"status"});
  EXPECT_EQ(document["failing"].size(), 0U) << document.dump();
  EXPECT_EQ(keys_of(document),
            (std::vector<std::string>{"daemons", "waiting", "running", "expired_leases",
                                      "operations", "oldest_waiting", "pause", "paused", "held",
                                      "failing", "last_day", "deliveries", "api_budgets"}));
}

TEST_F(StatusCommand, NamesALostDaemonAndALowBudget) {
  database_.execute(
      "insert into devy.daemon (name, version, state, workers, busy, seen_at)"
      " values ('here+1/2.3', '0.1.0', 'ready', 4, 1, now() - interval '5 minutes')");
  database_.execute(
      "insert into devy.api_budget (credential, resource, quota, remaining, reset_at)"
      " values ('token', 'core', 5000, 12, now() + interval '10 minutes')");
  const auto text = run({"status", "--color", "always"}).out;
  EXPECT_NE(text.find("\x1b[31mhere+1/2.3 lost, 1 of 4 workers busy"), std::string::npos) << text;
  EXPECT_NE(text.find("token 12 of 5000 requests left"), std::string::npos) << text;
}

TEST_F(StatusCommand, KeepsEachLineWithinTheTerminal) {
  static_cast<void>(record_failed());  // for a reason that is longer than the line
  auto with_terminal = call({"status", "--color", "never"});
  with_terminal.has_terminal = true;
  std::istringstream lines(run_program(with_terminal).out);
  constexpr std::size_t columns = 100;  // of the tests' terminal
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    longest = std::max(longest, base::display_width(line));
  }
  EXPECT_EQ(longest, columns);
}

}  // namespace status_test
}  // namespace devy::testing
