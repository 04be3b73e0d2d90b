#pragma once
// git's packet lines (gitprotocol-common(5)): four hexadecimal digits that give the length of
// themselves and what follows. Lengths below four are markers: 0 flush, 1 delimiter. Pure; any
// thread.

#include <array>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/hex.hpp"

namespace devy::git {

inline constexpr std::size_t packet_length_digits = 4;
inline constexpr std::string_view packet_flush = "0000", packet_delimiter = "0001";

// Returns nothing for bytes that are not a length.
[[nodiscard]] constexpr std::optional<std::size_t> parse_packet_length(std::string_view bytes) {
  if (bytes.size() < packet_length_digits) return std::nullopt;
  std::size_t length = 0;
  for (const char c : bytes.substr(0, packet_length_digits)) {
    if (!base::is_lower_hex(c)) return std::nullopt;
    length = length * 16 + static_cast<std::size_t>(base::hex_value(c));
  }
  return length;
}

// Makes a packet line of a text of ours, which is short and includes its newline.
[[nodiscard]] inline std::string packet_line(std::string_view text) {
  std::array<char, packet_length_digits + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%04zx", text.size() + packet_length_digits + 1);
  return std::string(digits.data(), packet_length_digits) + std::string(text) + "\n";
}

}  // namespace devy::git
