#include "core/platform/config/toml_guard.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace devy::config {
namespace toml_guard_test {

std::string dotted(std::size_t parts) {
  std::string key = "a";
  for (std::size_t i = 1; i < parts; ++i)
    key += ".a";
  return key;
}

TEST(TomlGuard, CountsThePartsOfEveryKey) {
  for (const std::string& text : std::vector<std::string>{
           dotted(33) + " = 1", "[" + dotted(33) + "]", "[[" + dotted(33) + "]]",
           "x = {" + dotted(33) + " = 1}", "x = '''\n'\n'''\n" + dotted(33) + " = 1",
           "x = \"a\\\"b\"\n" + dotted(33) + " = 1", "x = 'not closed\n" + dotted(33) + " = 1"})
    EXPECT_TRUE(find_toml_problem(text)) << text;
}

TEST(TomlGuard, LeavesOrdinaryTomlAlone) {
  for (const std::string& text : std::vector<std::string>{
           dotted(32) + " = 1", "x = '" + dotted(100) + "'", "x = \"" + dotted(100) + "\"",
           "x = \"\"\"\n" + dotted(100) + "\n\"\"\"", "# " + dotted(100),
           "x = [" + std::string("1.5, ") + "1.5]", std::string("")})
    EXPECT_FALSE(find_toml_problem(text)) << text;
}

TEST(TomlGuard, CountsNesting) {
  EXPECT_FALSE(find_toml_problem("x = " + std::string(64, '[') + std::string(64, ']')));
  const auto problem = find_toml_problem("\nx = " + std::string(65, '[') + std::string(65, ']'));
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->line, 2U);
  EXPECT_EQ(problem->column, 69U);
  EXPECT_EQ(problem->message, "values nested more than 64 deep");
}

}  // namespace toml_guard_test
}  // namespace devy::config
