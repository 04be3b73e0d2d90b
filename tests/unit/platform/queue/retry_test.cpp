#include "core/platform/queue/retry.hpp"

#include <gtest/gtest.h>

namespace devy::queue {
namespace retry_test {

using std::chrono::milliseconds;

// Always draws the same share of the range.
class FixedRandom final : public base::Random {
 public:
  explicit FixedRandom(double share) : bits_(static_cast<std::uint64_t>(share * 0x1.0p53) << 11U) {}
  std::uint64_t next() override { return bits_; }

 private:
  std::uint64_t bits_;
};

milliseconds middle(int attempt) {
  FixedRandom random(0.5);
  return retry_delay(attempt, random);
}

TEST(RetryDelay, DoublesFromFiveSeconds) {
  EXPECT_EQ(middle(1), milliseconds(5'000));
  EXPECT_EQ(middle(2), milliseconds(10'000));
  EXPECT_EQ(middle(3), milliseconds(20'000));
  EXPECT_EQ(middle(4), milliseconds(40'000));
}

TEST(RetryDelay, IsAtMostAMinuteForTheFirstFive) {
  EXPECT_EQ(middle(5), milliseconds(60'000));
  FixedRandom high(0.999);
  EXPECT_LE(retry_delay(5, high), milliseconds(60'000));
}

TEST(RetryDelay, KeepsTheFiveMinutePromiseWithThreeFailures) {
  FixedRandom high(0.999);
  milliseconds sum{0};
  for (int attempt = 1; attempt <= 5; ++attempt)
    sum += retry_delay(attempt, high);
  EXPECT_LT(sum, std::chrono::minutes(5));
}

TEST(RetryDelay, GrowsToAnHourAndNoFurther) {
  EXPECT_EQ(middle(6), milliseconds(160'000));
  EXPECT_EQ(middle(12), milliseconds(3'600'000));
  EXPECT_EQ(middle(1'000'000), milliseconds(3'600'000));
}

TEST(RetryDelay, SpreadsByAFifth) {
  FixedRandom low(0), high(0.999999);
  EXPECT_EQ(retry_delay(2, low), milliseconds(8'000));
  EXPECT_NEAR(static_cast<double>(retry_delay(2, high).count()), 12'000, 1);
}

TEST(RetryDelay, TreatsAnInvalidNumberAsTheFirstAttempt) {
  EXPECT_EQ(middle(0), milliseconds(5'000));
  EXPECT_EQ(middle(-7), milliseconds(5'000));
}

}  // namespace retry_test
}  // namespace devy::queue
