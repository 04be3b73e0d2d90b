#include "core/publishing/blog/left_out.hpp"

#include <gtest/gtest.h>

namespace devy::blog {
namespace left_out_test {

using Rule = LeftOutRule;

TEST(LeftOut, CountsByRule) {
  LeftOut left_out{.posts = 14};
  left_out.add("LICENSE.md", {Rule::repository_file, "LICENSE"});
  left_out.add("drafts/a.md", {Rule::ignore, "drafts/"});
  EXPECT_EQ(left_out_text(left_out), "2 of 16 Markdown files left out: 1 LICENSE, 1 by ignore");
  left_out.add("x.draft.md", {Rule::ignore, "*.draft.md"});
  EXPECT_EQ(left_out_text(left_out), "3 of 17 Markdown files left out: 1 LICENSE, 2 by ignore");
  EXPECT_EQ(left_out.counts.size(), 3U);
  EXPECT_EQ(left_out.files[1], (LeftOutFile{"drafts/a.md", {Rule::ignore, "drafts/"}}));
}

TEST(LeftOut, SaysNothingWhereNothingIsLeftOut) {
  EXPECT_EQ(left_out_text({.posts = 3}), "");
}

TEST(LeftOut, NamesEveryRule) {
  LeftOut left_out;
  left_out.add("a", {Rule::repository_file, "README"});
  left_out.add("a", {Rule::hidden, ".github/"});
  left_out.add("a", {Rule::hidden});
  left_out.add("a", {Rule::underscore, "_site/"});
  left_out.add("a", {Rule::tool_folder, "vendor/"});
  EXPECT_EQ(left_out_text(left_out),
            "5 of 5 Markdown files left out: 1 README, 1 whose name begins with ., 1 in .github/ "
            "(begins with .), 1 in _site/ (begins with _), 1 in vendor/");
  left_out = {.is_at_least = true};
  left_out.add("a", {Rule::folder_page, "README"});
  left_out.add("a", {Rule::outside_root, "posts"});
  left_out.add("a", {Rule::symlink});
  left_out.add("b", {Rule::symlink});
  left_out.add("a", {Rule::submodule});
  left_out.add("a", {Rule::lfs_pointer});
  left_out.add("a", {Rule::bad_name});
  EXPECT_EQ(left_out_text(left_out),
            "at least 7 of 7 Markdown files left out: 1 README beside an index, 1 outside posts/, "
            "2 symbolic links, 1 submodule, 1 Git LFS pointer, 1 of a name that is not allowed");
}

TEST(LeftOut, CountsWhatIsNoMarkdownByItself) {
  LeftOut left_out{.posts = 10};
  left_out.add("a.mdx", {Rule::other_format, ".mdx"});
  EXPECT_EQ(left_out_text(left_out), "1 .mdx file is no Markdown");
  left_out.add("b.mdx", {Rule::other_format, ".mdx"});
  left_out.add("c.org", {Rule::other_format, ".org"});
  left_out.add("_d.md", {Rule::underscore});
  EXPECT_EQ(left_out_text(left_out),
            "1 of 11 Markdown files left out: 1 whose name begins with _; 2 .mdx files are no "
            "Markdown; 1 .org file is no Markdown");
}

TEST(LeftOut, BoundsTheNamesItKeeps) {
  LeftOut left_out;
  for (std::size_t i = 0; i < 3 * left_out_names_max; ++i)
    left_out.add("a.md", {Rule::ignore, std::to_string(i)});
  EXPECT_LE(left_out.counts.size(), left_out_names_max + 1);
  EXPECT_EQ(left_out.markdown_files(), 3 * left_out_names_max);
}

TEST(LeftOut, BoundsTheReasonsOfOneLine) {
  LeftOut left_out;
  for (int i = 10; i < 30; ++i)
    left_out.add("a.md", {Rule::underscore, "_" + std::to_string(i) + "/"});
  const auto text = left_out_text(left_out);
  EXPECT_TRUE(text.ends_with("1 in _17/ (begins with _), 12 by other rules")) << text;
}

TEST(LeftOut, BoundsTheFilesItLists) {
  LeftOut left_out;
  for (std::size_t i = 0; i < left_out_files_max + 5; ++i)
    left_out.add("a.md", {Rule::ignore, "a"});
  EXPECT_EQ(left_out.files.size(), left_out_files_max);
  EXPECT_EQ(left_out.markdown_files(), left_out_files_max + 5);
}

TEST(LeftOutRule, HasANameThatIsReadBack) {
  for (int i = 0; i <= static_cast<int>(Rule::other_format); ++i) {
    const auto rule = static_cast<Rule>(i);
    EXPECT_FALSE(to_string(rule).empty());
    EXPECT_EQ(parse_left_out_rule(to_string(rule)), rule);
    EXPECT_FALSE(reason_text({rule, "x"}).empty());
  }
  EXPECT_EQ(parse_left_out_rule("nonsense"), std::nullopt);
}

TEST(OtherFormat, KnowsWhatBlogsAreWrittenInElsewhere) {
  for (const char* path : {"a.mdx", "a/b.QMD", "a.rmd", "a.ipynb", "a.org", "a.adoc", "a.dj"})
    EXPECT_FALSE(other_format(path).empty()) << path;
  EXPECT_EQ(other_format("a/b.QMD"), ".qmd");
  for (const char* path : {"a.md", "a.txt", "org", "a.mdx/b", "a.mdx/b.png", ""})
    EXPECT_EQ(other_format(path), "") << path;
}

}  // namespace left_out_test
}  // namespace devy::blog
