#include "core/base/shell_quoted.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace {

TEST(ShellQuoted, LeavesNothingToTheShell) {
  EXPECT_EQ(shell_quoted("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_quoted("$(id) `id` \\"), "'$(id) `id` \\'");
  EXPECT_EQ(shell_quoted(""), "''");
}

}  // namespace
}  // namespace devy::base
