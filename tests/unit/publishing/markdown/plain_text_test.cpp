#include "core/publishing/markdown/plain_text.hpp"

#include <gtest/gtest.h>

namespace devy::markdown {
namespace plain_text_test {

TEST(PlainText, IsOneLineWithoutControlCharacters) {
  EXPECT_EQ(plain_text("  a \t\n b  "), "a b");
  EXPECT_EQ(plain_text("\x1b[31mred\x07\x7f"), "[31mred");
  EXPECT_EQ(plain_text("a\xc2\x9b"
                       "31mb"),
            "a31mb");  // C1's one-character CSI
  EXPECT_EQ(plain_text("caf\xc3\xa9 \xc2\xa0!"), "caf\xc3\xa9 \xc2\xa0!");
  EXPECT_EQ(plain_text(" \n "), "");
}

TEST(Shorten, LeavesShortTextAlone) {
  EXPECT_EQ(shorten("12345", 5), "12345");
  EXPECT_EQ(shorten("", 5), "");
}

TEST(Shorten, CutsBetweenWords) {
  EXPECT_EQ(shorten("one two three four", 14), "one two three…");
  EXPECT_EQ(shorten("one two three four", 13), "one two…");
}

TEST(Shorten, CutsBetweenCharactersWhereNoSpaceIsInReach) {
  EXPECT_EQ(shorten("日本語日本語", 4), "日本語…");
  EXPECT_EQ(shorten("a 日本語日本語日本語", 8), "a 日本語日本…");
}

TEST(PrefixOf, EndsWithAWholeCharacter) {
  EXPECT_EQ(prefix_of("aé", 2), "a");
  EXPECT_EQ(prefix_of("aé", 3), "aé");
  EXPECT_EQ(prefix_of("語", 2), "");
}

}  // namespace plain_text_test
}  // namespace devy::markdown
