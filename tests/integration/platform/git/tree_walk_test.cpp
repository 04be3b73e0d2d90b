// Trees as git may hold them and no file system could: every guard of the walk.
#include "tests/integration/platform/git/fixture.hpp"
#include "tests/support/git/git_run.hpp"

namespace devy::git {
namespace tree_walk_test {

using Paths = std::vector<std::string>;
using testing::GitRepository;

class TreeWalk : public FetchTest {
 protected:
  Clone fetch_tree(const std::string& tree) {
    author_.commit_tree(tree);
    author_.force_push(bare());
    return fetch();
  }
  static std::string code_of(const Clone& clone, std::string_view root = {}) {
    try {
      static_cast<void>(paths_of(clone, root));
    } catch (const base::Error& error) {
      EXPECT_EQ(error.kind(), base::ErrorKind::rejected);
      return error.code();
    }
    return "none";
  }
};

TEST_F(TreeWalk, IsInPathOrder) {
  for (const auto* path : {"a/b.md", "a-b.md", "a.md", "b/c/d.md", "ä.md", "a/a.md"})
    author_.write_file(path, path);
  publish();
  EXPECT_EQ(paths_of(fetch()),
            (Paths{"a-b.md", "a.md", "a/a.md", "a/b.md", "b/c/d.md", "posts/hello.md", "ä.md"}));
}

TEST_F(TreeWalk, StaysBelowItsRoot) {
  author_.write_file("docs/en/a.md", "a");
  author_.write_file("docs-old/b.md", "b");
  publish();
  const auto clone = fetch();
  EXPECT_EQ(paths_of(clone, "docs"), Paths{"docs/en/a.md"});
  EXPECT_EQ(paths_of(clone, "./docs/en/"), Paths{"docs/en/a.md"});
  EXPECT_EQ(paths_of(clone, ".").size(), 3U);
  EXPECT_EQ(code_of(clone, "none"), "root_missing");
  EXPECT_EQ(code_of(clone, "../work"), "root_missing");
  EXPECT_EQ(code_of(clone, "posts/hello.md"), "root_missing");
}

TEST_F(TreeWalk, DoesNotEnterAFolderNobodyWants) {
  author_.write_file("node_modules/a/b.md", "b");
  publish();
  Paths paths;
  std::vector<snapshot::FileError> warnings;
  config_.limits.tree_entries_max = 3;  // node_modules, posts, posts/hello.md
  fetch().walk(
      "", [](std::string_view folder) { return folder != "node_modules"; },
      [&](const TreeFile& file) { paths.push_back(file.path); }, warnings);
  EXPECT_EQ(paths, Paths{"posts/hello.md"});
}

TEST_F(TreeWalk, ReportsWhatItSkips) {
  for (const auto* path : {"top.png", "docs/en/a.md", "docs/logo.png", "docs/en/skipped/b.md"})
    author_.write_file(path, path);
  publish();
  Paths files, passed;
  std::vector<snapshot::FileError> warnings;
  const auto walk = [&] {
    fetch().walk(
        "docs/en", [](std::string_view folder) { return folder != "docs/en/skipped"; },
        [&](const TreeFile& file) { files.push_back(file.path); }, warnings,
        [&](const TreeFile& file) { passed.push_back(file.path + " " + file.blob.hex()); });
  };
  walk();
  EXPECT_EQ(files, Paths{"docs/en/a.md"});
  ASSERT_EQ(passed.size(), 4U);
  EXPECT_TRUE(passed[0].starts_with("posts "));
  EXPECT_TRUE(passed[1].starts_with("top.png "));
  EXPECT_TRUE(passed[2].starts_with("docs/logo.png "));
  EXPECT_TRUE(passed[3].starts_with("docs/en/skipped "));

  const auto before = std::exchange(passed, {});
  author_.write_file("docs/en/a.md", "changed");
  author_.write_file("docs/en/skipped/b.md", "changed");
  publish();
  walk();
  ASSERT_EQ(passed.size(), 4U);
  EXPECT_EQ(passed[2], before[2]);
  EXPECT_NE(passed[3], before[3]);
}

TEST_F(TreeWalk, LooksBelowAFolderItPassed) {
  for (const auto* path : {"vendor/a.md", "vendor/b/c.md", "vendor/b/d/e.md"})
    author_.write_file(path, path);
  publish();
  const auto clone = fetch();
  const auto vendor = clone.find("vendor").value();
  Paths paths;
  const auto look = [&](std::uint32_t entries) {
    paths.clear();
    return clone.look_below(vendor, entries,
                            [&](const TreeFile& file) { paths.push_back(file.path); });
  };
  EXPECT_TRUE(look(5));  // a.md, b, b/c.md, b/d, b/d/e.md
  EXPECT_EQ(paths, (Paths{"vendor/a.md", "vendor/b/c.md", "vendor/b/d/e.md"}));
  EXPECT_FALSE(look(4));
  EXPECT_EQ(paths, (Paths{"vendor/a.md", "vendor/b/c.md"}));
  EXPECT_FALSE(look(0));
}

TEST_F(TreeWalk, LooksBelowAFolderOfAnySize) {
  const auto blob = author_.make_blob("x");
  const auto modules = author_.make_raw_tree({{"100644", "bad\x01.md", blob},
                                              {"100644", std::string(2'000, 'n'), blob},
                                              {"100644", "good.md", blob}});
  const auto clone = fetch_tree(author_.make_raw_tree({{"40000", "modules", modules}}));
  const auto folder = clone.find("modules").value();
  Paths paths;
  std::uint32_t left = 6;  // fewer than its size promises
  EXPECT_FALSE(clone.look_below(folder, left, [](const TreeFile& /*file*/) { FAIL(); }));
  left = 1'000;
  EXPECT_TRUE(
      clone.look_below(folder, left, [&](const TreeFile& file) { paths.push_back(file.path); }));
  EXPECT_EQ(paths,
            (Paths{"modules/bad\x01.md", "modules/good.md", "modules/" + std::string(2'000, 'n')}));
  EXPECT_EQ(left, 997U);
}

TEST_F(TreeWalk, FindsWhateverIsAtAPath) {
  author_.write_file("docs/en/a.md", "a");
  author_.link("docs/link", "en");
  publish();
  const auto kind_at = [clone = fetch()](const std::string& path) -> std::string {
    const auto found = clone.find(path);
    if (!found) return "nothing";
    EXPECT_EQ(found->path, path);
    static const Paths names{"regular", "symlink", "submodule", "folder"};
    return names.at(static_cast<std::size_t>(found->kind));
  };
  EXPECT_EQ(kind_at("."), "folder");
  EXPECT_EQ(kind_at("docs/en"), "folder");
  EXPECT_EQ(kind_at("docs/en/a.md"), "regular");
  EXPECT_EQ(kind_at("docs/link"), "symlink");
  for (const auto* path : {"docs/link/a.md", "docs/en/a.md/b", "none", "docs/none/a.md", "",
                           "docs//en", "docs/../docs", ".git/config"})
    EXPECT_EQ(kind_at(path), "nothing") << path;
}

TEST_F(TreeWalk, LimitsTheFoldersInWhichItFindsPaths) {
  for (const auto* path : {"a/1.md", "a/2.md", "b/3.md", "c/4.md"})
    author_.write_file(path, path);
  publish();
  config_.limits.tree_entries_max = 1;
  const auto clone = fetch();  // at the top: a, b, c, posts
  EXPECT_TRUE(clone.find("a/1.md").has_value());
  EXPECT_THROW(static_cast<void>(clone.find("b/3.md")), base::Error);
  EXPECT_TRUE(clone.find("a/2.md").has_value());
}

TEST_F(TreeWalk, DistinguishesLinksAndSubmodulesFromFiles) {
  author_.link("link.md", "/etc/passwd");
  author_.write_file("a.md", "a");
  author_.git({"add", "-A"});
  author_.git(
      {"update-index", "--add", "--cacheinfo", "160000," + std::string(40, '1') + ",theme"});
  author_.git({"commit", "-q", "-m", "With a submodule"});
  author_.push(bare());
  const auto clone = fetch();
  EXPECT_EQ(paths_of(clone), (Paths{"a.md", "link.md@", "theme%"}));
  EXPECT_EQ(clone.read_file("link.md", 100), std::nullopt);
}

TEST_F(TreeWalk, SkipsInvalidNames) {
  const auto blob = author_.make_blob("x");
  const auto inner = author_.make_raw_tree({{"100644", "passwd", blob}});
  const auto tree = author_.make_raw_tree({{"100644", "a\\b.md", blob},
                                           {"100644", "bell\x07.md", blob},
                                           {"100644", "bad\xff.md", blob},
                                           {"100644", std::string(300, 'n'), blob},
                                           {"100644", "good.md", blob},
                                           {"40000", "GIT~1", inner}});
  std::vector<snapshot::FileError> warnings;
  EXPECT_EQ(paths_of(fetch_tree(tree), {}, &warnings), Paths{"good.md"});
  ASSERT_EQ(warnings.size(), 5U);
  for (const auto& warning : warnings)
    EXPECT_TRUE(warning.message.starts_with("skipped: its name"));
}

// git itself refuses to push or to serve some of these; a hostile server would not.
TEST_F(TreeWalk, StaysInTheTreeWhateverTheNames) {
  const auto blob = author_.make_blob("x");
  const auto inner = author_.make_raw_tree({{"100644", "passwd", blob}});
  const auto tree = author_.make_raw_tree({{"40000", "..", inner},
                                           {"40000", ".", inner},
                                           {"40000", ".GIT", inner},
                                           {"40000", ".g\u200cit", inner},
                                           {"40000", ".git. ", inner},
                                           {"100644", "good.md", blob}});
  std::vector<snapshot::FileError> warnings;
  EXPECT_EQ(paths_of(fetch_tree(tree), {}, &warnings), Paths{"good.md"});
  EXPECT_EQ(warnings.size(), 5U);
}

TEST_F(TreeWalk, ReportsANameThatIsThereTwice) {
  const auto blob = author_.make_blob("x");
  const auto other = author_.make_blob("y");
  const auto tree = author_.make_raw_tree(
      {{"100644", "b.md", blob}, {"100644", "a.md", blob}, {"100644", "a.md", other}});
  std::vector<snapshot::FileError> warnings;
  EXPECT_EQ(paths_of(fetch_tree(tree), {}, &warnings), (Paths{"a.md", "b.md"}));
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(to_string(warnings[0]), "a.md: skipped: its folder has two entries of that name");
}

TEST_F(TreeWalk, RefusesATreeThatIsTooDeep) {
  std::string path = "x.md";
  for (int i = 0; i < 70; ++i)
    path.insert(0, "d/");
  author_.write_file(path, "deep");
  publish();
  EXPECT_EQ(code_of(fetch()), "tree_too_deep");
  config_.limits.tree_depth_max = 70;
  EXPECT_EQ(code_of(fetch()), "none");
}

TEST_F(TreeWalk, SkipsAPathThatIsTooLong) {
  std::string path = "x.md";
  for (int i = 0; i < 6; ++i)
    path.insert(0, std::string(200, 'd') + "/");
  author_.write_file(path, "long");
  publish();
  std::vector<snapshot::FileError> warnings;
  EXPECT_EQ(paths_of(fetch(), {}, &warnings), Paths{"posts/hello.md"});
  EXPECT_EQ(warnings.size(), 1U);
}

TEST_F(TreeWalk, RefusesASmallRepositoryOfTenMillionFiles) {
  const auto blob = author_.make_blob("x");
  std::string tree = blob;
  for (int level = 0; level < 7; ++level) {
    std::string lines;
    for (char c = '0'; c <= '9'; ++c)
      lines += (level == 0 ? "100644 blob " : "040000 tree ") + tree + "\t" + c + "\n";
    tree = author_.make_tree(lines);
  }
  const auto clone = fetch_tree(tree);
  EXPECT_EQ(code_of(clone), "tree_too_large");
  EXPECT_EQ(clone.read_file("1/2/3/4/5/6/7", 10), "x");
}

TEST_F(TreeWalk, RefusesAFolderByItsSizeAlone) {
  config_.limits.tree_entries_max = 2;
  const auto blob = author_.make_blob("x");
  std::vector<GitRepository::RawEntry> entries;
  for (int i = 100; i < 150; ++i)
    entries.push_back({"100644", std::to_string(i), blob});
  EXPECT_EQ(code_of(fetch_tree(author_.make_raw_tree(entries))), "tree_too_large");
}

}  // namespace tree_walk_test
}  // namespace devy::git
