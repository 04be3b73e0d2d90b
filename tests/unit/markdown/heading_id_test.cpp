#include "core/markdown/heading_id.hpp"

#include <gtest/gtest.h>

#include <string>

namespace devy::markdown {
namespace {

TEST(HeadingIds, AreMadeAsOnGitHub) {
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
      {"!!!", ""},
      {"", ""},
  };
  for (const auto& [text, expected] : cases) {
    HeadingIds ids;
    EXPECT_EQ(ids.next(text), expected) << text;
  }
}

TEST(HeadingIds, AreNumberedWhenTheyRepeat) {
  HeadingIds ids;
  EXPECT_EQ(ids.next("A"), "a");
  EXPECT_EQ(ids.next("a"), "a-1");
  EXPECT_EQ(ids.next("A-1"), "a-1-1");
  EXPECT_EQ(ids.next("a"), "a-2");
}

TEST(HeadingIds, StepOverIdsThatAreTaken) {
  HeadingIds ids;
  EXPECT_EQ(ids.next("a-1"), "a-1");
  EXPECT_EQ(ids.next("a"), "a");
  EXPECT_EQ(ids.next("a"), "a-2");
}

}  // namespace
}  // namespace devy::markdown
