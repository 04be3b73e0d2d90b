#include "cli/line/command_line.hpp"

#include <gtest/gtest.h>

#include "cli/context.hpp"
#include "cli/exit_codes.hpp"
#include "cli/line/arguments.hpp"
#include "cli/line/command_help.hpp"
#include "tests/unit/cli/string_terminal.hpp"

namespace devy::cli {
namespace command_line_test {

using base::Error;
using base::ErrorKind;

// Ends as its argument says.
int run_end(Context& context, const Arguments& arguments) {
  const auto how = arguments.required("how");
  if (how == "ok") context.out() << "done\n";
  if (how == "ok") return exit_ok;
  if (how == "problems") return exit_problems_found;
  if (how == "usage") throw Error(ErrorKind::usage, "x");
  if (how == "config") throw Error(ErrorKind::config, "x");
  if (how == "not_found") throw Error(ErrorKind::not_found, "x");
  if (how == "conflict") throw Error(ErrorKind::conflict, "x");
  if (how == "denied") throw Error(ErrorKind::denied, "x");
  if (how == "database") throw Error(ErrorKind::unavailable, "x", "", "database_unavailable");
  if (how == "remote") throw Error(ErrorKind::unavailable, "x", "", "fetch_stalled");
  if (how == "needs_yes") throw CommandError(exit_needs_yes, ErrorKind::usage, "x");
  if (how == "bug") throw std::runtime_error("out of range");
  if (how == "escapes")
    throw Error(ErrorKind::rejected, "bad title '\x1b]0;owned\x07' in 'a\nb'",
                "Ask https://user:secret@example.org.");
  context.check_stop();
  return exit_failed;
}

const Command& end_command() {
  static const Command command{
      .name = "end", .summary = "end somehow", .positionals = {{.name = "how"}}, .run = run_end};
  return command;
}

class CommandLineTest : public ::testing::Test {
 protected:
  int run(const std::vector<std::string>& words, bool is_tty = false) {
    return run_command_line({&end_command()}, words,
                            cli::Run{person_.terminal(is_tty), person_.environment(),
                                     base::system_clock(), stop_.get_token()});
  }

  testing::StringTerminal person_;
  std::stop_source stop_;
};

TEST_F(CommandLineTest, ReturnsWhatTheCommandReturns) {
  EXPECT_EQ(run({"end", "ok"}), exit_ok);
  EXPECT_EQ(person_.out.str(), "done\n");
  EXPECT_EQ(person_.err.str(), "");
  EXPECT_EQ(run({"end", "problems"}), exit_problems_found);
}

TEST_F(CommandLineTest, GivesEachErrorItsExitStatus) {
  EXPECT_EQ(run({"end", "bug"}), 1);
  EXPECT_EQ(run({"end", "remote"}), 1);
  EXPECT_EQ(run({"end", "usage"}), 2);
  EXPECT_EQ(run({"end", "config"}), 2);
  EXPECT_EQ(run({"end", "not_found"}), 4);
  EXPECT_EQ(run({"end", "conflict"}), 5);
  EXPECT_EQ(run({"end", "denied"}), 6);
  EXPECT_EQ(run({"end", "database"}), 7);
  EXPECT_EQ(run({"end", "needs_yes"}), 9);
}

TEST_F(CommandLineTest, EndsUsageErrorsOfTheParserWith2) {
  for (const auto& words : std::vector<std::vector<std::string>>{
           {}, {"nothing"}, {"end"}, {"end", "a", "b"}, {"end", "--no-such"}, {"--color"}})
    EXPECT_EQ(run(words), exit_usage);
}

TEST_F(CommandLineTest, SaysNothingMoreWhenInterrupted) {
  stop_.request_stop();
  EXPECT_EQ(run({"end", "stopped"}), exit_interrupted);
  EXPECT_EQ(person_.err.str(), "");
}

TEST_F(CommandLineTest, NeutralisesEscapesAndHidesSecretsInErrors) {
  EXPECT_EQ(run({"end", "escapes"}), exit_failed);
  const auto text = person_.err.str();
  EXPECT_TRUE(
      text.starts_with("error: bad title '\\x1b]0;owned\\x07' in 'a\\nb'\nhint: Ask https://"))
      << text;
  EXPECT_EQ(text.find("secret"), std::string::npos);
  EXPECT_EQ(person_.out.str(), "");
}

TEST_F(CommandLineTest, PrintsErrorsAsJsonWhereADocumentIsAskedFor) {
  EXPECT_EQ(run({"end", "database", "--json"}), 7);
  EXPECT_EQ(person_.err.str(),
            "{\"error\":{\"code\":\"database_unavailable\",\"kind\":\"unavailable\","
            "\"message\":\"x\",\"hint\":null}}\n");
  person_.err.str("");
  EXPECT_EQ(run({"--json", "nothing"}), exit_usage);
  EXPECT_TRUE(person_.err.str().starts_with("{\"error\":{\"code\":\"usage\"")) << person_.err.str();
}

TEST_F(CommandLineTest, RefusesToShapeWhatIsNoDocument) {
  EXPECT_EQ(run({"end", "ok", "--jq", "."}), exit_usage);
  EXPECT_EQ(person_.out.str(), "");
  EXPECT_NE(person_.err.str().find("prints no JSON document"), std::string::npos);
}

TEST_F(CommandLineTest, ColorsTheWordErrorOnATerminal) {
  person_.variables["TERM"] = "xterm";
  run({"end", "usage"}, true);
  EXPECT_EQ(person_.err.str(), "\x1b[31merror:\x1b[0m x\n");
}

TEST_F(CommandLineTest, AppliesColorBeforeTheCommandRuns) {
  person_.variables["TERM"] = "xterm";
  run({"end", "usage", "--color=never"}, true);
  EXPECT_EQ(person_.err.str(), "error: x\n");
}

TEST_F(CommandLineTest, PrintsHelpToStdout) {
  EXPECT_EQ(run({"--help"}), exit_ok);
  EXPECT_NE(person_.out.str().find("end somehow"), std::string::npos);
  EXPECT_EQ(person_.err.str(), "");
}

TEST_F(CommandLineTest, PrintsTheVersion) {
  EXPECT_EQ(run({"--version"}), exit_ok);
  EXPECT_TRUE(person_.out.str().starts_with("devy-upload "));
}

TEST(CommandHelp, NamesEveryOptionOfEveryCommand) {
  for (const auto* command : all_commands()) {
    const auto text = command_help(*command);
    EXPECT_NE(text.find(usage_line(*command)), std::string::npos) << command->name;
    for (const auto& option : command->options)
      EXPECT_NE(text.find("--" + option.name), std::string::npos) << command->name;
    for (const auto& option : global_options())
      EXPECT_NE(text.find("--" + option.name), std::string::npos) << command->name;
  }
}

TEST(CommandTable, SaysEverythingInHouseStyle) {
  for (const auto* command : all_commands()) {
    EXPECT_FALSE(command->summary.empty()) << command->name;
    EXPECT_FALSE(command->summary.ends_with('.')) << command->name;
    for (const auto& option : command->options) {
      EXPECT_FALSE(option.help.empty()) << command->name << " --" << option.name;
      EXPECT_FALSE(option.help.ends_with('.')) << command->name << " --" << option.name;
    }
    for (const auto& example : command->examples)
      EXPECT_NE(example.find("devy-upload "), std::string::npos) << example;
  }
}

}  // namespace command_line_test
}  // namespace devy::cli
