#include "core/platform/base/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace devy::base {
namespace random_test {

class Counting final : public Random {
 public:
  std::uint64_t next() override { return ++last_; }

 private:
  std::uint64_t last_ = 0;
};

TEST(Token, HoldsEveryBitThatWasDrawn) {
  Counting random;
  EXPECT_EQ(random.token(), "10000000000000002000000000000000");
  EXPECT_EQ(random.token(), "30000000000000004000000000000000");
}

TEST(Token, IsFitForAnAddressAndNeverTheSame) {
  std::set<std::string> tokens;
  for (int i = 0; i < 1'000; ++i) {
    const auto token = system_random().token();
    EXPECT_EQ(token.size(), 32U);
    EXPECT_EQ(token.find_first_not_of("0123456789abcdef"), std::string::npos) << token;
    tokens.insert(token);
  }
  EXPECT_EQ(tokens.size(), 1'000U);
}

}  // namespace random_test
}  // namespace devy::base
