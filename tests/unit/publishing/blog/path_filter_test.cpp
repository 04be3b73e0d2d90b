#include "core/publishing/blog/path_filter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/publishing/blog/glob.hpp"

namespace devy::blog {
namespace path_filter_test {

PathFilter filter(std::vector<std::string> ignore, std::string root = ".") {
  Settings settings;
  settings.ignore = std::move(ignore);
  settings.root = std::move(root);
  return PathFilter(settings);
}

TEST(PathFilter, PublishesMarkdownOnly) {
  const auto all = filter({});
  for (const char* path : {"a.md", "a/b/c.markdown", "A.MD", "readme-first.md", "docs/my_post.md"})
    EXPECT_TRUE(all.publishes(path)) << path;
  for (const char* path : {"a.txt", "a.mdx", "Makefile", "a.md/b"})
    EXPECT_FALSE(all.publishes(path)) << path;
}

TEST(PathFilter, IgnoresFilesAboutTheRepositoryAnywhere) {
  const auto all = filter({});
  for (const char* path :
       {"README.md", "readme.md", "a/Readme.markdown", "LICENSE.md", "CONTRIBUTING.md",
        "CODE_OF_CONDUCT.md", "SECURITY.md", "docs/CHANGELOG.md"})
    EXPECT_FALSE(all.publishes(path)) << path;
}

TEST(PathFilter, IgnoresHiddenAndUnderscoredParts) {
  const auto all = filter({});
  for (const char* path : {".github/a.md", "_drafts/a.md", "a/_b/c.md", "a/.b.md", "_a.md"})
    EXPECT_FALSE(all.publishes(path)) << path;
}

TEST(PathFilter, PublishesOnlyBelowItsRoot) {
  const auto posts = filter({}, "content/posts");
  EXPECT_TRUE(posts.publishes("content/posts/a.md"));
  EXPECT_TRUE(posts.publishes("content/posts/b/c.md"));
  for (const char* path : {"a.md", "content/a.md", "content/posts.md", "content/posts2/a.md"})
    EXPECT_FALSE(posts.publishes(path)) << path;
}

TEST(PathFilter, KeepsTheFoldersOfItsRoot) {
  const auto posts = filter({}, "_posts");
  EXPECT_TRUE(posts.publishes("_posts/a.md"));
  EXPECT_FALSE(posts.publishes("_posts/_a.md"));
}

TEST(PathFilter, FollowsGitignoresRules) {
  const struct {
    std::vector<std::string> ignore;
    const char* path;
    bool is_published;
  } cases[] = {
      {{"drafts"}, "drafts/a.md", false},
      {{"drafts"}, "a/drafts/b.md", false},
      {{"drafts/"}, "a/drafts/b.md", false},
      {{"drafts/"}, "drafts.md", true},
      {{"/drafts"}, "drafts/a.md", false},
      {{"/drafts"}, "a/drafts/b.md", true},
      {{"a/drafts"}, "a/drafts/b.md", false},
      {{"a/drafts"}, "b/a/drafts/b.md", true},
      {{"*.md"}, "a/b.md", false},
      {{"/*.md"}, "b.md", false},
      {{"/*.md"}, "a/b.md", true},
      {{"a/*.md"}, "a/b/c.md", true},
      {{"a/**/c.md"}, "a/c.md", false},
      {{"a/**/c.md"}, "a/x/y/c.md", false},
      {{"**/c.md"}, "c.md", false},
      {{"a/**"}, "a/b/c.md", false},
      {{"a/**"}, "ab.md", true},
      {{"?.md"}, "a.md", false},
      {{"?.md"}, "é.md", false},
      {{"?.md"}, "ab.md", true},
      {{"[a-c].md"}, "b.md", false},
      {{"[!a-c].md"}, "b.md", true},
      {{"[!a-c].md"}, "d.md", false},
      {{"\\!a.md"}, "!a.md", false},
      {{"a\\*.md"}, "ab.md", true},
      {{"# a comment", ""}, "a.md", true},
      {{"*.md", "!keep.md"}, "keep.md", true},
      {{"*.md", "!keep.md"}, "other.md", false},
      {{"!keep.md", "*.md"}, "keep.md", false},
      {{"drafts/", "!drafts/keep.md"}, "drafts/keep.md", false},
      {{"drafts/*", "!drafts/keep.md"}, "drafts/keep.md", true},
  };
  for (const auto& [ignore, path, is_published] : cases)
    EXPECT_EQ(filter(ignore).publishes(path), is_published)
        << testing::PrintToString(ignore) << ' ' << path;
}

TEST(PathFilter, RestoresDefaults) {
  EXPECT_TRUE(filter({"!README.md"}).publishes("README.md"));
  EXPECT_TRUE(filter({"!README.md"}).publishes("a/README.md"));
  EXPECT_FALSE(filter({"!/README.md"}).publishes("a/README.md"));
  EXPECT_TRUE(filter({"!_posts/"}).publishes("_posts/a.md"));
  EXPECT_TRUE(filter({"!_posts"}).publishes("_posts/b/c.md"));
  EXPECT_TRUE(filter({"!_posts/**"}).publishes("_posts/b/c.md"));
  EXPECT_TRUE(filter({"!_posts/*.md"}).publishes("_posts/a.md"));
  EXPECT_FALSE(filter({"!_posts/*.md"}).publishes("_posts/a.txt"));
}

TEST(PathFilter, RestoresNothingElse) {
  EXPECT_FALSE(filter({"!README.md"}).publishes("_private/README.md"));
  EXPECT_FALSE(filter({"node_modules", "!README.md"}).publishes("node_modules/a/README.md"));
  EXPECT_FALSE(filter({"!_posts"}).publishes("_posts/_draft.md"));
}

TEST(PathFilter, SaysWhichFoldersNeedNoWalk) {
  const auto posts = filter({"drafts/"}, "content/posts");
  for (const char* folder : {"", "content", "content/posts", "content/posts/a"})
    EXPECT_TRUE(posts.wants_folder(folder)) << folder;
  for (const char* folder : {"other", "contents", "content/other", "content/posts/drafts",
                             "content/posts/.git", "content/posts/drafts/a"})
    EXPECT_FALSE(posts.wants_folder(folder)) << folder;
  EXPECT_TRUE(filter({"!_posts/*.md"}).wants_folder("_posts"));
  EXPECT_FALSE(filter({"!README.md"}).wants_folder("_posts"));
}

TEST(Glob, IsNeverExponential) {
  std::string stars;
  for (int i = 0; i < 60; ++i)
    stars += "*a";
  EXPECT_FALSE(name_matches(stars + "b", std::string(255, 'a')));
  std::vector<std::string> folders;
  for (int i = 0; i < 60; ++i) {
    folders.emplace_back("**");
    folders.emplace_back("a");
  }
  folders.emplace_back("b");
  std::string path = "a";
  for (int i = 0; i < 500; ++i)
    path += "/a";
  EXPECT_FALSE(path_matches(folders, path));
}

TEST(Glob, TakesABracketThatDoesNotCloseForItself) {
  EXPECT_TRUE(name_matches("a[", "a["));
  EXPECT_TRUE(name_matches("[]a]", "]"));
  EXPECT_TRUE(name_matches("a\\", "a\\"));
  EXPECT_FALSE(name_matches("[a", "a"));
}

}  // namespace path_filter_test
}  // namespace devy::blog
