#include "core/platform/base/natural_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace devy::base {
namespace natural_order_test {

using Names = std::vector<std::string>;

TEST(NaturalOrder, CountsAsPeopleDo) {
  Names names{"v1.10.0",
              "100.md",
              "a/10/2",
              "issue-10.md",
              "10.md",
              "2.md",
              "",
              "v1.9.0",
              "a",
              "100000000000000000000000",
              "issue-9.md",
              "1.md",
              "99999999999999999999999",
              "v1.10.0b",
              "a/2/10"};
  std::ranges::sort(names, [](const auto& a, const auto& b) { return natural_order(a, b) < 0; });
  EXPECT_EQ(names, (Names{"", "1.md", "2.md", "10.md", "100.md", "99999999999999999999999",
                          "100000000000000000000000", "a", "a/2/10", "a/10/2", "issue-9.md",
                          "issue-10.md", "v1.9.0", "v1.10.0", "v1.10.0b"}));
}

TEST(NaturalOrder, CallsNoTwoTextsEqual) {
  const Names names{"",    "0",  "00",  "1", "01", "001", "1a",
                    "01a", "a1", "a01", "a", "aa", "1.1", "1.01"};
  for (const auto& a : names)
    for (const auto& b : names) {
      EXPECT_EQ(natural_order(a, b) == 0, a == b) << a << ' ' << b;
      EXPECT_EQ(natural_order(a, b) < 0, natural_order(b, a) > 0) << a << ' ' << b;
    }
  EXPECT_TRUE(natural_order("1", "01") < 0);
}

TEST(NaturalOrder, IsTransitive) {
  const Names names{"0",   "00",   "1",    "01",  "1a", "01a", "1b",
                    "01b", "1.01", "01.1", "1.1", "a0", "a00"};
  for (const auto& a : names)
    for (const auto& b : names)
      for (const auto& c : names)
        if (natural_order(a, b) < 0 && natural_order(b, c) < 0) {
          EXPECT_TRUE(natural_order(a, c) < 0) << a << ' ' << b << ' ' << c;
        }
}

}  // namespace natural_order_test
}  // namespace devy::base
