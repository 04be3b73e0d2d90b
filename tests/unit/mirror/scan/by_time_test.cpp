// How a list is read by the time of the last change: where the next page begins, and how the rest
// is divided.
#include "core/mirror/scan/by_time.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/time_text.hpp"

namespace devy::scan {
namespace by_time_test {

base::TimePoint at(const char* text) {
  return *base::parse_rfc3339(text);
}

Page page(const char* first, const char* last, const char* next) {
  Page page;
  page.items = 100;
  page.first_updated_at = at(first);
  page.last_updated_at = at(last);
  if (next != nullptr) page.next = next;
  page.sent_at = at("2026-01-01T00:00:00Z");
  return page;
}

TEST(MoveBehind, GoesOnASecondBeforeTheLastItem) {
  mirror::Part part;
  part.from_at = at("2024-01-01T00:00:00Z");
  EXPECT_FALSE(move_behind(page("2024-01-01T00:00:00Z", "2024-03-01T00:00:10Z", "more"), part));
  EXPECT_EQ(part.from_at, at("2024-03-01T00:00:09Z"));
  EXPECT_FALSE(part.next_url);
}

TEST(MoveBehind, FollowsTheLinkWhereOneSecondFillsAPage) {
  mirror::Part part;
  part.from_at = at("2024-01-01T00:00:00Z");
  EXPECT_FALSE(move_behind(page("2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z", "more"), part));
  EXPECT_EQ(part.next_url, "more");
  EXPECT_EQ(part.from_at, at("2024-01-01T00:00:00Z"));
  // Behind the crowd it goes by time again.
  EXPECT_FALSE(move_behind(page("2024-01-01T00:00:01Z", "2024-02-01T00:00:00Z", "more"), part));
  EXPECT_FALSE(part.next_url);
  EXPECT_EQ(part.from_at, at("2024-01-31T23:59:59Z"));
}

TEST(MoveBehind, EndsWithTheListAndWithItsPart) {
  mirror::Part part;
  EXPECT_TRUE(move_behind(page("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", nullptr), part));
  part.to_at = at("2024-02-01T00:00:00Z");
  EXPECT_TRUE(move_behind(page("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "more"), part));
  EXPECT_FALSE(move_behind(page("2024-01-01T00:00:00Z", "2024-01-31T23:59:59Z", "more"), part));
}

TEST(MoveBehind, RefusesItemsWithoutATime) {
  mirror::Part part;
  auto broken = page("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "more");
  broken.last_updated_at.reset();
  EXPECT_THROW(static_cast<void>(move_behind(broken, part)), base::Error);
}

TEST(DivideByTime, HasPartsThatMeetAndNoEnd) {
  const auto parts =
      divide_by_time(page("2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "more"), 4);
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts.front().from_at, at("2020-12-31T23:59:59Z"));
  for (std::size_t i = 0; i + 1 < parts.size(); ++i)
    EXPECT_EQ(parts[i].to_at, parts[i + 1].from_at) << i;
  EXPECT_FALSE(parts.back().to_at);
}

TEST(DivideByTime, HasNoMorePartsThanThereSeemToBePages) {
  EXPECT_EQ(divide_by_time(page("2016-01-01T00:00:00Z", "2021-01-01T00:00:00Z", "more"), 4).size(),
            1U);
  EXPECT_EQ(divide_by_time(page("2018-10-01T00:00:00Z", "2021-01-01T00:00:00Z", "more"), 4).size(),
            2U);
  EXPECT_TRUE(
      divide_by_time(page("2018-10-01T00:00:00Z", "2021-01-01T00:00:00Z", nullptr), 4).empty());
}

}  // namespace by_time_test
}  // namespace devy::scan
