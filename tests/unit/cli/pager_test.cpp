#include "cli/terminal/pager.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_folder.hpp"
#include "tests/unit/cli/string_terminal.hpp"

namespace devy::cli {
namespace pager_test {

TEST(PagerTest, IsUsedForWhatIsLongerThanTheScreen) {
  testing::StringTerminal person;
  person.variables["TERM"] = "xterm";
  const std::string lines = "a\nb\nc\n";
  EXPECT_EQ(pager_for(lines, 3, person.environment()), "less");
  EXPECT_EQ(pager_for(lines, 4, person.environment()), std::nullopt);
  EXPECT_EQ(pager_for(lines, std::nullopt, person.environment()), std::nullopt);
  person.variables["PAGER"] = "more";
  EXPECT_EQ(pager_for(lines, 2, person.environment()), "more");
  person.variables["DEVY_PAGER"] = "cat";
  EXPECT_EQ(pager_for(lines, 2, person.environment()), std::nullopt);
}

TEST(PagerTest, GetsTheWholeText) {
  const testing::TempFolder folder;
  const auto path = folder / "shown";
  EXPECT_TRUE(show_through("cat >'" + path + "'", "a\nb\n"));
  EXPECT_EQ(testing::read_text(path), "a\nb\n");
  EXPECT_FALSE(show_through("/no/such/pager 2>/dev/null", "a\n"));
}

TEST(LinkedTest, LinksPlainAddressesOnly) {
  EXPECT_EQ(linked("x", "https://a.example/b", true),
            "\x1b]8;;https://a.example/b\x1b\\x\x1b]8;;\x1b\\");
  EXPECT_EQ(linked("x", "https://a.example/b", false), "x");
  EXPECT_EQ(linked("x", "https://a.example/\x1b", true), "x");
  EXPECT_EQ(linked("x", "file:///etc", true), "x");
  EXPECT_EQ(linked("x", "", true), "x");
}

}  // namespace pager_test
}  // namespace devy::cli
