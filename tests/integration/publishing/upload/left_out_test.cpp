// Which files of a tree are posts, and what is told of the others: no Markdown file disappears
// without a word.
#include "core/publishing/blog/left_out.hpp"
#include "core/publishing/upload/tree.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace left_out_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

constexpr const char* pointer =
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nsize 12345\n";

class LeftOut : public UploadTest {
 protected:
  void write_files(const std::vector<const char*>& paths) {
    for (const auto* path : paths)
      write(path, std::string("# ") + path + "\n");
  }
  // The paths of the posts.
  Lines paths() { return rows("select path from post order by path collate \"C\""); }
  static std::string text(const publishing::Upload& upload) {
    return upload.left_out ? blog::left_out_text(*upload.left_out) : "not looked at";
  }
  // "path rule name" of each.
  static Lines files(const publishing::Upload& upload) {
    Lines lines;
    for (const auto& file : upload.left_out.value().files)
      lines.push_back(file.path + " " + std::string(to_string(file.reason.rule)) +
                      (file.reason.name.empty() ? "" : " " + file.reason.name));
    return lines;
  }
};

TEST_F(LeftOut, SaysOfEachKindOfFileWhetherItIsAPost) {
  write_files({
      "CLAUDE.md",
      "docs/CONTRIBUTING.md",
      "docs/guide.md",
      ".github/ISSUE_TEMPLATE/bug.md",
      "_posts/2020-01-02-a.md",
      "_drafts/soon.md",
      "content/docs/_index.md",
      "_site/a.md",
      "posts/security.md",
      "xxe/README.md",
      "ssrf/README.md",
      "ssrf/index.md",
      "both/_index.md",
      "both/index.md",
      "archetypes/default.md",
      "node_modules/a/README.md",
      "theme/vendor/b.md",
      "notes/a.mkd",
      "notes/b.mdown",
      "notes/c.mdx",
      "notes/d.ipynb",
      "notes/e.txt",
      "private/a.md",
  });
  write("large.md", pointer);
  author_.link("link.md", "posts/security.md");
  write("devy.toml", "ignore = [\"private/\"]\n");
  oracle_.is_ignored = [](const std::string& path) { return path.starts_with("private/"); };
  const auto upload = push_and_publish();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(paths(),
            (Lines{"_drafts/soon.md", "_posts/2020-01-02-a.md", "both/index.md",
                   "content/docs/_index.md", "docs/guide.md", "notes/a.mkd", "notes/b.mdown",
                   "posts/security.md", "ssrf/index.md", "xxe/README.md"}));
  auto left_out = files(upload);
  std::ranges::sort(left_out);
  EXPECT_EQ(
      left_out,
      (Lines{".github/ISSUE_TEMPLATE/bug.md hidden .github/", "CLAUDE.md repository_file CLAUDE",
             "_site/a.md underscore _site/", "archetypes/default.md tool_folder archetypes/",
             "both/_index.md folder_page _index",
             "docs/CONTRIBUTING.md repository_file CONTRIBUTING", "large.md lfs_pointer",
             "link.md symlink", "node_modules/a/README.md tool_folder node_modules/",
             "notes/c.mdx other_format .mdx", "notes/d.ipynb other_format .ipynb",
             "private/a.md ignore private/", "ssrf/README.md folder_page README",
             "theme/vendor/b.md tool_folder vendor/"}));
  EXPECT_EQ(upload.left_out->posts, 10U);
  EXPECT_EQ(upload.left_out->markdown_files(), 12U);
  EXPECT_FALSE(upload.left_out->is_at_least);
}

TEST_F(LeftOut, HidesWhatLiesInDrafts) {
  write("_drafts/soon.md", "---\ndraft: false\n---\n# Soon\n");
  write("blog/_drafts/later.md", "# Later\n");
  write("_posts/now.md", "# Now\n");
  push_and_publish();
  EXPECT_EQ(rows("select path from visible_post"), Lines{"_posts/now.md"});
  author_.rename("_drafts/soon.md", "_posts/soon.md");
  push_and_publish();
  EXPECT_EQ(value("select count(*) from visible_post"), "2");
  EXPECT_EQ(value("select change from revision where path = '_posts/soon.md'"), "renamed");
  write("devy.toml", "drafts = true\n");
  push_and_publish();
  EXPECT_EQ(value("select count(*) from visible_post"), "3");
}

TEST_F(LeftOut, WarnsOfATreeOfWhichNothingIsPublished) {
  write_files({"_includes/a.md", "LICENSE.md"});
  const auto upload = push_and_publish();
  EXPECT_EQ(ending(upload), "completed");
  ASSERT_EQ(upload.warnings.size(), 1U);
  EXPECT_EQ(to_string(upload.warnings[0]),
            ".: nothing is published: 2 of 2 Markdown files left out: 1 LICENSE, 1 in _includes/ "
            "(begins with _)");
}

TEST_F(LeftOut, WarnsOfATreeThatHasAnotherFormatOnly) {
  write_files({"a.mdx", "b/c.mdx"});
  const auto upload = push_and_publish();
  ASSERT_EQ(upload.warnings.size(), 1U);
  EXPECT_EQ(upload.warnings[0].message, "nothing is published: 2 .mdx files are no Markdown");
}

TEST_F(LeftOut, SaysNothingOfATreeWithoutMarkdown) {
  write("main.c", "int main() {}\n");
  const auto upload = push_and_publish();
  EXPECT_TRUE(upload.warnings.empty());
  EXPECT_EQ(text(upload), "");
}

TEST_F(LeftOut, CountsWhatLiesOutsideOfTheRoot) {
  write_files({"posts/a.md", "posts/README.md", "other/b.md", "README.md", "c.mdx"});
  write("devy.toml", "root = \"posts\"\n");
  oracle_.root = "posts";
  EXPECT_EQ(text(push_and_publish()), "2 of 4 Markdown files left out: 2 outside posts/");
  EXPECT_EQ(paths(), (Lines{"posts/README.md", "posts/a.md"}));
}

TEST_F(LeftOut, TellsTheSameWhenTheCommitIsLiveAlready) {
  write_files({"a.md", "LICENSE.md"});
  push_and_publish();
  EXPECT_EQ(text(publish()), "1 of 2 Markdown files left out: 1 LICENSE");
}

TEST_F(LeftOut, BringsBackWhatAPatternNames) {
  write_files({"README.md", "a/README.md", "a/index.md", "vendor/b.md"});
  write("devy.toml", "ignore = [\"!README.md\", \"!vendor/\"]\n");
  oracle_.head = push();
  const auto upload = publish();
  EXPECT_EQ(text(upload), "");
  EXPECT_EQ(paths(), (Lines{"README.md", "a/README.md", "a/index.md", "vendor/b.md"}));
  // The oracle knows no pattern that brings files back.
  write("devy.toml", "");
  push_and_publish();
  EXPECT_EQ(paths(), Lines{"a/index.md"});
}

TEST_F(LeftOut, LooksIntoFoldersOfAnotherToolNoFurtherThanItsLimit) {
  write_files({"a.md", "b.md"});
  const auto blob = author_.make_blob("# x\n");
  std::string lines;
  for (std::uint32_t i = 0; i < left_out_entries_max + 10; ++i)
    lines += "100644 blob " + blob + "\t" + std::to_string(i) + ".md\n";
  const auto modules = author_.make_tree(lines);
  const auto head = push();
  const auto tree =
      author_.git({"ls-tree", head}) + "\n040000 tree " + modules + "\tnode_modules\n";
  const auto commit = author_.commit_tree(author_.make_tree(tree));
  author_.force_push(bare());
  expect_head(commit);
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_TRUE(upload.left_out->is_at_least);
  EXPECT_EQ(upload.left_out->markdown_files(), left_out_entries_max);
  EXPECT_TRUE(text(upload).starts_with("at least 10000 of 10002 Markdown files left out: "));
}

TEST_F(LeftOut, GivesAFolderToItsReadmeWhenItsIndexGoes) {
  write("a/index.md", "# Index\n\nThis is the page of the folder.\n");
  write("a/README.md", "# Readme\n\nSomething else stands here.\n");
  push_and_publish();
  EXPECT_EQ(paths(), Lines{"a/index.md"});
  author_.remove_file("a/index.md");
  EXPECT_EQ(text(push_and_publish()), "");
  EXPECT_EQ(paths(), Lines{"a/README.md"});
  write("a/_index.md", "# Section\n");
  EXPECT_EQ(text(push_and_publish()), "1 of 2 Markdown files left out: 1 README beside an index");
  EXPECT_EQ(paths(), Lines{"a/_index.md"});
}

// ---- blogs of before these rules

TEST_F(LeftOut, TakesAPostAwayThatIsNoneAnyMore) {
  write_files({"a.md", "b.md", "c.md"});
  push_and_publish();
  // As if an earlier version had published CLAUDE.md.
  author_.rename("c.md", "CLAUDE.md");
  execute("update post set path = 'CLAUDE.md' where path = 'c.md'");
  const auto upload = push_and_publish();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(paths(), (Lines{"a.md", "b.md"}));
  EXPECT_EQ(upload.changes->deleted, 1);
  EXPECT_EQ(text(upload), "1 of 3 Markdown files left out: 1 CLAUDE");
}

TEST_F(LeftOut, HoldsAnUploadThatWouldLeaveNoPostOfAnExistingBlog) {
  write_files({"vendor/a.md", "b.md"});
  push_and_publish();
  execute("update post set path = 'vendor/a.md'");
  author_.remove_file("b.md");
  push();
  expect_head(value("select head_commit from blog"));
  oracle_.is_ignored = {};
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "held/mass_delete");
  EXPECT_EQ(text(upload), "1 of 1 Markdown files left out: 1 in vendor/");
  execute("update post set path = 'b.md'");
}

}  // namespace left_out_test
}  // namespace devy::upload
