#include "core/markdown/mentions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace devy::markdown {
namespace {

std::pair<int, int> place(const Mentions& mentions, const std::string& target) {
  const auto found = mentions.find(target);
  return {static_cast<int>(found.line), static_cast<int>(found.column)};
}

TEST(Mentions, RemembersTheFirst) {
  Mentions mentions("posts/a.md");
  mentions.add_url("b.md#x", {3, 5});
  mentions.add_url("../posts/b.md", {7, 1});
  mentions.add_url("https://c/", {8, 1});
  EXPECT_EQ(place(mentions, "posts/b.md"), std::pair(3, 5));
  EXPECT_EQ(place(mentions, "posts/c.md"), std::pair(0, 0));
}

TEST(Mentions, FindsUrlsInRawHtml) {
  Mentions mentions("a.md");
  mentions.add_html("<p><a\n  HREF = 'b.md'>x</a><img src=c.png>\n<img src=\"d\ne.png\">", {10, 4});
  EXPECT_EQ(place(mentions, "b.md"), std::pair(11, 9));
  EXPECT_EQ(place(mentions, "c.png"), std::pair(11, 31));
  EXPECT_EQ(place(mentions, "de.png"), std::pair(12, 10));
  mentions.add_html("x <source srcset=\"f.png 1x, g.png 2x\"> <a title=\"href=h\" href=i>", {1, 4});
  EXPECT_EQ(place(mentions, "f.png"), std::pair(1, 21));
  EXPECT_EQ(place(mentions, "i"), std::pair(1, 66));
}

// Each value reaches to the end: looking into it once is enough.
TEST(Mentions, ReadsAValueOnce) {
  std::string html;
  for (int i = 0; i < 100'000; ++i)
    html += "href=";
  Mentions mentions("a.md");
  mentions.add_html(html, {1, 1});
  EXPECT_EQ(place(mentions, "href="), std::pair(0, 0));
}

}  // namespace
}  // namespace devy::markdown
