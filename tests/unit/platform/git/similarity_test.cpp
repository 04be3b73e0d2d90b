#include "core/platform/git/similarity.hpp"

#include <gtest/gtest.h>

namespace devy::git {
namespace similarity_test {

std::string text(int from, int to) {
  std::string lines;
  for (int i = from; i < to; ++i)
    lines += "This is line number " + std::to_string(i) + ".\n";
  return lines;
}

TEST(Similarity, PairsATextThatWasMovedAndEdited) {
  const auto pairs = find_similar({{"old.md", text(0, 20)}, {"gone.md", text(500, 520)}},
                                  {{"new/place.md", text(0, 18)}, {"other.md", text(900, 910)}});
  EXPECT_EQ(pairs, (std::vector<SimilarPair>{{"old.md", "new/place.md"}}));
}

TEST(Similarity, UsesEachPathOnceAndOrdersByTarget) {
  const auto pairs = find_similar({{"x", text(0, 20)}, {"y", text(100, 120)}},
                                  {{"b", text(0, 19)}, {"a", text(100, 119)}, {"c", text(0, 15)}});
  EXPECT_EQ(pairs, (std::vector<SimilarPair>{{"y", "a"}, {"x", "b"}}));
}

TEST(Similarity, FindsNothingWhereNothingIs) {
  EXPECT_TRUE(find_similar({}, {{"a", "x"}}).empty());
  EXPECT_TRUE(find_similar({{"a", "x"}}, {}).empty());
  EXPECT_TRUE(find_similar({{"a", ""}}, {{"b", text(0, 20)}}).empty());
}

TEST(Similarity, TakesPathsOfAnyKind) {
  const auto pairs = find_similar({{"a/../\xff", text(0, 9)}}, {{".git/x", text(0, 9)}});
  EXPECT_EQ(pairs, (std::vector<SimilarPair>{{"a/../\xff", ".git/x"}}));
}

}  // namespace similarity_test
}  // namespace devy::git
