#include "core/platform/base/shell_quoted.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace shell_quoted_test {

TEST(ShellQuoted, LeavesNothingToTheShell) {
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted("$(id) `id` \\"), "'$(id) `id` \\'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace shell_quoted_test
}  // namespace devy::base
