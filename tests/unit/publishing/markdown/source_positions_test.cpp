#include "core/publishing/markdown/source_positions.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace devy::markdown {
namespace source_positions_test {

std::pair<int, int> place(const SourcePositions& positions, const std::string& target,
                          std::size_t nth = 0) {
  const auto found = positions.find(target, nth);
  return {static_cast<int>(found.line), static_cast<int>(found.column)};
}

TEST(SourcePositions, KeepsEachPlaceOfATarget) {
  SourcePositions positions("posts/a.md");
  positions.add_url("b.md#x", {3, 5});
  auto* later = positions.reserve("b.md");
  positions.add_url("../posts/b.md", {7, 1});
  positions.add_url("https://c/", {8, 1});
  positions.add_url("#x", {9, 1});
  *later = {5, 2};
  EXPECT_EQ(place(positions, "posts/b.md", 0), std::pair(3, 5));
  EXPECT_EQ(place(positions, "posts/b.md", 1), std::pair(5, 2));
  EXPECT_EQ(place(positions, "posts/b.md", 2), std::pair(7, 1));
  EXPECT_EQ(place(positions, "posts/b.md", 9), std::pair(7, 1)) << "the last stands for more";
  EXPECT_EQ(place(positions, "#x"), std::pair(9, 1));
  EXPECT_EQ(place(positions, "posts/c.md"), std::pair(0, 0));
  EXPECT_EQ(positions.reserve("https://c/"), nullptr);
}

TEST(SourcePositions, FindsUrlsInRawHtml) {
  SourcePositions positions("a.md");
  positions.add_html("<p><a\n  HREF = 'b.md'>x</a><img src=c.png>\n<img src=\"d\ne.png\">",
                     {10, 4});
  EXPECT_EQ(place(positions, "b.md"), std::pair(11, 9));
  EXPECT_EQ(place(positions, "c.png"), std::pair(11, 31));
  EXPECT_EQ(place(positions, "de.png"), std::pair(12, 10));
  positions.add_html("x <source srcset=\"f.png 1x, g.png 2x\"> <a title=\"href=h\" href=i>",
                     {1, 4});
  EXPECT_EQ(place(positions, "f.png"), std::pair(1, 21));
  EXPECT_EQ(place(positions, "i"), std::pair(1, 66));
}

// Each value reaches to the end: looking into it once is enough.
TEST(SourcePositions, ReadsAValueOnce) {
  std::string html;
  for (int i = 0; i < 100'000; ++i)
    html += "href=";
  SourcePositions positions("a.md");
  positions.add_html(html, {1, 1});
  EXPECT_EQ(place(positions, "href="), std::pair(0, 0));
}

}  // namespace source_positions_test
}  // namespace devy::markdown
