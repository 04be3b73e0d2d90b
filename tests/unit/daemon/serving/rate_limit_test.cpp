#include "daemon/serving/rate_limit.hpp"

#include <gtest/gtest.h>

namespace devy::daemon {
namespace rate_limit_test {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RateLimit, GivesASixthAtOnceAndTheRestInTime) {
  RateLimit limit(120);
  base::MonotonicTime now{};
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(limit.take("a", now), std::nullopt) << i;
  EXPECT_EQ(limit.take("a", now), 1);
  now += milliseconds(500);
  EXPECT_EQ(limit.take("a", now), std::nullopt);
  EXPECT_EQ(limit.take("a", now), 1);
  now += seconds(3600);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(limit.take("a", now), std::nullopt) << i;
  EXPECT_TRUE(limit.take("a", now));
}

TEST(RateLimit, CountsNamesApart) {
  RateLimit limit(1);
  const base::MonotonicTime now{};
  for (int i = 0; i < 10; ++i)
    static_cast<void>(limit.take("a", now));
  EXPECT_EQ(limit.take("a", now), 60);
  EXPECT_EQ(limit.take("b", now), std::nullopt);
}

TEST(RateLimit, AllowsADebt) {
  RateLimit limit(60);
  const base::MonotonicTime now{};
  EXPECT_EQ(limit.take("a", now, 15), std::nullopt);
  EXPECT_EQ(limit.take("a", now), 6);
}

TEST(RateLimit, AllowsEverythingWhenZero) {
  RateLimit limit(0);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(limit.take("a", {}), std::nullopt);
}

// A flood of names must not become a flood of memory, nor let the flooder through.
TEST(RateLimit, LimitsTheNumberOfNames) {
  RateLimit limit(1, 3);
  base::MonotonicTime now{};
  for (const auto* name : {"a", "b", "c"})
    EXPECT_EQ(limit.take(name, now), std::nullopt);
  int passed = 0;
  for (int i = 0; i < 100; ++i)
    passed += limit.take("other " + std::to_string(i), now) ? 0 : 1;
  EXPECT_EQ(passed, 10);
  // Names that are idle make room.
  now += seconds(61);
  EXPECT_EQ(limit.take("d", now), std::nullopt);
}

}  // namespace rate_limit_test
}  // namespace devy::daemon
