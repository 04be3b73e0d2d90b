#pragma once
// Numbers, sizes and durations as pages write them (web.md, the design's wording): thin groups, a
// unit, a dash for none. Pure; any thread.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"

namespace devy::html {

// Stands where there is nothing; a zero is "0".
inline constexpr std::string_view none_text = "–";

// "42", "1 204", with narrow no-break spaces (U+202F).
[[nodiscard]] std::string number_text(std::int64_t number);
// "10 000+" for a count that was not taken further than its bound.
[[nodiscard]] std::string bounded_count_text(std::int64_t count, std::int64_t bound);
// "6 ms", "1.2 s", "47 min", "5 h 2 min", "3 d 4 h"; below a millisecond "0 ms".
[[nodiscard]] std::string duration_text(base::Duration duration);
// The dash for none. A template, so that a duration of another unit is no ambiguous call.
template <std::same_as<std::optional<base::Duration>> Optional>
[[nodiscard]] std::string duration_text(const Optional& duration) {
  return duration ? duration_text(*duration) : std::string(none_text);
}
// "214 B", "12 KB", "3.4 MB": powers of 1024.
[[nodiscard]] std::string size_text(std::int64_t bytes);

}  // namespace devy::html
