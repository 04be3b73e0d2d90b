#include "core/platform/base/ascii.hpp"

#include <gtest/gtest.h>

#include <cctype>

namespace devy::base {
namespace ascii_test {

// In the locale "C", which the process has, the library's own functions agree for every byte.
TEST(Ascii, ClassifiesEveryByteAsTheLocaleCDoes) {
  for (int value = 0; value < 256; ++value) {
    const auto byte = static_cast<char>(value);
    EXPECT_EQ(is_digit(byte), std::isdigit(value) != 0) << value;
    EXPECT_EQ(is_letter(byte), std::isalpha(value) != 0) << value;
    EXPECT_EQ(is_lower_letter(byte), std::islower(value) != 0) << value;
    EXPECT_EQ(is_letter_or_digit(byte), std::isalnum(value) != 0) << value;
    EXPECT_EQ(to_lower(byte), static_cast<char>(std::tolower(value))) << value;
    EXPECT_EQ(to_upper(byte), static_cast<char>(std::toupper(value))) << value;
  }
}

TEST(Ascii, LowersLettersOfATextOnly) {
  EXPECT_EQ(to_lower("A[Z`a@É\xff\n"), "a[z`a@É\xff\n");
  EXPECT_EQ(to_lower(""), "");
}

TEST(Ascii, ComparesWordsWhateverTheirCase) {
  EXPECT_TRUE(is_same_word("Content-Type", "content-tYPE"));
  EXPECT_TRUE(is_same_word("", ""));
  EXPECT_FALSE(is_same_word("close", "closed"));
  EXPECT_FALSE(is_same_word("@", "`"));
  EXPECT_FALSE(is_same_word("[", "{"));
}

TEST(Ascii, KnowsWordsOfLettersDigitsAndNamedBytes) {
  EXPECT_TRUE(is_word_of("a-Z_9", "-_"));
  EXPECT_TRUE(is_word_of("-", "-"));
  for (const char* text : {"", "a b", "a.b", "\xc3\xa9", "a\n"})
    EXPECT_FALSE(is_word_of(text, "-_")) << text;
}

TEST(Ascii, TrimsBlanksAtBothEnds) {
  EXPECT_EQ(trim_blanks(" \t a b\t "), "a b");
  EXPECT_EQ(trim_blanks("\n a"), "\n a");
  EXPECT_EQ(trim_blanks(" \t"), "");
  EXPECT_EQ(trim_blanks(""), "");
}

}  // namespace ascii_test
}  // namespace devy::base
