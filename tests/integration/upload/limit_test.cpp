// Every limit of content.md ends as documented.
#include "tests/integration/upload/upload_fixture.hpp"

namespace devy::upload {
namespace {

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

TEST_F(UploadLimits, TreeEntries) {
  config_.limits.tree_entries_max = 5;
  for (int i = 0; i < 6; ++i)
    write(std::to_string(i) + ".txt", "x");
  EXPECT_EQ(ending_of_publish(), "failed/tree_too_large");
}

TEST_F(UploadLimits, TreeDepth) {
  config_.limits.tree_depth_max = 3;
  write("1/2/3/4/deep.md", "# Deep\n");
  EXPECT_EQ(ending_of_publish(), "failed/tree_too_deep");
}

TEST_F(UploadLimits, MarkdownInAll) {
  config_.limits.markdown_total_bytes_max = 1'000;
  for (int i = 0; i < 3; ++i)
    write(std::to_string(i) + ".md", std::string(400, 'x'));
  EXPECT_EQ(ending_of_publish(), "failed/markdown_too_large");
}

TEST_F(UploadLimits, SettingsBytes) {
  write("devy.toml", "# " + std::string(std::size_t{65} * 1024, 'x') + "\n");
  push();
  expect_head("");
  EXPECT_EQ(publish().state, queue::State::failed);
}

TEST_F(UploadLimits, SettingsDepth) {
  std::string key = "a";
  for (int i = 0; i < 1'000; ++i)
    key += ".a";
  write("devy.toml", key + " = 1\n");
  EXPECT_EQ(ending_of_publish(), "failed/settings_broken");
}

TEST_F(UploadLimits, PackBytes) {
  config_.limits.pack_bytes_max = 100;
  EXPECT_EQ(ending_of_publish(), "failed/pack_too_large");
}

TEST_F(UploadLimits, LongPathIsSkipped) {
  config_.limits.path_bytes_max = 20;
  write("a-name-of-more-than-twenty-bytes.md", "# Long\n");
  oracle_.is_ignored = [](const std::string& path) { return path.size() > 20; };
  const auto upload = push_and_publish();
  EXPECT_EQ(upload.warnings.size(), 1U);
  EXPECT_EQ(posts(), Lines{"a.md a"});
}

}  // namespace
}  // namespace devy::upload
