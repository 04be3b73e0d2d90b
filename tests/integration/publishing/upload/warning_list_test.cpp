// One tree, and what `check`, `diff` and the upload say of it: the same, in the same order.
#include "core/publishing/upload/service.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace warnings_test {

using testing::Lines;
using testing::UploadTest;

class WarningList : public UploadTest {
 protected:
  static Lines text(const std::vector<snapshot::FileError>& warnings) {
    Lines lines;
    for (const auto& warning : warnings)
      lines.push_back(snapshot::to_string(warning));
    return lines;
  }

  // One of each kind.
  void write_tree() {
    write("devy.toml", "statick = \"static\"\n");
    write("a.md",
          "---\nslug: one\naliases: [/two, /]\nlang: Klingon!\ncover: none.png\n---\n# A\n\n"
          "[x](none.md)\n\n[y](#none)\n\n![z](none.png)\n");
    write("b.md", "---\nslug: one\n---\n# B\n\n[a](a.md#none)\n\n[home](/)\n");
    write("c.md", "---\nslug: /two\naliases: [/old]\n---\n# C\n");
    write("d.md", "---\naliases: [/old]\npermalink: /:title/\n---\n# D\n\n[c](/old/#none)\n");
    author_.link("e.md", "a.md");
  }
};

TEST_F(WarningList, IsTheSameInCheckDiffAndUpload) {
  write_tree();
  const auto checked = text(check_directory(config_, author_.folder(), {}).warnings);
  push();
  const auto diffed = text(preview(connection_, config_, blog(), std::nullopt, {}, {}).warnings);
  const auto stored = text(publish().warnings);
  EXPECT_EQ(checked, diffed);
  EXPECT_EQ(diffed, stored);
  EXPECT_GE(stored.size(), 12U);
  EXPECT_EQ(text(check_directory(config_, author_.folder(), {}).warnings), stored);
}

TEST_F(WarningList, IsTheSameInDiffAndUploadOfALaterPush) {
  write("a.md", "# A\n\n[b](b.md#part)\n\n[c](c.md)\n");
  write("b.md", "# B\n\n## Part\n");
  write("c.md", "# C\n");
  push_and_publish();
  write("b.md", "# B\n");
  push();
  auto diffed = text(preview(connection_, config_, blog(), std::nullopt, {}, {}).warnings);
  EXPECT_EQ(diffed.size(), 1U);
  EXPECT_EQ(diffed, text(publish().warnings));
  author_.remove_file("c.md");
  write("d.md", "---\nslug: b\n---\n# D\n");
  push();
  diffed = text(preview(connection_, config_, blog(), std::nullopt, {}, {}).warnings);
  EXPECT_EQ(diffed.size(), 2U);
  EXPECT_EQ(diffed, text(publish().warnings));
}

}  // namespace warnings_test
}  // namespace devy::upload
