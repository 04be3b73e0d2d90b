// One bad file is its own error; every other post publishes.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace file_error_test {

using testing::changes_text;
using testing::Lines;
using testing::UploadTest;

class BrokenFile : public UploadTest {
 protected:
  static constexpr const char* good = "# Good\n\nThe words of a post that is all right.\n";
  static constexpr const char* bad = "---\ntitle: [\n---\n# Bad\n";

  void publish_two() {
    write("a.md", good);
    write("other.md", "# Other\n");
    push_and_publish();
  }

  std::string title() const { return value("select title from post where path = 'a.md'"); }
};

TEST_F(BrokenFile, KeepsTheLastGoodVersionWithBrokenFrontMatter) {
  publish_two();
  const auto before = row_version("a.md");
  write("a.md", bad);
  write("other.md", "# Other two\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 0 0 1");
  EXPECT_EQ(row_version("a.md"), before);
  ASSERT_EQ(file_errors().size(), 1U);
  EXPECT_TRUE(file_errors()[0].starts_with("a.md:2:8:")) << file_errors()[0];
}

TEST_F(BrokenFile, IsPublishedOnceItIsFixed) {
  publish_two();
  write("a.md", bad);
  push_and_publish();
  write("a.md", "# Mended\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 0 1 0");
  EXPECT_EQ(title(), "Mended");
  EXPECT_EQ(file_errors(), Lines());
}

TEST_F(BrokenFile, IsPublishedOnceTheChangeIsReverted) {
  publish_two();
  write("a.md", bad);
  push_and_publish();
  write("a.md", good);
  push_and_publish();
  EXPECT_EQ(title(), "Good");
  EXPECT_EQ(file_errors(), Lines());
}

TEST_F(BrokenFile, StaysInErrorUntilItIsFixed) {
  publish_two();
  write("a.md", bad);
  push_and_publish();
  write("other.md", "# Third\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 0 0 1");
  EXPECT_EQ(file_errors().size(), 1U);
}

TEST_F(BrokenFile, CreatesNoPostForANewBrokenFile) {
  publish_two();
  write("new.md", bad);
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 0 2 1");
  EXPECT_EQ(value("select count(*) from post"), "2");
}

TEST_F(BrokenFile, MovesThePostOfABrokenFile) {
  publish_two();
  const auto id = value("select id from post where path = 'a.md'");
  write("a.md", bad);
  push_and_publish();
  author_.rename("a.md", "moved.md");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 0 1 1");
  EXPECT_EQ(rows("select id, title, slug from post where path = 'moved.md'"),
            Lines{id + "|Good|a"});
  write("moved.md", good);
  push_and_publish();
  EXPECT_EQ(rows("select id, slug from post where path = 'moved.md'"), Lines{id + "|moved"});
  EXPECT_EQ(redirects(), Lines{"a moved.md"});
}

TEST_F(BrokenFile, MovesThePostOfAFileThatTheMoveBreaks) {
  publish_two();
  const auto id = value("select id from post where path = 'a.md'");
  author_.rename("a.md", "moved.md");
  write("moved.md", std::string("---\ntitle: [\n---\n") + good);
  push_and_publish();
  EXPECT_EQ(rows("select id, title from post where path = 'moved.md'"), Lines{id + "|Good"});
  EXPECT_EQ(value("select change from revision where version = 2"), "renamed");
}

TEST_F(BrokenFile, DeletesThePostOfADeletedBrokenFile) {
  publish_two();
  write("a.md", bad);
  push_and_publish();
  author_.remove_file("a.md");
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 1 1 0");
  EXPECT_EQ(posts(), Lines{"other.md other"});
}

TEST_F(BrokenFile, ReportsInvalidUtf8) {
  publish_two();
  write("a.md", "# Good\n\nbut \xff here\n");
  push_and_publish();
  EXPECT_EQ(file_errors(), Lines{"a.md:3:5: invalid UTF-8"});
  EXPECT_EQ(title(), "Good");
}

TEST_F(BrokenFile, ReportsAFileThatIsTooLarge) {
  publish_two();
  config_.limits.markdown_file_bytes_max = 1'000;
  write("a.md", "# Large\n\n" + std::string(1'000, 'x') + "\n");
  push_and_publish();
  EXPECT_EQ(file_errors(),
            Lines{"a.md:0:0: the file has 1010 bytes, more than the 1000 that a post may have"});
  EXPECT_EQ(title(), "Good");
}

TEST_F(BrokenFile, ReportsTooMuchHtml) {
  publish_two();
  config_.limits.html_bytes_max = 2'000;
  write("a.md", "# Much\n\n" + std::string(1'500, '&') + "\n");
  push_and_publish();
  EXPECT_EQ(file_errors().size(), 1U);
  EXPECT_EQ(title(), "Good");
}

TEST_F(BrokenFile, ReportsTooMuchFrontMatter) {
  publish_two();
  config_.limits.front_matter_bytes_max = 100;
  write("a.md", "---\nx: " + std::string(200, 'x') + "\n---\n# Much\n");
  push_and_publish();
  EXPECT_EQ(file_errors().size(), 1U);
}

TEST_F(BrokenFile, LetsTheOthersPublishBesideQuadraticMarkdown) {
  publish_two();
  std::string table = "|";
  for (int i = 0; i < 2'000; ++i)
    table += "a|";
  table += "\n|";
  for (int i = 0; i < 2'000; ++i)
    table += "-|";
  for (int i = 0; i < 2'000; ++i)
    table += "\n|a|";
  write("a.md", table + "\n");
  write("other.md", "# Other two\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 0 0 1");
  EXPECT_EQ(title(), "Good");
}

TEST_F(BrokenFile, StoresAHostileTitleWithoutControlCharacters) {
  write("a.md", "---\ntitle: \"Red \\x1b[31m\\u202e alert\"\n---\n");
  push_and_publish();
  EXPECT_EQ(value("select title ~ '[\\x01-\\x1f\\x7f-\\x9f]' from post"), "f");
}

}  // namespace file_error_test
}  // namespace devy::upload
