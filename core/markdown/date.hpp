#pragma once
// Dates as authors write them in front matter. Pure; any thread.

#include <chrono>
#include <optional>
#include <string_view>

#include "core/base/clock.hpp"
#include "core/markdown/timezone.hpp"

namespace devy::markdown {

// A date as its author wrote it.
struct WrittenDate {
  base::TimePoint at;  // of a day without a time: its first moment
  // The day, where no time was written: it is that day wherever the reader is, and its first moment
  // elsewhere may lie in the day before.
  std::optional<std::chrono::sys_days> day;
  bool operator==(const WrittenDate&) const = default;
};

// RFC 3339, and what is common beside it: "2024-01-02", "2024-1-2", "2024/01/02", an hour and
// minute with or without seconds after a space or 'T', an offset as "Z", "+08:00", " +0800" or
// "UTC"; and English months, "Jan 2, 2024", "2 January 2024". Without an offset: in `zone`; without
// a time: the beginning of the day. The moment lies in the years 1 … 9999 of UTC, which is what
// PostgreSQL and RFC 3339 can both write.
[[nodiscard]] std::optional<WrittenDate> parse_date(std::string_view text, const Timezone& zone);

// The beginning of a day in `zone`; nothing outside those years.
[[nodiscard]] std::optional<WrittenDate> written_day(std::chrono::sys_days day,
                                                     const Timezone& zone);

}  // namespace devy::markdown
