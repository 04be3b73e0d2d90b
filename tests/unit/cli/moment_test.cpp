#include "cli/line/moment.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/time_text.hpp"

namespace devy::cli {
namespace moment_test {

std::string moment(std::string_view text) {
  const auto now = base::parse_rfc3339("2026-03-01T10:30:00Z").value();
  const auto found = parse_moment(text, now);
  return found ? base::format_rfc3339(*found) : "none";
}

TEST(MomentTest, ReadsHowLongAgo) {
  EXPECT_EQ(moment("90m"), "2026-03-01T09:00:00.000Z");
  EXPECT_EQ(moment("1d"), "2026-02-28T10:30:00.000Z");
}

TEST(MomentTest, ReadsDays) {
  EXPECT_EQ(moment("today"), "2026-03-01T00:00:00.000Z");
  EXPECT_EQ(moment("yesterday"), "2026-02-28T00:00:00.000Z");
  EXPECT_EQ(moment("2025-11-29"), "2025-11-29T00:00:00.000Z");
}

TEST(MomentTest, TakesTheLastTimeOfThatClock) {
  EXPECT_EQ(moment("09:15"), "2026-03-01T09:15:00.000Z");
  EXPECT_EQ(moment("20:00"), "2026-02-28T20:00:00.000Z");
  EXPECT_EQ(moment("20:00:30"), "2026-02-28T20:00:30.000Z");
}

TEST(MomentTest, ReadsDaysWithTimes) {
  EXPECT_EQ(moment("2025-11-29 20:00"), "2025-11-29T20:00:00.000Z");
  EXPECT_EQ(moment("2025-11-29T20:00:01"), "2025-11-29T20:00:01.000Z");
  EXPECT_EQ(moment("2025-11-29T20:00:00+01:00"), "2025-11-29T19:00:00.000Z");
}

TEST(MomentTest, RefusesWhatIsNoMoment) {
  for (const auto* text : {"", "soon", "25:00", "2026-13-01", "2026-02-30", "-1h", "10:3"})
    EXPECT_EQ(moment(text), "none") << text;
}

}  // namespace moment_test
}  // namespace devy::cli
