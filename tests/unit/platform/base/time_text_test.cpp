#include "core/platform/base/time_text.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace time_text_test {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Rfc3339, WritesUtcWithMilliseconds) {
  EXPECT_EQ(format_rfc3339(TimePoint{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_rfc3339(TimePoint{} + milliseconds(1'767'323'045'678)),
            "2026-01-02T03:04:05.678Z");
}

TEST(Rfc3339, ReadsOffsetsFractionsAndASpace) {
  const TimePoint time = TimePoint{} + milliseconds(1'767'323'045'678);
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05.678Z"), time);
  EXPECT_EQ(parse_rfc3339("2026-01-02 05:04:05.678+02:00"), time);
  EXPECT_EQ(parse_rfc3339("2026-01-02T03:04:05.678000000Z"), time);
}

TEST(Day, IsWrittenAndReadWithoutATime) {
  using namespace std::chrono;
  EXPECT_EQ(format_day(sys_days{2026y / January / 2}), "2026-01-02");
  EXPECT_EQ(format_day(sys_days{year{1} / December / 31}), "0001-12-31");
  EXPECT_EQ(parse_day("2026-01-02"), sys_days{2026y / January / 2});
  for (const auto* text : {"", "2026-02-30", "2026-01-02T00:00:00Z", "2026-01"})
    EXPECT_FALSE(parse_day(text)) << text;
}

TEST(Rfc3339, RefusesWhatIsNoAdvertisement) {
  for (const auto* text : {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
                           "2026-01-02T25:00:00Z", "2026-01-02T00:00:00Zx", "2026-01-02T00:61:00Z"})
    EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(Duration, ReadsUnitsAndSums) {
  EXPECT_EQ(parse_duration("90s"), seconds(90));
  EXPECT_EQ(parse_duration("90"), seconds(90));
  EXPECT_EQ(parse_duration("1h30m"), minutes(90));
  EXPECT_EQ(parse_duration("2w"), hours(24 * 14));
  for (const auto* text : {"", "h", "-1s", "1y", "1h-3m", "99999999w"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Duration, IsWrittenForPeople) {
  EXPECT_EQ(format_duration(milliseconds(12)), "12ms");
  EXPECT_EQ(format_duration(milliseconds(4'200)), "4.2s");
  EXPECT_EQ(format_duration(seconds(200)), "3m 20s");
  EXPECT_EQ(format_duration(minutes(302)), "5h 2m");
  EXPECT_EQ(format_duration(hours(76)), "3d 4h");
}

TEST(Relative, DescribesPastAndFuture) {
  const TimePoint now = TimePoint{} + hours(1'000);
  EXPECT_EQ(format_relative(now, now), "just now");
  EXPECT_EQ(format_relative(now - minutes(3), now), "3m ago");
  EXPECT_EQ(format_relative(now + seconds(5), now), "in 5s");
}

}  // namespace time_text_test
}  // namespace devy::base
