#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"

// What changes when a person is there, and when stdout is a pipe.

namespace devy::testing {
namespace terminal_test {

using TerminalOutput = BlogFixture;

TEST_F(TerminalOutput, IsPlainInAPipe) {
  const auto triggered = run({"trigger", "alice/blog", "--here"});
  const auto id = database_.scalar("select left(id::text, 8) from devy.operation");
  EXPECT_EQ(triggered.err,
            id + " recorded: alice/blog\n"
                 "alice/blog: fetch\nalice/blog: snapshot\nalice/blog: diff\nalice/blog: publish\n"
                 "alice/blog: clean_up\n");
  const auto listed = run({"list"});
  EXPECT_EQ(listed.out.find('\x1b'), std::string::npos);
  EXPECT_NE(listed.out.find('Z'), std::string::npos);
  EXPECT_EQ(run({"trigger", "alice/blog", "--here", "-q"}).err, "");
}

TEST_F(TerminalOutput, HasColorRelativeTimesAndALiveLineOnATerminal) {
  auto with_terminal = call({"trigger", "alice/blog", "--here"});
  with_terminal.has_terminal = true;
  const auto triggered = run_program(with_terminal);
  EXPECT_EQ(triggered.status, 0);
  EXPECT_NE(triggered.out.find("\r\x1b[Kalice/blog: fetch"), std::string::npos) << triggered.out;
  EXPECT_NE(triggered.out.find("\x1b[32mcompleted\x1b[0m"), std::string::npos) << triggered.out;
  with_terminal.arguments = {"list"};
  const auto listed = run_program(with_terminal);
  EXPECT_TRUE(listed.out.find(" ago") != std::string::npos ||
              listed.out.find("just now") != std::string::npos)
      << listed.out;
}

TEST_F(TerminalOutput, HonoursNoColorAndDumbTerminals) {
  static_cast<void>(json({"trigger", "alice/blog", "--here"}));
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"NO_COLOR", "1"}, {"TERM", "dumb"}}) {
    auto with_terminal = call({"list"});
    with_terminal.has_terminal = true;
    with_terminal.environment[name] = value;
    EXPECT_EQ(run_program(with_terminal).out.find('\x1b'), std::string::npos) << name;
  }
  EXPECT_NE(run({"list", "--color", "always"}).out.find('\x1b'), std::string::npos);
}

TEST_F(TerminalOutput, AsksBeforeABulkAction) {
  const auto id = record();
  auto with_terminal = call({"cancel", "--blog", "alice/blog"});
  with_terminal.has_terminal = true;
  Program refused(with_terminal);
  refused.wait_for("Go on? [y/N]");
  refused.write("n\n");
  EXPECT_EQ(refused.wait().status, 9);
  EXPECT_EQ(state_of(id), "verified");

  Program interrupted(with_terminal);
  interrupted.wait_for("Go on? [y/N]");
  interrupted.write("\x03");
  EXPECT_EQ(interrupted.wait().status, 130);
  EXPECT_EQ(state_of(id), "verified");

  Program confirmed(with_terminal);
  confirmed.wait_for("Go on? [y/N]");
  confirmed.write("y\n");
  const auto result = confirmed.wait();
  EXPECT_EQ(result.status, 0);
  EXPECT_NE(result.out.find("About to cancel 1 upload:"), std::string::npos);
  EXPECT_EQ(state_of(id), "cancelled");
}

TEST_F(TerminalOutput, EndsQuietlyWhenItsReaderIsGone) {
  Program program(call({"logs", record(), "-f"}));
  program.wait_for("verified");
  program.close_output();
  database_.execute("update devy.operation set priority = 7");
  EXPECT_EQ(run({"poll", "--once"}).status, 0);
  const auto result = program.wait();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
}

TEST_F(TerminalOutput, NeutralisesEscapeSequencesFromOutside) {
  const std::string hostile = "\x1b]0;owned\x07";
  static_cast<void>(json({"trigger", "alice/blog", "--reason", hostile}));
  const auto inspected = run({"inspect", "@last", "--events"});
  EXPECT_EQ(inspected.out.find('\x1b'), std::string::npos);
  EXPECT_NE(inspected.out.find("\\x1b]0;owned"), std::string::npos) << inspected.out;
  EXPECT_EQ(json({"inspect", "@last"})["reason"], hostile);
  EXPECT_EQ(run({"inspect", hostile}).err.find('\x1b'), std::string::npos);
}

}  // namespace terminal_test
}  // namespace devy::testing
