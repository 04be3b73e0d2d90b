#include "core/platform/base/conninfo_quoted.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace conninfo_quoted_test {

TEST(ConninfoQuoted, EscapesQuotesAndBackslashes) {
  EXPECT_EQ(conninfo_quoted(""), "''");
  EXPECT_EQ(conninfo_quoted("a b"), "'a b'");
  EXPECT_EQ(conninfo_quoted(R"(it's \ here)"), R"('it\'s \\ here')");
}

}  // namespace conninfo_quoted_test
}  // namespace devy::base
