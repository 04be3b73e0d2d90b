#include "core/platform/base/safe_text.hpp"

#include <gtest/gtest.h>

namespace devy::base {
namespace safe_text_test {

bool is_harmless(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return is_valid_utf8(text);
}

TEST(SafeText, LeavesPlainTextAlone) {
  EXPECT_EQ(safe_text("Grüße, 世界 👋"), "Grüße, 世界 👋");
  EXPECT_EQ(safe_text(""), "");
}

TEST(SafeText, EscapesControlCharacters) {
  for (const std::string_view hostile :
       {"\x1b[31mred", "a\rb", "a\nb", "\x7f", "\xc2\x9b 31m", "\xe2\x80\xae evil", "\xff\xfe",
        "\xed\xa0\x80", "\xf8\x88\x80\x80\x80"}) {
    const auto safe = safe_text(hostile);
    EXPECT_TRUE(is_harmless(safe)) << safe;
    EXPECT_NE(safe, hostile);
    EXPECT_EQ(safe.find("\xc2\x9b"), std::string::npos);
    EXPECT_EQ(safe.find("\xe2\x80\xae"), std::string::npos);
  }
}

TEST(SafeText, CutsAtACharacter) {
  const auto cut = safe_text("ääää", 5);
  EXPECT_TRUE(is_valid_utf8(cut));
  EXPECT_TRUE(cut.ends_with("…"));
  EXPECT_EQ(safe_text("ääää", 8), "ääää");
}

TEST(SafeText, EscapesTheSameInQuotes) {
  EXPECT_EQ(in_quotes("a\x1b"), "'a\\x1b'");
  EXPECT_EQ(in_quotes("abcdef", 3), "'" + safe_text("abcdef", 3) + "'");
}

TEST(SafeText, FindsControlCharacters) {
  for (const std::string_view text : {"a\tb", "\x1b", "\x7f", "a\xc2\x85", "\xc2\x9f!"})
    EXPECT_TRUE(has_control_character(text)) << safe_text(text);
  for (const std::string_view text : {"", "a b", "\xc2\xa0", "é世"})
    EXPECT_FALSE(has_control_character(text)) << text;
}

TEST(Utf8, KnowsOverlongAndSurrogates) {
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("ä"), 2U);
  EXPECT_EQ(utf8_length("世"), 3U);
  EXPECT_EQ(utf8_length("👋"), 4U);
  EXPECT_EQ(utf8_length("\xc0\x80"), 0U);
  EXPECT_EQ(utf8_length("\xed\xa0\x80"), 0U);
  EXPECT_EQ(utf8_length("\xf4\x90\x80\x80"), 0U);
  EXPECT_EQ(utf8_length("\xe4\xb8"), 0U);
}

TEST(DisplayWidth, CountsColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("世界"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U);
}

}  // namespace safe_text_test
}  // namespace devy::base
