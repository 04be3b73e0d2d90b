#pragma once
// Formats and parses times and durations, for people and for JSON. Pure; any thread.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"

namespace devy::base {

// RFC 3339 in UTC with milliseconds, "2026-01-02T03:04:05.678Z".
[[nodiscard]] std::string format_rfc3339(TimePoint time);
// Format and parse a calendar day, "2026-01-02", of the years 1 … 9999.
[[nodiscard]] std::string format_day(std::chrono::sys_days day);
[[nodiscard]] std::optional<std::chrono::sys_days> parse_day(std::string_view text);
// Accepts RFC 3339 with any offset, a space for the T, and up to nine fraction digits.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text);

// "90s", "15m", "1h30m", "7d", "2w"; a bare number is seconds. At most 10 years.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);
// "12ms", "4.2s", "3m 20s", "5h 2m", "3d 4h".
[[nodiscard]] std::string format_duration(Duration duration);
// "in 5s", "3m ago", "just now".
[[nodiscard]] std::string format_relative(TimePoint time, TimePoint now);

}  // namespace devy::base
