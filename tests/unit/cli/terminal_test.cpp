#include "cli/terminal/terminal.hpp"

#include <gtest/gtest.h>

#include "tests/unit/cli/string_terminal.hpp"

namespace devy::cli {
namespace terminal_test {

TEST(WantsColor, FollowsTheTerminal) {
  testing::StringTerminal person;
  person.variables["TERM"] = "xterm";
  EXPECT_TRUE(wants_color(ColorChoice::automatic, true, person.environment()));
  EXPECT_FALSE(wants_color(ColorChoice::automatic, false, person.environment()));
}

TEST(WantsColor, HonoursNoColorAndDumbTerminals) {
  testing::StringTerminal person;
  person.variables = {{"TERM", "xterm"}, {"NO_COLOR", "1"}};
  EXPECT_FALSE(wants_color(ColorChoice::automatic, true, person.environment()));
  person.variables = {{"TERM", "dumb"}};
  EXPECT_FALSE(wants_color(ColorChoice::automatic, true, person.environment()));
  person.variables.clear();
  EXPECT_FALSE(wants_color(ColorChoice::automatic, true, person.environment()));
}

TEST(WantsColor, PrefersTheFlag) {
  testing::StringTerminal person;
  person.variables = {{"TERM", "dumb"}, {"NO_COLOR", "1"}};
  EXPECT_TRUE(wants_color(ColorChoice::always, false, person.environment()));
  person.variables = {{"TERM", "xterm"}};
  EXPECT_FALSE(wants_color(ColorChoice::never, true, person.environment()));
}

TEST(TerminalWidth, IsReadFromTheEnvironmentWhereNoTerminalIs) {
  testing::StringTerminal person;
  EXPECT_EQ(terminal_width(-1, person.environment()), 80U);
  person.variables["COLUMNS"] = "132";
  EXPECT_EQ(terminal_width(-1, person.environment()), 132U);
  for (const char* nonsense : {"0", "-5", "many", "99999999999999999999"}) {
    person.variables["COLUMNS"] = nonsense;
    EXPECT_EQ(terminal_width(-1, person.environment()), 80U) << nonsense;
  }
}

TEST(Paint, AddsNothingWithoutColor) {
  EXPECT_EQ(paint("failed", Color::red, false), "failed");
  EXPECT_EQ(paint("failed", Color::red, true), "\x1b[31mfailed\x1b[0m");
  EXPECT_EQ(paint("failed", Color::none, true), "failed");
}

}  // namespace terminal_test
}  // namespace devy::cli
