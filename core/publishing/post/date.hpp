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

// Accepts RFC 3339 and common variants: "2024-01-02", "2024-1-2", "2024/01/02", an hour and minute
// with or without seconds after a space or 'T', an offset as "Z", "+08:00", " +0800" or "UTC"; and
// English months, "Jan 2, 2024", "2 January 2024". A time without an offset is in `zone`; a date
// without a time means the beginning of the day. The moment lies in the years 1 … 9999 of UTC,
// which both PostgreSQL and RFC 3339 can represent.
[[nodiscard]] std::optional<WrittenDate> parse_date(std::string_view text, const Timezone& zone);

// Returns the beginning of a day in `zone`; nothing outside those years.
[[nodiscard]] std::optional<WrittenDate> written_day(std::chrono::sys_days day,
                                                     const Timezone& zone);

}  // namespace devy::post
