#include "core/platform/base/hex.hpp"

#include <algorithm>

namespace devy::base {

bool is_uuid_prefix(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_lower_hex(c) || c == '-'; });
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const unsigned byte : bytes)
    hex.append({hex_digit(byte >> 4U), hex_digit(byte)});
  return hex;
}

bool read_hex(std::string_view hex, std::span<std::uint8_t> bytes) {
  if (hex.size() != bytes.size() * 2) return false;
  for (auto& byte : bytes) {
    const auto value = leading_hex_byte(hex);
    if (!value) return false;
    byte = static_cast<std::uint8_t>(*value);
    hex.remove_prefix(2);
  }
  return true;
}

std::optional<char> leading_hex_byte(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const int high = hex_value(text[0]), low = hex_value(text[1]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

std::optional<std::pair<std::string, std::string>> uuid_range(std::string_view prefix) {
  constexpr std::string_view shape = "00000000-0000-0000-0000-000000000000";
  if (prefix.empty() || prefix.size() > shape.size()) return std::nullopt;
  std::string low(shape), high(shape);
  for (auto& c : high)
    if (c == '0') c = 'f';
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    const char c = to_lower(prefix[i]);
    if (shape[i] == '-' ? c != '-' : !is_lower_hex(c)) return std::nullopt;
    low[i] = high[i] = c;
  }
  return std::pair{low, high};
}

}  // namespace devy::base
