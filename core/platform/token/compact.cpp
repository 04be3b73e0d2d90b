#include "core/platform/token/compact.hpp"

#include "core/platform/base/ascii.hpp"

namespace devy::token {
namespace {

// A key set is read from a file of at most 256 KiB, a token is far smaller.
constexpr json::Format format{
    .name = "a part of a token", .bytes_max = std::size_t{256} * 1024, .depth_max = 8};

int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (base::is_lower_letter(c)) return c - 'a' + 26;
  if (base::is_digit(c)) return c - '0' + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return -1;
}

}  // namespace

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    buffer = (buffer << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((buffer >> static_cast<unsigned>(bits)) & 0xffU);
    buffer &= (1U << static_cast<unsigned>(bits)) - 1;
  }
  // With two spellings, one token would be two tokens to a deny list.
  if (buffer != 0) return std::nullopt;
  return bytes;
}

std::optional<json::Value> parse_object(std::string_view text) {
  try {
    auto value = json::parse(text, format);
    if (value.is_object()) return value;
  } catch (const base::Error&) {
    // The caller's error is the same for all that is wrong with it.
  }
  return std::nullopt;
}

}  // namespace devy::token
