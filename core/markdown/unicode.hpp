#pragma once
// The little of Unicode that names need, over utf8proc. Pure; any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace devy::markdown {

// Canonical composition; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string normalize_nfc(std::string_view text);
// NFC and full case folding: equal for names that differ in case or composition only.
[[nodiscard]] std::string fold_case(std::string_view text);

[[nodiscard]] char32_t to_lower(char32_t character);
[[nodiscard]] char32_t to_title(char32_t character);
// Letters, digits, and the marks that letters of many scripts cannot do without.
[[nodiscard]] bool is_letter_or_digit(char32_t character);
// Numbers that are no digits: "Ⅳ", "②", "½".
[[nodiscard]] bool is_other_number(char32_t character);
// What a letter before it carries.
[[nodiscard]] bool is_mark(char32_t character);
// Shows nothing by itself: joiners, variation selectors, soft hyphens, fillers.
[[nodiscard]] bool is_ignorable(char32_t character);
// What \p{Word} means to GitHub's heading ids: letters, digits, connectors such as '_', and what
// Unicode calls alphabetic besides (Roman numerals, letters in circles).
[[nodiscard]] bool is_word(char32_t character);

// The character at the front of valid UTF-8, taken off it; U+FFFD for a byte that is none.
[[nodiscard]] char32_t take_character(std::string_view& text);
void append_character(std::string& text, char32_t character);

}  // namespace devy::markdown
