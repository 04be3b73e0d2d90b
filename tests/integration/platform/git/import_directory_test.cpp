// Folders on this disk, as `devy-upload check` reads them.
#include <filesystem>

#include "tests/integration/platform/git/fixture.hpp"
#include "tests/support/git/git_run.hpp"

namespace devy::git {
namespace import_directory_test {

using Paths = std::vector<std::string>;

class ImportDirectory : public FetchTest {
 protected:
  Clone import(const std::string& folder) { return Clone::import_directory(config_, folder); }
  std::string code_of(const std::string& folder) {
    try {
      static_cast<void>(import(folder));
    } catch (const base::Error& error) {
      return error.code();
    }
    return "none";
  }
};

TEST_F(ImportDirectory, ImportsAWorkTreeAsItIsOnDisk) {
  author_.write_file(".gitignore", "*.log\nbuild/\n");
  author_.write_file("tracked.log", "tracked");
  author_.git({"add", "-f", "tracked.log"});
  publish();
  author_.write_file("posts/hello.md", "# Changed\n");
  author_.write_file("posts/new.md", "# New\n");
  author_.write_file("noise.log", "noise");
  author_.write_file("build/out.md", "out");
  author_.link("link.md", "posts/new.md");
  const auto clone = import(author_.folder());
  EXPECT_EQ(paths_of(clone),
            (Paths{".gitignore", "link.md@", "posts/hello.md", "posts/new.md", "tracked.log"}));
  EXPECT_EQ(clone.read_file("posts/hello.md", 100), "# Changed\n");
  EXPECT_TRUE(clone.has_tree());
}

TEST_F(ImportDirectory, ImportsAPartOfAWorkTree) {
  author_.write_file(".gitignore", "/docs/drafts/\n");
  author_.write_file("docs/a.md", "a");
  author_.write_file("docs/drafts/b.md", "b");
  publish();
  EXPECT_EQ(paths_of(import(author_.folder() + "/docs")), Paths{"a.md"});
}

TEST_F(ImportDirectory, ImportsEveryFileOfAPlainFolder) {
  testing::write_text(folder_ / "plain/a/b.md", "b");
  testing::write_text(folder_ / "plain/.hidden", "h");
  std::filesystem::create_directories(folder_ / "plain/empty");
  const auto clone = import(folder_ / "plain");
  EXPECT_EQ(paths_of(clone), (Paths{".hidden", "a/b.md"}));
  EXPECT_EQ(clone.tip().url, folder_ / "plain");
}

TEST_F(ImportDirectory, ImportsAnEmptyFolder) {
  std::filesystem::create_directories(folder_ / "empty");
  EXPECT_TRUE(paths_of(import(folder_ / "empty")).empty());
}

TEST_F(ImportDirectory, LeavesNestedRepositoriesOut) {
  publish();
  const testing::GitRepository nested(author_.folder() + "/theme");
  testing::write_text(author_.folder() + "/theme/a.md", "a");
  EXPECT_EQ(paths_of(import(author_.folder())), Paths{"posts/hello.md"});
}

TEST_F(ImportDirectory, RefusesARepositoryWithSha256Names) {
  testing::git({"init", "-q", "--object-format=sha256", folder_ / "long"});
  testing::write_text(folder_ / "long/posts/a.md", "a");
  EXPECT_EQ(code_of(folder_ / "long"), "object_format_unsupported");
  EXPECT_EQ(code_of(folder_ / "long/posts"), "object_format_unsupported");
  EXPECT_TRUE(clone_folders().empty());
}

TEST_F(ImportDirectory, IsBoundedByTheLimits) {
  testing::write_text(folder_ / "plain/a/b/c.md", "0123456789");
  config_.limits.pack_bytes_max = 9;
  EXPECT_EQ(code_of(folder_ / "plain"), "pack_too_large");
  config_.limits.pack_bytes_max = 10;
  EXPECT_EQ(code_of(folder_ / "plain"), "none");
  config_.limits.tree_depth_max = 1;
  EXPECT_EQ(code_of(folder_ / "plain"), "tree_too_deep");
  config_.limits.tree_entries_max = 1;
  EXPECT_EQ(code_of(folder_ / "plain"), "tree_too_large");
  EXPECT_EQ(code_of(folder_ / "none"), "not_found");
  EXPECT_TRUE(clone_folders().empty());
}

}  // namespace import_directory_test
}  // namespace devy::git
