#include "core/publishing/markdown/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::markdown {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return static_cast<signed char>(byte) >= 0; });
}

std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = base::utf8_length(text);
    out += length == 0 ? replacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string map(std::string_view text, int options) {
  std::string input = base::is_valid_utf8(text) ? std::string(text) : repaired(text);
  utf8proc_uint8_t* mapped = nullptr;
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(input.data()),
                                   static_cast<utf8proc_ssize_t>(input.size()), &mapped,
                                   static_cast<utf8proc_option_t>(options));
  if (length < 0) return input;
  std::string out(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
  std::free(mapped);  // NOLINT: utf8proc allocates with malloc
  return out;
}

utf8proc_category_t category(char32_t character) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(character));
}

}  // namespace

std::string normalize_nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

char32_t to_lower(char32_t character) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(character)));
}

char32_t to_title(char32_t character) {
  return static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(character)));
}

bool is_letter_or_digit(char32_t character) {
  if (character < 0x80) return base::is_letter_or_digit(static_cast<char>(character));
  switch (category(character)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND: return true;
    default: return false;
  }
}

bool is_letter(char32_t character) {
  switch (category(character)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO: return true;
    default: return false;
  }
}

bool is_other_number(char32_t character) {
  const auto kind = category(character);
  return kind == UTF8PROC_CATEGORY_NL || kind == UTF8PROC_CATEGORY_NO;
}

bool is_mark(char32_t character) {
  const auto kind = category(character);
  return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_MC ||
         kind == UTF8PROC_CATEGORY_ME;
}

bool is_ignorable(char32_t character) {
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(character))->ignorable != 0;
}

bool is_word(char32_t character) {
  if (is_letter_or_digit(character) || character == '_') return true;
  if (character < 0x80) return false;
  switch (category(character)) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_NL: return true;
    case UTF8PROC_CATEGORY_SO:  // letters in circles and squares are alphabetic all the same
      return (character >= 0x24b6 && character <= 0x24e9) ||
             (character >= 0x1f130 && character <= 0x1f149) ||
             (character >= 0x1f150 && character <= 0x1f169) ||
             (character >= 0x1f170 && character <= 0x1f189);
    default: return false;
  }
}

char32_t read_character(std::string_view& text) {
  if (text.empty()) return 0xfffd;
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) {
    text.remove_prefix(1);
    return first;
  }
  utf8proc_int32_t character = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &character);
  text.remove_prefix(length > 0 ? static_cast<std::size_t>(length) : 1);
  return length > 0 ? static_cast<char32_t>(character) : 0xfffd;
}

void append_character(std::string& text, char32_t character) {
  if (character < 0x80) {
    text += static_cast<char>(character);
    return;
  }
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(character), bytes.data());
  text.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

}  // namespace devy::markdown
