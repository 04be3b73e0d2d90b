#include "core/mirror/scan/target.hpp"

#include <gtest/gtest.h>

#include "core/mirror/scan/item.hpp"
#include "core/platform/base/error.hpp"

namespace devy::scan {
namespace target_test {

TEST(Target, ReadsRepositoriesListsAndItems) {
  EXPECT_EQ(parse_target("alice/notes").repository, "alice/notes");
  EXPECT_EQ(parse_target("alice/notes/issues").list, "issues");
  EXPECT_EQ(parse_target("alice/notes/issues/7").key, "7");
  EXPECT_EQ(parse_target("alice/notes/labels/good first issue").key, "good first issue");
  for (const auto* text :
       {"alice/notes", "a-b/c.d_e/pulls", "alice/notes/hooks/12", "alice/notes/labels/area/ui"})
    EXPECT_EQ(parse_target(text).text(), text);
}

TEST(Target, TakesALoginForAUsersRepositories) {
  EXPECT_TRUE(parse_target("alice").is_user());
  EXPECT_EQ(parse_target("alice").text(), "alice");
  EXPECT_FALSE(parse_target("alice/notes").is_user());
}

TEST(Target, RefusesEverythingElse) {
  for (const auto* text : {"", "alice/", "/notes", "alice/..", "alice/notes/", "a/b/wiki",
                           "a/b/issues/", "a/b/issues/x", "a/b/files/1", "a/b/issues/1/comments",
                           "a/b/issues/9999999999", "a/b/collaborators", "a b", "a b/c", "a/b?c"})
    EXPECT_THROW(static_cast<void>(parse_target(text)), base::Error) << text;
}

TEST(ItemAddress, EncodesLabels) {
  const auto& labels = *find_list("labels");
  EXPECT_EQ(item_address(labels, 7, "good first issue?"),
            "/repositories/7/labels/good%20first%20issue%3F");
  EXPECT_EQ(item_address(*find_list("issues"), 7, "12"), "/repositories/7/issues/12");
}

TEST(ListAddress, AsksForEveryStateAndOrder) {
  EXPECT_EQ(list_address(*find_list("issues"), 7, "all", 100),
            "/repositories/7/issues?per_page=100&state=all&sort=updated&direction=asc");
  EXPECT_EQ(list_address(*find_list("labels"), 7, "all", 50), "/repositories/7/labels?per_page=50");
}

}  // namespace target_test
}  // namespace devy::scan
