// Numbers, durations, times and states as pages write them.

#include <gtest/gtest.h>

#include <array>

#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/operation.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/shown_text.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"

namespace devy::html {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(NumberText, GroupsDigitsThinly) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(999), "999");
  EXPECT_EQ(number_text(1204), "1\u202F204");
  EXPECT_EQ(number_text(-1234567), "-1\u202F234\u202F567");
  EXPECT_EQ(number_text(INT64_MIN), "-9\u202F223\u202F372\u202F036\u202F854\u202F775\u202F808");
  EXPECT_EQ(bounded_count_text(9999, 10000), "9\u202F999");
  EXPECT_EQ(bounded_count_text(10000, 10000), "10\u202F000+");
}

TEST(NumberText, WritesDurationsWithOneOrTwoUnits) {
  EXPECT_EQ(duration_text(milliseconds(-5)), "0 ms");
  EXPECT_EQ(duration_text(milliseconds(6)), "6 ms");
  EXPECT_EQ(duration_text(milliseconds(1234)), "1.2 s");
  EXPECT_EQ(duration_text(milliseconds(59'999)), "59.9 s");
  EXPECT_EQ(duration_text(minutes(47)), "47 min");
  EXPECT_EQ(duration_text(hours(5) + minutes(2)), "5 h 2 min");
  EXPECT_EQ(duration_text(hours(5)), "5 h");
  EXPECT_EQ(duration_text(days(3) + hours(4) + minutes(59)), "3 d 4 h");
  EXPECT_EQ(duration_text(std::optional<base::Duration>()), "–");
}

TEST(NumberText, WritesSizesByPowersOf1024) {
  EXPECT_EQ(size_text(214), "214 B");
  EXPECT_EQ(size_text(1024), "1.0 KB");
  EXPECT_EQ(size_text(7288), "7.1 KB");
  EXPECT_EQ(size_text(214L * 1024), "214 KB");
  EXPECT_EQ(size_text(1024L * 1024), "1.0 MB");
  EXPECT_EQ(size_text(INT64_MAX), "8\u202F388\u202F607 TB");
}

TEST(TimeElement, WritesAges) {
  const auto now = base::parse_rfc3339("2026-11-29T14:32:07.500Z").value();
  EXPECT_EQ(age_text(now, now), "now");
  EXPECT_EQ(age_text(now - seconds(40), now), "40 s");
  EXPECT_EQ(age_text(now - seconds(299), now), "4 min");
  EXPECT_EQ(age_text(now - hours(23), now), "23 h");
  EXPECT_EQ(age_text(now - days(9), now), "9 d");
  EXPECT_EQ(age_text(now + minutes(4), now), "in 4 min");
}

TEST(TimeElement, WritesADateWhereItIsNotToday) {
  const auto now = base::parse_rfc3339("2026-11-29T14:32:07Z").value();
  const auto today = base::parse_rfc3339("2026-11-29T14:28:11.310Z").value();
  const auto yesterday = base::parse_rfc3339("2026-11-28T23:59:59.999Z").value();
  const auto last_year = base::parse_rfc3339("2025-01-02T03:04:05Z").value();
  EXPECT_EQ(clock_text(today, now), "14:28:11");
  EXPECT_EQ(clock_text(yesterday, now), "28 Nov 23:59");
  EXPECT_EQ(clock_text(last_year, now), "2 Jan 2025");
  EXPECT_EQ(exact_clock_text(today, now), "14:28:11.310");
  EXPECT_EQ(exact_clock_text(yesterday, now), "28 Nov 23:59:59.999");
  EXPECT_EQ(exact_clock_text(last_year, now), "2 Jan 2025 03:04:05.000");
}

TEST(StateMark, KnowsEveryStateOfAnOperation) {
  using queue::State;
  for (const auto state : {State::received, State::verified, State::scheduled, State::processing,
                           State::held, State::completed, State::failed, State::cancelled,
                           State::dropped, State::duplicate, State::disabled})
    EXPECT_TRUE(has_mark(queue::to_string(state))) << queue::to_string(state);
  EXPECT_EQ(mark_of("failed"), "bad");
  EXPECT_EQ(mark_of("received"), "");
  EXPECT_EQ(mark_of("of a later version"), "");
  EXPECT_FALSE(has_mark("of a later version"));
}

TEST(StateMark, KnowsEveryStateOfTrackedUsersAndOfTheCrm) {
  for (const char* state : {"new", "active", "missing", "off", "scanning", "failing", "public",
                            "gone", "pending", "sending", "sent", "refused"})
    EXPECT_TRUE(has_mark(state)) << state;
}

TEST(ShownText, LeavesTextOfAllLanguages) {
  for (const char* text :
       {"", "a\tb\r\n", "é ß", "日本語", "עברית", "👩‍👩‍👧", "1\u202F204"}) {
    EXPECT_TRUE(is_showable(text)) << text;
    EXPECT_EQ(shown_text(text), text);
  }
}

TEST(ShownText, ReplacesWhatIsNoText) {
  EXPECT_EQ(shown_text(std::string_view("a\0b", 3)), "a\u2400b");
  EXPECT_EQ(shown_text("\x1B[31m"), "\u241B[31m");
  EXPECT_EQ(shown_text("\xC2\x80\xC2\x9F\xC2\xA0"), "\uFFFD\uFFFD\u00A0");
  EXPECT_EQ(shown_text("\xC3("), "\uFFFD(");
  EXPECT_EQ(shown_text("\u202Eevil\u2066\u2069"), "\uFFFDevil\uFFFD\uFFFD");
  for (const char* text : {"\x7F", "\xFF", "\xED\xA0\x80", "\u202A", "\xC2\x85"})
    EXPECT_TRUE(is_showable(shown_text(text)) && !is_showable(text)) << shown_text(text);
}

}  // namespace
}  // namespace devy::html
