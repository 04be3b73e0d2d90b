#pragma once
// A number in a header of GitHub's: digits alone. Private to this folder. Pure; any thread.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace devy::github {

[[nodiscard]] inline std::optional<std::int64_t> header_number(std::string_view text) {
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
      value < 0)
    return std::nullopt;
  return value;
}

// The last second of the year 9999: a later time would overflow our clocks.
inline constexpr std::int64_t header_time_max = 253'402'300'799;

}  // namespace devy::github
