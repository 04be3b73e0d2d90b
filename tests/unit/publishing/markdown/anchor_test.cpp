#include "core/publishing/markdown/anchor.hpp"

#include <gtest/gtest.h>

namespace devy::markdown {
namespace anchor_test {

const Anchors anchors{"install", "CamelCase", "\u00fcber-uns", "fn-%C3%BC-1", "a b"};

TEST(FindAnchor, FindsWhatGitHubFinds) {
  const char* cases[][2] = {
      {"install", "install"},
      {"Install", "install"},
      {"INSTALL", "install"},
      {"user-content-install", "install"},
      {"CamelCase", "CamelCase"},
      {"\u00fcber-uns", "\u00fcber-uns"},
      {"%C3%BCber-uns", "\u00fcber-uns"},
      {"\u00dcber-Uns", "\u00fcber-uns"},
      {"fn-%C3%BC-1", "fn-%C3%BC-1"},
      {"fn-%25C3%25BC-1", "fn-%C3%BC-1"},
      {"a%20b", "a b"},
  };
  for (const auto& [fragment, id] : cases)
    EXPECT_EQ(find_anchor(anchors, fragment), id) << fragment;
}

TEST(FindAnchor, FindsNothingElse) {
  for (const char* fragment : {"", "instal", "camelcase", "install ", "#install"})
    EXPECT_EQ(find_anchor(anchors, fragment), std::nullopt) << fragment;
}

TEST(IsOnEveryPage, KnowsTheTopAndTextToSearchFor) {
  for (const char* fragment : {"", "top", "TOP", ":~:text=x"})
    EXPECT_TRUE(is_on_every_page(fragment)) << fragment;
  for (const char* fragment : {"topic", "bottom"})
    EXPECT_FALSE(is_on_every_page(fragment)) << fragment;
}

TEST(EncodeAnchor, LeavesNothingThatEndsAnAttribute) {
  EXPECT_EQ(encode_anchor("a-b_c.d"), "a-b_c.d");
  EXPECT_EQ(encode_anchor("\"<>& '%\u00fc"), "%22%3C%3E%26%20%27%25%C3%BC");
}

}  // namespace anchor_test
}  // namespace devy::markdown
