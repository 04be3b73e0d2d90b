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
      static_cast<void>(paths_of(import(folder)));
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

TEST_F(ImportDirectory, IsBoundedByTheLimitsOfAnUpload) {
  testing::write_text(folder_ / "plain/a/b/c.md", "0123456789");
  EXPECT_EQ(code_of(folder_ / "plain"), "none");
  config_.limits.tree_depth_max = 1;
  EXPECT_EQ(code_of(folder_ / "plain"), "tree_too_deep");
  config_.limits.tree_entries_max = 1;
  EXPECT_EQ(code_of(folder_ / "plain"), "tree_too_large");
  EXPECT_EQ(code_of(folder_ / "none"), "not_found");
  EXPECT_TRUE(clone_folders().empty());
}

TEST_F(ImportDirectory, RefusesAFolderByItsEntriesAlone) {
  for (const char* name : {"a", "b", "c"})
    testing::write_text(folder_ / (std::string("plain/") + name), "x");
  config_.limits.tree_entries_max = 2;
  EXPECT_EQ(code_of(folder_ / "plain"), "tree_too_large");
}

TEST_F(ImportDirectory, CountsAFolderThatNobodyWantsAsOneEntry) {
  for (int i = 0; i < 20; ++i)
    testing::write_text(folder_ / ("plain/node_modules/a/" + std::to_string(i)), "x");
  testing::write_text(folder_ / "plain/a.md", "a");
  config_.limits.tree_entries_max = 20;
  Paths paths;
  std::vector<snapshot::FileError> warnings;
  import(folder_ / "plain")
      .walk(
          "", [](std::string_view folder) { return folder != "node_modules";
},
          [&](const TreeFile& file) {
  paths.push_back(file.path); }, warnings);
EXPECT_EQ(paths, Paths{"a.md"});
}  // namespace import_directory_test

// As an upload does: packed bytes are held against the limit of packed bytes.
TEST_F(ImportDirectory, CountsWhatIsReadAsItIsPacked) {
  testing::write_text(folder_ / "plain/zeros", std::string(300'000, 'z'));
  testing::write_text(folder_ / "plain/again", std::string(300'000, 'z'));
  config_.limits.pack_bytes_max = 20'000;
  const auto clone = import(folder_ / "plain");
  EXPECT_EQ(clone.read_file("zeros", 400'000)->size(), 300'000U);
  EXPECT_EQ(clone.read_file("again", 400'000)->size(), 300'000U);
  EXPECT_EQ(clone.blob_bytes(clone.find("again")->blob), 300'000U);
}

TEST_F(ImportDirectory, RefusesMorePackedBytesThanAnUploadMayHave) {
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 30'000; ++i) {
    x = x * 1'664'525 + 1'013'904'223;
    noise += static_cast<char>(x >> 24U);
  }
  testing::write_text(folder_ / "plain/noise", noise);
  config_.limits.pack_bytes_max = 20'000;
  const auto clone = import(folder_ / "plain");
  EXPECT_EQ(paths_of(clone), Paths{"noise"});  // nobody has read it yet
  try {
    static_cast<void>(clone.read_file("noise", 400'000));
    ADD_FAILURE() << "it was read";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "pack_too_large");
  }
}

TEST_F(ImportDirectory, DoesNotReadWhatNobodyAsksFor) {
  testing::write_text(folder_ / "plain/secret", "s");
  testing::write_text(folder_ / "plain/a.md", "a");
  const auto clone = import(folder_ / "plain");
  EXPECT_EQ(paths_of(clone), (Paths{"a.md", "secret"}));
  const auto secret = clone.find("secret").value().blob;
  std::filesystem::remove(folder_ / "plain/secret");
  EXPECT_EQ(clone.read_file("a.md", 10), "a");
  EXPECT_EQ(clone.blob_bytes(secret), 1U);
  EXPECT_THROW(static_cast<void>(clone.read_blob(secret, 10)), base::Error);
}

TEST_F(ImportDirectory, KeepsWhatItHasRead) {
  testing::write_text(folder_ / "plain/a.md", "a");
  const auto clone = import(folder_ / "plain");
  EXPECT_EQ(clone.read_file("a.md", 10), "a");
  const auto blob = clone.find("a.md").value().blob;
  testing::write_text(folder_ / "plain/a.md", "another");
  EXPECT_EQ(clone.read_blob(blob, 10), "a");
}

TEST_F(ImportDirectory, RefusesALargeFileWithoutReadingIt) {
  testing::write_text(folder_ / "plain/a.md", "0123456789");
  const auto clone = import(folder_ / "plain");
  try {
    static_cast<void>(clone.read_file("a.md", 9));
    ADD_FAILURE() << "it was read";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "file_too_large");
  }
}

TEST_F(ImportDirectory, HasNoFolderWithoutFiles) {
  std::filesystem::create_directories(folder_ / "plain/empty/deep/er");
  testing::write_text(folder_ / "plain/full/deep/a.md", "a");
  const auto clone = import(folder_ / "plain");
  EXPECT_FALSE(clone.find("empty").has_value());
  EXPECT_TRUE(clone.find("full/deep").has_value());
}

}  // namespace devy::git
}  // namespace devy::git
