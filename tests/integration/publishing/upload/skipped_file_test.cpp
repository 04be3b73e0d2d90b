// What looks like a post and is none: skipped with a warning.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace skipped_file_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

class SkippedFile : public UploadTest {
 protected:
  SkippedFile() { write("post.md", "# Post\n"); }

  // "path: message" of each warning.
  static Lines warnings(const publishing::Upload& upload) {
    Lines texts;
    for (const auto& warning : upload.warnings)
      texts.push_back(to_string(warning));
    return texts;
  }
};

TEST_F(SkippedFile, WarnsOfAnLfsPointer) {
  write("large.md", "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                        std::string(64, 'a') + "\nsize 12345\n");
  EXPECT_EQ(warnings(push_and_publish()),
            Lines{"large.md: a Git LFS pointer is not published: its text is not in the "
                  "repository"});
  EXPECT_EQ(posts(), Lines{"post.md post"});
}

TEST_F(SkippedFile, WarnsOfASymbolicLink) {
  author_.link("link.md", "/etc/passwd");
  EXPECT_EQ(warnings(push_and_publish()), Lines{"link.md: a symbolic link is not published"});
  EXPECT_EQ(posts(), Lines{"post.md post"});
}

TEST_F(SkippedFile, WarnsOfASubmodule) {
  const auto commit = push();
  const auto tree = author_.git({"ls-tree", commit}) + "\n160000 commit " + commit + "\tsub.md\n";
  const auto with_submodule = author_.commit_tree(author_.make_tree(tree));
  author_.force_push(bare());
  expect_head(with_submodule);
  EXPECT_EQ(warnings(publish()), Lines{"sub.md: a submodule is not published"});
  EXPECT_EQ(posts(), Lines{"post.md post"});
}

TEST_F(SkippedFile, RemovesAPostThatBecomesALink) {
  write("other.md", "# Other\n");
  push_and_publish();
  author_.remove_file("other.md");
  author_.link("other.md", "post.md");
  push_and_publish();
  EXPECT_EQ(posts(), Lines{"post.md post"});
}

TEST_F(SkippedFile, WarnsOfANameWithControlCharacters) {
  push();
  const auto blob = author_.make_blob("# Escape\n");
  const auto tree =
      author_.make_raw_tree({{"100644", "a\x1b[31m.md", blob}, {"100644", "b.md", blob}});
  expect_head(author_.commit_tree(tree));
  author_.force_push(bare());
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "completed");
  ASSERT_EQ(upload.warnings.size(), 1U);
  EXPECT_EQ(upload.warnings[0].path.find('\x1b'), std::string::npos);
  EXPECT_EQ(posts(), Lines{"b.md b"});
}

}  // namespace skipped_file_test
}  // namespace devy::upload
