#include "core/publishing/post/document.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/time_text.hpp"

namespace devy::post {
namespace document_test {

Document document(std::string text, std::string path = "posts/2024-01-02-my-post.md",
                  const RenderOptions& options = {}) {
  auto rendered = make_document({std::move(path), std::move(text)}, config::Limits{}, options);
  if (auto* error = std::get_if<snapshot::FileError>(&rendered.result)) {
    ADD_FAILURE() << snapshot::to_string(*error);
    return {};
  }
  return std::get<Document>(std::move(rendered.result));
}

std::string error(std::string text, const config::Limits& limits = {}) {
  const auto rendered = make_document({"a.md", std::move(text)}, limits, {});
  const auto* found = std::get_if<snapshot::FileError>(&rendered.result);
  return found == nullptr ? "" : snapshot::to_string(*found);
}

TEST(Document, TakesItsTitleFromFrontMatterThenHeadingThenName) {
  EXPECT_EQ(document("---\ntitle: Matter\n---\n# Heading\n").title, "Matter");
  EXPECT_EQ(document("---\ntitle: Matter\n---\n# Heading\n").html,
            "<h1 id=\"user-content-heading\">Heading</h1>\n");
  EXPECT_EQ(document("# Heading\n").title, "Heading");
  EXPECT_EQ(document("# Heading\n").html, "");
  EXPECT_EQ(document("# Heading\n").title_id, "user-content-heading");
  EXPECT_EQ(document("---\ntitle: Matter\n---\n# Heading\n").title_id, "");
  EXPECT_EQ(document("text\n").title, "My post");
}

TEST(Document, ShowsATitleOnce) {
  for (const char* text : {"---\ntitle: The same\n---\n# The same\n\nText.\n",
                           "---\ntitle: The same\n---\n# the  SAME\n\nText.\n",
                           "---\ntitle: The `same`\n---\n# **The** `same`\n\nText.\n",
                           "---\ntitle: The :same\n---\nThe\n:same\n===\n\nText.\n"}) {
    const auto post = document(text);
    EXPECT_TRUE(post.title_id.starts_with("user-content-the")) << text;
    EXPECT_EQ(post.html, "<p>Text.</p>\n") << text;
  }
  // Another heading is a part of the text.
  EXPECT_NE(document("---\ntitle: Same\n---\n# Other\n\n# Same\n").html.find(">Same</h1>"),
            std::string::npos);
  EXPECT_NE(document("---\ntitle: Same\n---\n## Same\n").html.find(">Same</h2>"),
            std::string::npos);
}

TEST(Document, TakesItsDateFromFrontMatterThenName) {
  EXPECT_EQ(base::format_rfc3339(document("---\ndate: 2023-05-06\n---\n").date.value().at),
            "2023-05-06T00:00:00.000Z");
  EXPECT_EQ(base::format_rfc3339(document("text").date.value().at), "2024-01-02T00:00:00.000Z");
  EXPECT_EQ(
      base::format_rfc3339(document("text", "2024-01-02-a.md", {"Asia/Tokyo"}).date.value().at),
      "2024-01-01T15:00:00.000Z");
  EXPECT_FALSE(document("text", "a.md").date);
  // A name's date that cannot be stored in the zone is none.
  EXPECT_FALSE(document("text", "0001-01-01-a.md", {"Asia/Tokyo"}).date);
}

TEST(Document, KeepsWhatFrontMatterSays) {
  const auto post = document(
      "---\nslug: Über uns\nlang: de\ncover: a.png\ncanonical: https://a/b\naliases: [/x]\n"
      "updated: 2024-02-03\ncustom: {a: 1}\n---\ntext");
  EXPECT_EQ(post.slug, "Über uns");
  EXPECT_EQ(post.slug_line, 2U);
  EXPECT_EQ(post.lang, "de");
  EXPECT_EQ(post.cover, "a.png");
  EXPECT_EQ(post.canonical, "https://a/b");
  EXPECT_EQ(post.aliases, std::vector<std::string>{"/x"});
  EXPECT_TRUE(post.updated);
  EXPECT_NE(post.front_matter_json.find(R"("custom":{"a":1})"), std::string::npos);
}

TEST(Document, GivesTheBodyAndItsTableOfContents) {
  const auto post = document("---\ntitle: x\n---\n## One \"q\"\n\ntext\n");
  EXPECT_EQ(post.markdown, "## One \"q\"\n\ntext\n");
  EXPECT_EQ(post.toc_json, R"([{"id":"user-content-one-q","level":2,"text":"One \"q\""}])");
  EXPECT_EQ(post.summary, "text");
}

TEST(Document, SkipsAByteOrderMark) {
  const auto post = document("\xef\xbb\xbf---\ntitle: x\n---\nbody");
  EXPECT_EQ(post.title, "x");
  EXPECT_EQ(post.markdown, "body");
  EXPECT_EQ(document("\xef\xbb\xbf# T\n").title, "T");
}

TEST(Document, ReadsWindowsLineEnds) {
  const auto post = document("---\r\ntitle: x\r\n---\r\n## H\r\n\r\ntext\r\n");
  EXPECT_EQ(post.title, "x");
  EXPECT_EQ(post.html, "<h2 id=\"user-content-h\">H</h2>\n<p>text</p>\n");
}

TEST(Document, TakesAnEmptyFile) {
  const auto post = document("", "notes/idea.md");
  EXPECT_EQ(post.title, "Idea");
  EXPECT_EQ(post.html, "");
  EXPECT_EQ(post.front_matter_json, "{}");
  EXPECT_EQ(post.toc_json, "[]");
}

TEST(Document, ReportsBytesThatAreNoUtf8WithTheirPlace) {
  EXPECT_EQ(error("abc\xff"), "a.md:1:4: invalid UTF-8");
  EXPECT_EQ(error("one\ntwo é\n  \xc3(\n"), "a.md:3:3: invalid UTF-8");
  EXPECT_EQ(error(std::string(1'000, 'x') + "\n\xed\xa0\x80"), "a.md:2:1: invalid UTF-8");
  EXPECT_EQ(error("cut \xe2\x82"), "a.md:1:5: invalid UTF-8");
  EXPECT_EQ(error(std::string("a\nb\0c", 5)), "a.md:2:2: the character U+0000 is not allowed");
  EXPECT_EQ(error(std::string("0123456789abcdef\0", 17)),
            "a.md:1:17: the character U+0000 is not allowed");
}

TEST(Document, ReportsFrontMatterWithThePlaceInTheFile) {
  EXPECT_EQ(error("---\na: b\ntitle: [x\n---\ntext\n"),
            "a.md:3:8: unable to read the front matter: the list that begins here is not closed by "
            "']'; close it, or put the value in quotes");
  EXPECT_EQ(error("\xef\xbb\xbf---\ntitle: @x\n---\n"),
            "a.md:2:8: unable to read the front matter: a value cannot begin with '@'; put the "
            "value in quotes");
}

TEST(Document, ReportsQuadraticTextWithTheLineOfTheFile) {
  std::string deep;
  for (int i = 0; i < 200; ++i)
    deep += "> ";
  EXPECT_EQ(error("---\ntitle: x\n---\nfine\n" + deep + "x\n"),
            "a.md:5:1: more than 128 quotes and lists begin on one line");
}

TEST(Document, ReportsWhatIsTooLarge) {
  config::Limits limits;
  limits.markdown_file_bytes_max = 2'048;
  EXPECT_EQ(error(std::string(2'049, 'x'), limits), "a.md: file is larger than 2 KiB");
  EXPECT_EQ(error(std::string(2'048, 'x'), limits), "");
  limits.html_bytes_max = 100;
  EXPECT_EQ(error(std::string(200, 'x'), limits), "a.md: HTML is larger than 100 bytes");
}

TEST(Document, CarriesWarningsWithTheirPlace) {
  const auto post = document("---\ntitle: x\ncover: data:x\n---\n", "a.md");
  ASSERT_EQ(post.warnings.size(), 1U);
  EXPECT_EQ(snapshot::to_string(post.warnings[0]),
            "a.md:3:8: 'cover' is left out: 'data:x' is not an address (http, https or relative)");
}

TEST(LfsPointer, IsKnownByItsFirstLine) {
  EXPECT_TRUE(
      is_lfs_pointer("version https://git-lfs.github.com/spec/v1\n"
                     "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d1"
                     "7e2393\nsize 12345\n"));
  EXPECT_FALSE(is_lfs_pointer("version https://git-lfs.github.com/spec/v1\nis what it says\n"));
  EXPECT_FALSE(is_lfs_pointer("# About LFS\n"));
  EXPECT_FALSE(is_lfs_pointer(""));
}

}  // namespace document_test
}  // namespace devy::post
