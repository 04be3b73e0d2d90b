#include "core/platform/base/safe_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace devy::base {
namespace {

std::uint32_t decode(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  switch (character.size()) {
    case 1: return byte(0);
    case 2: return (byte(0) & 0x1fU) << 6U | (byte(1) & 0x3fU);
    case 3: return (byte(0) & 0x0fU) << 12U | (byte(1) & 0x3fU) << 6U | (byte(2) & 0x3fU);
    default:
      return (byte(0) & 0x07U) << 18U | (byte(1) & 0x3fU) << 12U | (byte(2) & 0x3fU) << 6U |
             (byte(3) & 0x3fU);
  }
}

bool must_escape(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) ||  // C0, DEL, C1
         (code >= 0x202a && code <= 0x202e) ||             // bidirectional embeddings, overrides
         (code >= 0x2066 && code <= 0x2069) ||             // bidirectional isolates
         code == 0x200e || code == 0x200f || code == 0x061c || code == 0x2028 ||
         code == 0x2029 ||  // line and paragraph separators
         code == 0xfeff;
}

void append_escape(std::string& out, std::uint32_t code, bool is_byte) {
  std::array<char, 12> buffer{};
  const char* format = is_byte || code < 0x100 ? "\\x%02x" : "\\u%04x";
  const int length = std::snprintf(buffer.data(), buffer.size(), format, code);
  out.append(buffer.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::string in_quotes(std::string_view text, std::size_t bytes_max) {
  return "'" + safe_text(text, bytes_max) + "'";
}

bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
      return true;
  }
  return false;
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  std::size_t length = 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) length = 2;
  else if (first >= 0xe0 && first <= 0xef) length = 3;
  else if (first >= 0xf0 && first <= 0xf4) length = 4;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80) return 0;
  // Overlong forms, surrogates, and what lies past U+10FFFF.
  if (first == 0xe0 && byte(1) < 0xa0) return 0;
  if (first == 0xed && byte(1) > 0x9f) return 0;
  if (first == 0xf0 && byte(1) < 0x90) return 0;
  if (first == 0xf4 && byte(1) > 0x8f) return 0;
  return length;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string safe_text(std::string_view text, std::size_t bytes_max) {
  std::string out;
  out.reserve(std::min(text.size(), bytes_max) + 8);
  std::size_t read = 0;
  while (read < text.size()) {
    const auto length = utf8_length(text.substr(read));
    const std::size_t step = length == 0 ? 1 : length;
    if (read + step > bytes_max) {
      out += "…";
      break;
    }
    if (length == 0) {
      append_escape(out, static_cast<unsigned char>(text[read]), true);
    } else {
      const auto character = text.substr(read, length);
      const auto code = decode(character);
      if (must_escape(code)) {
        if (code == '\n') out += "\\n";
        else if (code == '\t') out += "\\t";
        else if (code == '\r') out += "\\r";
        else append_escape(out, code, false);
      } else {
        out += character;
      }
    }
    read += step;
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    if (length == 0) {
      ++width;
      text.remove_prefix(1);
      continue;
    }
    const auto code = decode(text.substr(0, length));
    const bool is_mark =
        (code >= 0x300 && code <= 0x36f) || code == 0x200d || (code >= 0xfe00 && code <= 0xfe0f);
    const bool is_wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                         (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                         (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
                         (code >= 0x1f300 && code <= 0x1faff) ||
                         (code >= 0x20000 && code <= 0x3fffd);
    width += is_mark ? 0U : is_wide ? 2U : 1U;
    text.remove_prefix(length);
  }
  return width;
}

}  // namespace devy::base
