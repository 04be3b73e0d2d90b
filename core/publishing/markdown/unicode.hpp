#pragma once
// The few functions of Unicode that names need, based on utf8proc. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace devy::markdown {

// Applies canonical composition; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string normalize_nfc(std::string_view text);

[[nodiscard]] char32_t to_lower(char32_t character);
[[nodiscard]] char32_t to_title(char32_t character);
// True for letters, digits, and the marks that the letters of many scripts require.
[[nodiscard]] bool is_letter_or_digit(char32_t character);
[[nodiscard]] bool is_letter(char32_t character);
// True for numbers that are not digits: "Ⅳ", "②", "½".
[[nodiscard]] bool is_other_number(char32_t character);
// True for combining marks, which a preceding letter carries.
[[nodiscard]] bool is_mark(char32_t character);
// True for characters that show nothing by themselves: joiners, variation selectors, soft hyphens,
// fillers.
[[nodiscard]] bool is_ignorable(char32_t character);
// True for the characters of \p{Word} in GitHub's heading ids: letters, digits, connectors such as
// '_', and other characters that Unicode calls alphabetic (Roman numerals, letters in circles).
[[nodiscard]] bool is_word(char32_t character);

// Removes the first character of valid UTF-8 and returns it; U+FFFD for an invalid byte.
[[nodiscard]] char32_t read_character(std::string_view& text);
void append_character(std::string& text, char32_t character);

}  // namespace devy::markdown
