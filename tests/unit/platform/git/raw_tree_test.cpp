#include "core/platform/git/raw_tree.hpp"

#include <gtest/gtest.h>

#include <string>

namespace devy::git {
namespace raw_tree_test {

std::string entry(const std::string& mode_and_name, char id) {
  return mode_and_name + '\0' + std::string(20, id);
}

RawEntry made(unsigned mode, std::string_view name) {
  return {mode, name, {}};
}
constexpr unsigned file = 0100644, folder = 0040000;

TEST(RawTree, ReadsEntriesWhereTheyLie) {
  const auto bytes = entry("100644 a b.md", '\0') + entry("40000 d", ' ') + entry("120000 l", 'x');
  RawTree tree(bytes);
  ASSERT_TRUE(tree.next());
  EXPECT_EQ(tree.entry().name, "a b.md");
  EXPECT_TRUE(tree.entry().is_file());
  EXPECT_EQ(tree.entry().blob(), snapshot::BlobId{});
  ASSERT_TRUE(tree.next());
  EXPECT_TRUE(tree.entry().is_folder());
  ASSERT_TRUE(tree.next());
  EXPECT_FALSE(tree.entry().is_file() || tree.entry().is_folder());
  EXPECT_FALSE(tree.next());
}

TEST(RawTree, EndsWhereTheBytesAreNoEntry) {
  for (const auto& bytes : {std::string(), std::string("100644 a"), std::string("100644"),
                            std::string("100644 a\0short", 14), std::string("a\0 b", 4)}) {
    RawTree tree(bytes);
    EXPECT_FALSE(tree.next()) << bytes;
  }
}

TEST(RawTree, OrdersAFolderAsIfItEndedInASlash) {
  EXPECT_LT(compare_entries(made(file, "a"), made(file, "b")), 0);
  EXPECT_LT(compare_entries(made(file, "a"), made(folder, "a")), 0);
  EXPECT_LT(compare_entries(made(file, "a.md"), made(folder, "a")), 0);
  EXPECT_GT(compare_entries(made(file, "a0"), made(folder, "a")), 0);
  EXPECT_EQ(compare_entries(made(folder, "a"), made(folder, "a")), 0);
  EXPECT_EQ(compare_entries(made(file, "a"), made(file, "a")), 0);
}

}  // namespace raw_tree_test
}  // namespace devy::git
