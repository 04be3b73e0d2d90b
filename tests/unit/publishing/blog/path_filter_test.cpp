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
  for (const char* path : {"a.md", "a/b/c.markdown", "A.MD", "readme-first.md", "docs/my_post.md",
                           "a.mdown", "a.mkd", "a.mkdn", "a.mdwn"})
    EXPECT_TRUE(all.publishes(path)) << path;
  for (const char* path : {"a.txt", "a.mdx", "Makefile", "a.md/b"})
    EXPECT_FALSE(all.publishes(path)) << path;
}

constexpr const char* repository_files[] = {"README",
                                            "License",
                                            "CONTRIBUTING",
                                            "code_of_conduct",
                                            "SECURITY",
                                            "SUPPORT",
                                            "CHANGELOG",
                                            "GOVERNANCE",
                                            "AGENTS",
                                            "CLAUDE",
                                            "pull_request_template",
                                            "PULL_REQUEST_TEMPLATE",
                                            "ISSUE_TEMPLATE",
                                            "issue_template"};

TEST(PathFilter, IgnoresFilesAboutTheRepositoryWhereGitHubKnowsThem) {
  const auto all = filter({}), github = filter({"!.github/"});
  for (const std::string name : repository_files) {
    EXPECT_FALSE(all.publishes(name + ".md")) << name;
    EXPECT_FALSE(all.publishes("docs/" + name + ".markdown")) << name;
    EXPECT_FALSE(all.publishes(".github/" + name + ".md")) << name;
    EXPECT_FALSE(github.publishes(".github/" + name + ".md")) << name;
    EXPECT_FALSE(filter({}, "docs").publishes("docs/" + name + ".md")) << name;
  }
  for (const char* path :
       {"ISSUE_TEMPLATE/bug.md", "docs/ISSUE_TEMPLATE/bug.md", "docs/pull_request_template/a/b.md"})
    EXPECT_FALSE(all.publishes(path)) << path;
  EXPECT_TRUE(github.publishes(".github/other.md"));
}

TEST(PathFilter, PublishesTheSameNamesAnywhereElse) {
  const auto all = filter({}), posts = filter({}, "posts"), docs = filter({}, "site/docs");
  for (const std::string name : repository_files) {
    EXPECT_TRUE(all.publishes("posts/" + name + ".md")) << name;
    EXPECT_TRUE(all.publishes("docs/a/" + name + ".md")) << name;
    // GitHub knows the repository's root, not the blog's.
    EXPECT_TRUE(posts.publishes("posts/" + name + ".md")) << name;
    EXPECT_TRUE(docs.publishes("site/docs/" + name + ".md")) << name;
  }
  EXPECT_TRUE(all.publishes("posts/ISSUE_TEMPLATE/a.md"));
  EXPECT_TRUE(all.publishes("Docs/README.md"));
}

TEST(PathFilter, IgnoresHiddenAndUnderscoredParts) {
  const auto all = filter({});
  for (const char* path :
       {".github/a.md", "_site/a.md", "a/_b/c.md", "a/.b.md", "_a.md", "_posts.md", "_Posts/a.md",
        "_posts/_a.md", "_posts/.a.md", "_index/a.md", "_index.txt"})
    EXPECT_FALSE(all.publishes(path)) << path;
}

TEST(PathFilter, PublishesTheFoldersOfJekyllAndTheSectionsOfHugo) {
  const auto all = filter({});
  for (const char* path : {"_posts/a.md", "a/_posts/b/c.md", "_drafts/a.md", "_index.md",
                           "a/_index.markdown", "a/_INDEX.md", "_index.fr.md", "a/_index.pt-br.md",
                           "a/_index.zh_Hant.md", "_index.zh-Hans-CN.md"})
    EXPECT_TRUE(all.publishes(path)) << path;
  for (const char* path : {"_index.old.draft.md", "_index.backup.md", "_index..md", "_index.f.md",
                           "_index-fr.md", "_index.fr-.md", "_indexes.md", "_i.md"})
    EXPECT_FALSE(all.publishes(path)) << path;
  for (const char* folder : {"_posts", "a/_posts", "_drafts"})
    EXPECT_TRUE(all.wants_folder(folder)) << folder;
}

TEST(PathFilter, IgnoresTheFoldersOfTools) {
  const auto all = filter({});
  for (const char* path : {"archetypes/default.md", "themes/x/archetypes/post.md",
                           "node_modules/a/README.md", "a/vendor/b.md"})
    EXPECT_FALSE(all.publishes(path)) << path;
  for (const char* path : {"archetypes.md", "vendor.md", "vendors/a.md", "my-archetypes/a.md"})
    EXPECT_TRUE(all.publishes(path)) << path;
  EXPECT_FALSE(all.wants_folder("node_modules"));
  EXPECT_TRUE(filter({"!archetypes/"}).publishes("archetypes/default.md"));
}

// "rule name" of why a path is left out; empty when it is not.
std::string reason_of(const PathFilter& paths, const char* path) {
  const auto reason = paths.reason_left_out(path);
  return reason ? std::string(to_string(reason->rule)) + " " + reason->name : "";
}

TEST(PathFilter, SaysWhichRuleLeavesAFileOut) {
  const auto posts = filter({"drafts/", "*.draft.md", "!content/_kept/"}, "content");
  const struct {
    const char* path;
    const char* reason;
  } cases[] = {
      {"content/a.md", ""},
      {"content/_kept/a.md", ""},
      {"a.md", "outside_root content"},
      {"content.md", "outside_root content"},
      {"content/drafts/a.md", "ignore drafts/"},
      {"content/x.draft.md", "ignore *.draft.md"},
      {"content/.a.md", "hidden "},
      {"content/.b/c/a.md", "hidden .b/"},
      {"content/_a.md", "underscore "},
      {"content/_b/_c/a.md", "underscore _b/"},
      {"content/x/vendor/y/a.md", "tool_folder vendor/"},
      {"content/README.md", ""},
  };
  for (const auto& [path, reason] : cases)
    EXPECT_EQ(reason_of(posts, path), reason) << path;
  const auto all = filter({});
  EXPECT_EQ(reason_of(all, "licence.md"), "");
  EXPECT_EQ(reason_of(all, "docs/license.md"), "repository_file LICENSE");
  EXPECT_EQ(reason_of(all, "docs/Issue_Template/a.md"), "repository_file ISSUE_TEMPLATE/");
  EXPECT_EQ(reason_of(all, "README.mdx"), "repository_file README");
}

TEST(PathFilter, TellsFilesThatAGlobBringsBackByName) {
  const auto paths = filter({"!a/README.md", "!_b/"});
  EXPECT_TRUE(paths.brings_back("a/README.md"));
  EXPECT_FALSE(paths.brings_back("README.md"));
  EXPECT_TRUE(paths.publishes("_b/README.md"));
  EXPECT_FALSE(paths.brings_back("_b/README.md"));
}

TEST(FolderPage, RanksTheThreeThatCanBeOne) {
  EXPECT_EQ(folder_page_rank("index.md"), 0);
  EXPECT_EQ(folder_page_rank("Index.markdown"), 0);
  EXPECT_EQ(folder_page_rank("_index.md"), 1);
  EXPECT_EQ(folder_page_rank("readme.mkd"), 2);
  for (const char* name : {"indexes.md", "index.mdx", "index", "README.txt", "a.md"})
    EXPECT_EQ(folder_page_rank(name), std::nullopt) << name;
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
  EXPECT_TRUE(filter({"!README.md"}).publishes("docs/README.md"));
  EXPECT_FALSE(filter({"!/README.md"}).publishes("docs/README.md"));
  EXPECT_TRUE(filter({"!_guides/"}).publishes("_guides/a.md"));
  EXPECT_TRUE(filter({"!_guides"}).publishes("_guides/b/c.md"));
  EXPECT_TRUE(filter({"!_guides/**"}).publishes("_guides/b/c.md"));
  EXPECT_TRUE(filter({"!_guides/*.md"}).publishes("_guides/a.md"));
  EXPECT_FALSE(filter({"!_guides/*.md"}).publishes("_guides/a.txt"));
}

TEST(PathFilter, RestoresNothingElse) {
  EXPECT_FALSE(filter({"!README.md"}).publishes("_private/README.md"));
  EXPECT_FALSE(filter({"node_modules", "!README.md"}).publishes("node_modules/a/README.md"));
  EXPECT_FALSE(filter({"!_guides"}).publishes("_guides/_draft.md"));
}

TEST(PathFilter, SaysWhichFoldersNeedNoWalk) {
  const auto posts = filter({"drafts/"}, "content/posts");
  for (const char* folder : {"", "content", "content/posts", "content/posts/a"})
    EXPECT_TRUE(posts.wants_folder(folder)) << folder;
  for (const char* folder : {"other", "contents", "content/other", "content/posts/drafts",
                             "content/posts/.git", "content/posts/drafts/a"})
    EXPECT_FALSE(posts.wants_folder(folder)) << folder;
  EXPECT_TRUE(filter({"!_guides/*.md"}).wants_folder("_guides"));
  EXPECT_FALSE(filter({"!README.md"}).wants_folder("_guides"));
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
