#pragma once
// The letters and digits of ASCII, whatever the process's locale says: names, keys, schemes and
// protocols are made of them. Other bytes, those of UTF-8 among them, are neither and stay as they
// are. Pure; any thread.

#include <algorithm>
#include <string>
#include <string_view>

namespace devy::base {

[[nodiscard]] constexpr bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

[[nodiscard]] constexpr bool is_lower_letter(char byte) {
  return byte >= 'a' && byte <= 'z';
}

[[nodiscard]] constexpr char to_lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

[[nodiscard]] constexpr char to_upper(char byte) {
  return is_lower_letter(byte) ? static_cast<char>(byte - 'a' + 'A') : byte;
}

[[nodiscard]] constexpr bool is_letter(char byte) {
  return is_lower_letter(to_lower(byte));
}

[[nodiscard]] constexpr bool is_letter_or_digit(char byte) {
  return is_letter(byte) || is_digit(byte);
}

[[nodiscard]] inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& byte : lower)
    byte = to_lower(byte);
  return lower;
}

// Tells whether two texts are the same but for the case of letters.
[[nodiscard]] constexpr bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return to_lower(x) == to_lower(y); });
}

// Tells whether a text is one letter, digit or byte of `others` after the other, and at least one.
[[nodiscard]] constexpr bool is_word_of(std::string_view text, std::string_view others) {
  return !text.empty() && std::ranges::all_of(text, [&](char byte) {
    return is_letter_or_digit(byte) || others.find(byte) != std::string_view::npos;
  });
}

// Without the blanks (spaces and tabs) around it.
[[nodiscard]] constexpr std::string_view trim_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace devy::base
