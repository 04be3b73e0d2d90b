// Every limit of content.md ends as documented.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace limit_test {

using testing::ending;
using testing::Lines;
using testing::UploadTest;

class UploadLimits : public UploadTest {
 protected:
  UploadLimits() {
    write("a.md", "# A\n");
    expect_head("");
  }

  std::string ending_of_publish() {
    push();
    expect_head("");
    const auto upload = publish();
    EXPECT_FALSE(upload.error_hint.value_or("").empty());
    EXPECT_EQ(upload.attempt, 1);
    return ending(upload);
  }
};

TEST_F(UploadLimits, BoundsTheEntriesOfATree) {
  config_.limits.tree_entries_max = 5;
  for (int i = 0; i < 6; ++i)
    write(std::to_string(i) + ".txt", "x");
  EXPECT_EQ(ending_of_publish(), "failed/tree_too_large");
}

TEST_F(UploadLimits, BoundsTheDepthOfATree) {
  config_.limits.tree_depth_max = 3;
  write("1/2/3/4/deep.md", "# Deep\n");
  EXPECT_EQ(ending_of_publish(), "failed/tree_too_deep");
}

TEST_F(UploadLimits, BoundsTheMarkdownOfAllFiles) {
  config_.limits.markdown_total_bytes_max = 1'000;
  for (int i = 0; i < 3; ++i)
    write(std::to_string(i) + ".md", std::string(400, 'x'));
  EXPECT_EQ(ending_of_publish(), "failed/markdown_too_large");
}

TEST_F(UploadLimits, BoundsTheBytesOfTheSettings) {
  write("devy.toml", "# " + std::string(std::size_t{65} * 1024, 'x') + "\n");
  push();
  expect_head("");
  EXPECT_EQ(publish().state, queue::State::failed);
}

TEST_F(UploadLimits, BoundsTheDepthOfTheSettings) {
  std::string key = "a";
  for (int i = 0; i < 1'000; ++i)
    key += ".a";
  write("devy.toml", key + " = 1\n");
  EXPECT_EQ(ending_of_publish(), "failed/settings_broken");
}

TEST_F(UploadLimits, BoundsTheBytesOfAPack) {
  config_.limits.pack_bytes_max = 100;
  EXPECT_EQ(ending_of_publish(), "failed/pack_too_large");
}

TEST_F(UploadLimits, SkipsAPathThatIsTooLong) {
  config_.limits.path_bytes_max = 20;
  write("a-name-of-more-than-twenty-bytes.md", "# Long\n");
  oracle_.is_ignored = [](const std::string& path) { return path.size() > 20; };
  const auto upload = push_and_publish();
  EXPECT_EQ(upload.warnings.size(), 1U);
  EXPECT_EQ(posts(), Lines{"a.md a"});
}

}  // namespace limit_test
}  // namespace devy::upload
