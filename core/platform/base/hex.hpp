#pragma once
// Hexadecimal digits. What is written has lower-case ones. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/platform/base/ascii.hpp"

namespace devy::base {

// Returns the value of a digit of either case; -1 for what is no digit.
[[nodiscard]] constexpr int hex_value(char digit) {
  if (is_digit(digit)) return digit - '0';
  const char lower = to_lower(digit);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

[[nodiscard]] constexpr char hex_digit(unsigned value) {
  return "0123456789abcdef"[value & 15U];
}

// Lower-case digits only: what names a thing has one spelling.
[[nodiscard]] constexpr bool is_lower_hex(char digit) {
  return hex_value(digit) >= 0 && to_lower(digit) == digit;
}

// Tells whether a text is the beginning of a UUID, or looks like one: digits and hyphens.
[[nodiscard]] bool is_uuid_prefix(std::string_view text);
// The smallest and the largest UUID that begin with the text; nothing when it is no beginning of
// one.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> uuid_range(
    std::string_view prefix);

[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

// Fills `bytes` from digits of either case. False when there are not two digits for each byte, or
// something else is among them; `bytes` are then worthless.
[[nodiscard]] bool read_hex(std::string_view hex, std::span<std::uint8_t> bytes);

// Returns the byte that the first two digits of a text mean, of either case.
[[nodiscard]] std::optional<char> leading_hex_byte(std::string_view text);

}  // namespace devy::base
