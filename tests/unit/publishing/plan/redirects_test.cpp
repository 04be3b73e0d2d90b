#include "core/publishing/plan/redirects.hpp"

#include <gtest/gtest.h>

namespace devy::plan {
namespace redirects_test {

using snapshot::ChangeKind;
using snapshot::FileError;

PostId id(int number) {
  return PostId::trusted("00000000-0000-4000-8000-00000000000" + std::to_string(number));
}

KnownPost known(int number, const std::string& path, const std::string& slug) {
  KnownPost post;
  post.id = id(number);
  post.path = path;
  post.slug = slug;
  return post;
}

Write write(const std::string& path, const std::string& slug) {
  Write write;
  write.path = path;
  write.slug = slug;
  return write;
}

Write rewrite(int number, const std::string& path, const std::string& slug,
              const std::string& old_slug) {
  auto result = write(path, slug);
  result.kind = ChangeKind::updated;
  result.post = id(number);
  if (old_slug != slug) result.old_slug = old_slug;
  return result;
}

PublishPlan plan_of(std::vector<Write> writes, std::vector<PostId> deletes = {}) {
  PublishPlan plan;
  plan.writes = std::move(writes);
  plan.deletes = std::move(deletes);
  return plan;
}

using Coming = std::vector<Redirect>;

TEST(FindRedirects, KeepsTheAddressOfAPostThatMoves) {
  const auto found =
      find_redirects(plan_of({rewrite(1, "b.md", "b", "a")}), {known(1, "a.md", "a")}, {});
  EXPECT_EQ(found.coming, (Coming{{"a", "b", "b.md", false}}));
  EXPECT_TRUE(found.warnings.empty());
}

TEST(FindRedirects, FindsNoneForTwoPostsThatSwap) {
  const auto found =
      find_redirects(plan_of({rewrite(1, "a.md", "b", "a"), rewrite(2, "b.md", "a", "b")}),
                     {known(1, "a.md", "a"), known(2, "b.md", "b")}, {});
  EXPECT_TRUE(found.coming.empty());
}

TEST(FindRedirects, ReadsAliasesAsAuthorsWriteThem) {
  const auto found = find_redirects(
      plan_of({write("a.md", "a")}), {},
      {{"a.md", {"/2019/Old Page.html", "https://old.example/x/", "a", "/", "/?p=12"}}});
  EXPECT_EQ(found.coming, (Coming{{"2019/old-page", "a", "a.md", true}, {"x", "a", "a.md", true}}));
  EXPECT_EQ(found.warnings,
            (std::vector<FileError>{{"a.md", 0, 0, "alias '/' names no page of the blog"},
                                    {"a.md", 0, 0, "alias '/?p=12' names no page of the blog"}}));
}

TEST(FindRedirects, PrefersAPageToAnAlias) {
  const std::vector<KnownPost> posts{known(1, "kept.md", "kept"), known(2, "gone.md", "gone"),
                                     known(3, "moved.md", "moved")};
  const auto found = find_redirects(
      plan_of({write("a.md", "a"), rewrite(3, "moved.md", "else", "moved")}, {id(2)}), posts,
      {{"a.md", {"kept", "gone", "else", "moved"}}});
  // An alias beats the slug of before.
  EXPECT_EQ(found.coming, (Coming{{"gone", "a", "a.md", true}, {"moved", "a", "a.md", true}}));
  EXPECT_EQ(found.warnings,
            (std::vector<FileError>{
                {"a.md", 0, 0, "alias 'kept' leads nowhere: 'kept.md' has that address"},
                {"a.md", 0, 0, "alias 'else' leads nowhere: 'moved.md' has that address"}}));
}

// Else it would be deleted with the alias.
TEST(FindRedirects, KeepsThePreviousSlugThatIsAnAliasToo) {
  const auto found = find_redirects(plan_of({rewrite(1, "a.md", "new", "old")}),
                                    {known(1, "a.md", "old")}, {{"a.md", {"old", "old"}}});
  EXPECT_EQ(found.coming, (Coming{{"old", "new", "a.md", false}}));
  EXPECT_TRUE(found.warnings.empty());
}

TEST(FindRedirects, NamesBothFilesThatWantOneAlias) {
  const auto found = find_redirects(plan_of({write("a.md", "a"), write("b.md", "b")}), {},
                                    {{"a.md", {"/old"}}, {"b.md", {"old/"}}});
  EXPECT_EQ(found.coming, (Coming{{"old", "b", "b.md", true}}));
  EXPECT_EQ(
      found.warnings,
      (std::vector<FileError>{{"a.md", 0, 0, "alias 'old' is one of 'b.md' too, which counts"}}));
}

TEST(FindRedirects, FindsNoneForAFileInError) {
  const auto found = find_redirects(plan_of({}), {}, {{"bad.md", {"old"}}});
  EXPECT_TRUE(found.coming.empty());
  EXPECT_TRUE(found.warnings.empty());
}

}  // namespace redirects_test
}  // namespace devy::plan
