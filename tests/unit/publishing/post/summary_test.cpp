// The summary that a post has when its author wrote none: its first paragraph, as plain text.
#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/safe_text.hpp"
#include "core/publishing/post/document.hpp"

namespace devy::post {
namespace summary_test {

std::string summary(const std::string& text) {
  const auto rendered = make_document({"a.md", text}, config::Limits{}, {});
  const auto* document = std::get_if<Document>(&rendered.result);
  if (document == nullptr) return std::get<snapshot::FileError>(rendered.result).message;
  return document->summary;
}

TEST(Summary, HasNoMarkup) {
  const struct {
    const char* text;
    const char* expected;
  } cases[] = {
      {"Some **bold**, *slanted*, ~~gone~~ and `a < b` text.\n",
       "Some bold, slanted, gone and a < b text."},
      {"A [link](https://a.example \"title\"), <https://b.example> and [one][r].\n\n[r]: /x\n",
       "A link, https://b.example and one."},
      {"An ![image](a.png) is not text.\n", "An is not text."},
      {"A note.[^1] And more.[^1]\n\n[^1]: The note.\n", "A note. And more."},
      {"Words <b>in</b> <span>HTML</span><!-- hidden --> here.\n", "Words in HTML here."},
      {"AT&amp;T &lt;3 &#x41;\n", "AT&T <3 A"},
      {"Two\nlines  \nand a break\n", "Two lines and a break"},
      {"Party :tada: and 🎉\n", "Party 🎉 and 🎉"},
  };
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(summary(text), expected) << text;
}

TEST(Summary, IsOfTheFirstParagraphThatSaysSomething) {
  EXPECT_EQ(summary("# Title\n\n## Heading\n\n---\n\nHere.\n\nNot here.\n"), "Here.");
  EXPECT_EQ(summary("![only an image](a.png)\n\nHere.\n"), "Here.");
  EXPECT_EQ(summary("> [!NOTE]\n> An alert.\n\nHere.\n"), "Here.");
  EXPECT_EQ(summary("- a list\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nHere.\n"),
            "Here.");
  EXPECT_EQ(summary("<div>HTML</div>\n\nHere.\n"), "Here.");
  EXPECT_EQ(summary("# Only a title\n"), "");
}

TEST(Summary, IsCutBetweenWords) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "word ";
  const auto cut = summary(text);
  EXPECT_TRUE(cut.ends_with("word…")) << cut;
  EXPECT_LE(base::display_width(cut), 300U);
  std::string han;
  for (int i = 0; i < 400; ++i)
    han += "語";
  EXPECT_EQ(summary(han).size(), 299UL * 3 + std::string("…").size());
}

TEST(Summary, PrefersTheFrontMatter) {
  EXPECT_EQ(summary("---\ndescription: Mine.\n---\nNot this.\n"), "Mine.");
}

}  // namespace summary_test
}  // namespace devy::post
