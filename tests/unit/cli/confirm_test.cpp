#include "cli/terminal/confirm.hpp"

#include <gtest/gtest.h>

#include "cli/exit_codes.hpp"
#include "tests/unit/cli/string_terminal.hpp"

namespace devy::cli {
namespace confirm_test {

class ConfirmTest : public ::testing::Test {
 protected:
  // The status it ends with; exit_ok when it may be done.
  int ask(bool is_tty, bool is_yes = false) {
    GlobalOptions options;
    options.is_yes = is_yes;
    Context context(options, person_.terminal(is_tty), person_.environment(), base::system_clock(),
                    stop_.get_token());
    try {
      confirm(context, {"cancel", 7, "upload", {"a", "b\x1b[2J", "c", "d", "e", "f", "g"}});
      return exit_ok;
    } catch (const CommandError& error) {
      text_ = error.text();
      return error.status();
    } catch (const base::Error& error) {
      return base::exit_code(error);
    }
  }

  testing::StringTerminal person_;
  std::stop_source stop_;
  std::string text_;
};

TEST_F(ConfirmTest, NeedsYesWithoutATerminal) {
  EXPECT_EQ(ask(false), exit_needs_yes);
  EXPECT_EQ(text_, "unable to cancel 7 uploads: nobody is there to confirm it");
  EXPECT_EQ(person_.err.str(), "");
}

TEST_F(ConfirmTest, AsksNothingWithYes) {
  EXPECT_EQ(ask(false, true), exit_ok);
  EXPECT_EQ(ask(true, true), exit_ok);
  EXPECT_EQ(person_.err.str(), "");
}

TEST_F(ConfirmTest, ShowsTheCountAndExamples) {
  person_.answer = "y";
  EXPECT_EQ(ask(true), exit_ok);
  EXPECT_EQ(person_.err.str(),
            "About to cancel 7 uploads:\n  a\n  b\\x1b[2J\n  c\n  d\n  e\n  … and 2 more\n"
            "Go on? [y/N] ");
}

TEST_F(ConfirmTest, TakesEverythingButYesForNo) {
  for (const char* answer : {"", "n", "yeah", "Y "}) {
    person_.answer = answer;
    EXPECT_EQ(ask(true), exit_needs_yes) << answer;
  }
  person_.answer.reset();
  EXPECT_EQ(ask(true), exit_needs_yes);
  EXPECT_EQ(text_, "nothing was changed: not confirmed");
}

TEST_F(ConfirmTest, EndsAsInterruptedWhenStopped) {
  stop_.request_stop();
  EXPECT_EQ(ask(true), exit_interrupted);
}

TEST(Describe, CountsInWords) {
  EXPECT_EQ(describe({"replay", 1, "upload", {}}), "replay 1 upload");
  EXPECT_EQ(describe({"prune", 0, "upload", {}}), "prune 0 uploads");
}

}  // namespace confirm_test
}  // namespace devy::cli
