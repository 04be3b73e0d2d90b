#include "core/platform/github/write_budget.hpp"

#include <gtest/gtest.h>

#include "tests/support/postgres/postgres.hpp"

namespace devy::github {
namespace write_budget_test {

using std::chrono::milliseconds;

class WriteBudget : public ::testing::Test {
 protected:
  // Whether one more fits now.
  bool charge(Weight weight, const std::string& credential = "token") {
    const auto wait = charge_write(connection_, credential, weight, limits_);
    last_ = wait.value_or(milliseconds(0));
    return !wait;
  }
  void age(const std::string& interval) {
    database_.execute("update devy.api_write set at = at - interval '" + interval + "'");
  }

  testing::TestDatabase database_;
  pg::Connection connection_ = pg::Connection::open(database_.conninfo(), {}, "test");
  WriteLimits limits_{3, 5, 1'000, milliseconds(0)};
  milliseconds last_{};
};

TEST_F(WriteBudget, CountsTheSlidingMinute) {
  for (int write = 0; write < 3; ++write)
    EXPECT_TRUE(charge(Weight::write));
  EXPECT_FALSE(charge(Weight::write));
  EXPECT_GT(last_, milliseconds(30'000));
  EXPECT_LE(last_, milliseconds(60'000));
  EXPECT_TRUE(charge(Weight::write, "user/7"));
  EXPECT_TRUE(charge(Weight::reading));
  age("1 minute");
  EXPECT_TRUE(charge(Weight::write));
}

TEST_F(WriteBudget, CountsContentByTheHour) {
  for (int write = 0; write < 5; ++write) {
    EXPECT_TRUE(charge(Weight::content));
    age("1 minute");
  }
  EXPECT_FALSE(charge(Weight::content));
  EXPECT_GT(last_, milliseconds(50 * 60'000));
  EXPECT_TRUE(charge(Weight::write));
  age("1 hour");
  EXPECT_TRUE(charge(Weight::content));
}

TEST_F(WriteBudget, CountsPoints) {
  limits_.points_per_minute = 11;
  EXPECT_TRUE(charge(Weight::write));
  EXPECT_TRUE(charge(Weight::write));
  EXPECT_TRUE(charge(Weight::reading));
  EXPECT_FALSE(charge(Weight::reading));
  EXPECT_GT(last_, milliseconds(30'000));
}

TEST_F(WriteBudget, KeepsTheGapBetweenWrites) {
  limits_.gap = milliseconds(30'000);
  EXPECT_TRUE(charge(Weight::write));
  EXPECT_FALSE(charge(Weight::write));
  EXPECT_LE(last_, milliseconds(30'000));
  EXPECT_TRUE(charge(Weight::reading));
  age("30 seconds");
  EXPECT_TRUE(charge(Weight::write));
}

TEST_F(WriteBudget, HalvesAfterASecondaryLimitAndGrowsAgain) {
  limits_.writes_per_minute = 4;
  slow_down(connection_, "token");
  EXPECT_TRUE(charge(Weight::write));
  EXPECT_TRUE(charge(Weight::write));
  EXPECT_FALSE(charge(Weight::write));
  database_.execute("update devy.api_budget set slowed_at = slowed_at - interval '50 minutes'");
  EXPECT_TRUE(charge(Weight::write));
  EXPECT_TRUE(charge(Weight::write));
  EXPECT_FALSE(charge(Weight::write));
}

TEST_F(WriteBudget, LeavesAWriteInAnyCase) {
  for (int times = 0; times < 10; ++times)
    slow_down(connection_, "token");
  EXPECT_TRUE(charge(Weight::content));
}

}  // namespace write_budget_test
}  // namespace devy::github
