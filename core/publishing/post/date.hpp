#pragma once
// Parses dates as authors write them in front matter. Pure; any thread.

#include <chrono>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

#include "core/platform/base/clock.hpp"
#include "core/publishing/post/timezone.hpp"

namespace devy::post {

// A date as its author wrote it.
struct WrittenDate {
  base::TimePoint at;  // for a day without a time: its first moment
  // Set when no time was written: it is that day in every time zone of a reader, although its first
  // moment may lie in the day before elsewhere.
  std::optional<std::chrono::sys_days> day;
  bool operator==(const WrittenDate&) const = default;
};

// Lists its fields for a message to another process (process/message.hpp).
template <class Message, class Date>
requires(std::same_as<std::remove_const_t<Date>, WrittenDate>) void fields(Message& message,
                                                                           Date& date) {
  message(date.at, date.day);
}

// Accepts what Jekyll, Hugo, Zola, Hexo, Hashnode and JavaScript write:
// - "2024-01-02", "2024/1/2", "20240102", English months ("Jan 2, 2024", "2nd of January 2024",
//   "02-Jan-2024"), a weekday before or behind them; a month or a year alone means its first day;
// - "25/12/2024" where only one of the two numbers can be the month;
// - a time after a space, 'T', ',' or "at": "3:04", "03:04:05.678", "10:30 PM", "10pm";
// - a zone: "Z", "+08:00", " -0500", names as in mail ("EST"), "UTC+8", "Europe/Berlin", with a
//   comment in parentheses behind it;
// - the year behind the time: "Tue May 10 12:00:00 UTC 2022".
// A time without an offset is in `zone`; a date without a time means the beginning of the day. The
// moment lies in the years 1 … 9999 of UTC, which both PostgreSQL and RFC 3339 can represent.
[[nodiscard]] std::optional<WrittenDate> parse_date(std::string_view text, const Timezone& zone);

// True for three numbers of which either of the first two may be the month: "3/4/2024".
[[nodiscard]] bool is_ambiguous_date(std::string_view text);

// Returns the beginning of a day in `zone`; nothing outside those years.
[[nodiscard]] std::optional<WrittenDate> written_day(std::chrono::sys_days day,
                                                     const Timezone& zone);

}  // namespace devy::post
