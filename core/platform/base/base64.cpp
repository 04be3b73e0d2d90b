#include "core/platform/base/base64.hpp"

#include "core/platform/base/ascii.hpp"

namespace devy::base {
namespace {

// The last two digits differ.
constexpr std::string_view url_end = "-_", usual_end = "+/";

int base64_value(char c, std::string_view end) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (is_lower_letter(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == end[0]) return 62;
  if (c == end[1]) return 63;
  return -1;
}

std::string encoded(std::string_view bytes, std::string_view end) {
  std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  digits += end;
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3 + 2);
  unsigned buffer = 0, bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8U) | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6)
      text += digits[(buffer >> (bits - 6)) & 63U];
    buffer &= (1U << bits) - 1;
  }
  if (bits > 0) text += digits[(buffer << (6 - bits)) & 63U];
  return text;
}

std::optional<std::string> decoded(std::string_view text, std::string_view end) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const int value = base64_value(c, end);
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

}  // namespace

std::string encode_base64url(std::string_view bytes) {
  return encoded(bytes, url_end);
}

std::optional<std::string> decode_base64url(std::string_view text) {
  return decoded(text, url_end);
}

std::string encode_base64(std::string_view bytes) {
  auto text = encoded(bytes, usual_end);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  return decoded(text, usual_end);
}

}  // namespace devy::base
