#include "core/publishing/markdown/heading_id.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace devy::markdown {
namespace heading_id_test {

TEST(HeadingId, IsMadeAsOnGitHub) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"Hello World", "hello-world"},
      {"What's new in v2.0?", "whats-new-in-v20"},
      {"a  b", "a--b"},
      {"a - b", "a---b"},
      {"snake_case", "snake_case"},
      {"C++ & Rust", "c--rust"},
      {"Привет Мир", "привет-мир"},
      {"日本語、見出し", "日本語見出し"},
      {"हिन्दी", "हिन्दी"},
      {"🎉 Party", "-party"},
      {"1. First", "1-first"},
      {":tada: Party", "tada-party"},
      {"Ⅳ. Часть Ⓑ", "ⅳ-часть-ⓑ"},
      {"İstanbul'da Çay", "i̇stanbulda-çay"},
      {"Ελληνικά ΣΊΣΥΦΟΣ", "ελληνικά-σίσυφοσ"},
      {"مرحبا، بالعالم", "مرحبا-بالعالم"},
      {"한국어 제목!", "한국어-제목"},
      {"ﬁle ª º ² ½", "ﬁle-ª-º--"},
      {"a‿b⁀c", "a‿b⁀c"},
      {"a–b — c", "ab--c"},
      {"tab\there", "tabhere"},
      {"non\u00a0breaking", "nonbreaking"},
      {" padded ", "-padded-"},
      {"<T> & \"q\" `x`", "t--q-x"},
      {"a.b/c\\d:e;f", "abcdef"},
      {"👩‍💻 👍🏽 code", "--code"},
      {"#1 @user $5 100%", "1-user-5-100"},
      {"!!!", ""},
      {"", ""},
  };
  for (const auto& [text, expected] : cases) {
    HeadingIds ids;
    EXPECT_EQ(ids.next(text), expected) << text;
  }
}

TEST(HeadingId, IsNumberedWhenItRepeats) {
  HeadingIds ids;
  EXPECT_EQ(ids.next("A"), "a");
  EXPECT_EQ(ids.next("a"), "a-1");
  EXPECT_EQ(ids.next("A-1"), "a-1-1");
  EXPECT_EQ(ids.next("a"), "a-2");
}

TEST(HeadingId, IsNeverTheSameTwice) {
  const struct {
    std::vector<const char*> texts;
    std::vector<const char*> expected;
  } cases[] = {
      {{"a", "a", "a-1"}, {"a", "a-1", "a-1-1"}},
      {{"a", "a-1", "a"}, {"a", "a-1", "a-2"}},
      {{"a-1", "a", "a", "a"}, {"a-1", "a", "a-2", "a-3"}},
      {{"a-1", "a-1", "a", "a"}, {"a-1", "a-1-1", "a", "a-2"}},
      {{"A!", "a?", "a."}, {"a", "a-1", "a-2"}},
  };
  for (const auto& [texts, expected] : cases) {
    HeadingIds ids;
    for (std::size_t i = 0; i < texts.size(); ++i)
      EXPECT_EQ(ids.next(texts[i]), expected[i]) << i;
  }
}

TEST(HeadingId, SkipsIdsThatAreTaken) {
  HeadingIds ids;
  EXPECT_EQ(ids.next("a-1"), "a-1");
  EXPECT_EQ(ids.next("a"), "a");
  EXPECT_EQ(ids.next("a"), "a-2");
}

}  // namespace heading_id_test
}  // namespace devy::markdown
