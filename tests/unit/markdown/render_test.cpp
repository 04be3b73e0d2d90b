#include "core/markdown/render.hpp"

#include <gtest/gtest.h>

#include <string>

namespace devy::markdown {
namespace {

std::string html(std::string_view markdown) {
  return render_body(markdown, false).html;
}

TEST(Render, KnowsGitHubsExtensions) {
  EXPECT_EQ(html("|a|b|\n|-|-:|\n|1|2|\n"),
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>\n");
  EXPECT_EQ(html("~~gone~~"), "<p><del>gone</del></p>\n");
  EXPECT_EQ(html("see www.example.com"),
            "<p>see <a href=\"http://www.example.com\">www.example.com</a></p>\n");
  EXPECT_NE(html("- [x] done").find("<input type=\"checkbox\" checked=\"\" disabled=\"\" />"),
            std::string::npos);
  EXPECT_NE(html("a[^1]\n\n[^1]: note\n").find("<section class=\"footnotes\""), std::string::npos);
  EXPECT_EQ(html("```c++\nx\n```"), "<pre><code class=\"language-c++\">x\n</code></pre>\n");
}

TEST(Render, LetsNoRawHtmlThrough) {
  EXPECT_EQ(html("<script>alert(1)</script>"), "<!-- raw HTML omitted -->\n");
  EXPECT_EQ(html("a <b onclick=x>c</b>"),
            "<p>a <!-- raw HTML omitted -->c<!-- raw HTML omitted --></p>\n");
}

TEST(Render, DropsTargetsOutsideTheAllowList) {
  for (const char* target :
       {"javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "vbscript:x", "unknown:x",
        "<java&#10;script:alert(1)>", "<&#1;javascript:x>", "&#32;javascript:x"}) {
    EXPECT_EQ(html("[a](" + std::string(target) + ")"), "<p><a href=\"\">a</a></p>\n") << target;
    EXPECT_EQ(html("![a](" + std::string(target) + ")"), "<p><img src=\"\" alt=\"a\" /></p>\n")
        << target;
  }
  EXPECT_EQ(html("<ftp://example.com>"), "<p><a href=\"\">ftp://example.com</a></p>\n");
  EXPECT_EQ(html("[a][b]\n\n[b]: javascript:x"), "<p><a href=\"\">a</a></p>\n");
}

TEST(Render, KeepsTargetsOfTheAllowList) {
  for (const std::string target : {"http://a/", "https://a/", "mailto:a@b", "b.md#c", "/b", "#c"})
    EXPECT_EQ(html("[a](" + target + ")"), "<p><a href=\"" + target + "\">a</a></p>\n");
}

TEST(Render, GivesHeadingsTheirIds) {
  EXPECT_EQ(html("# One *two*\n\n## One two\n"),
            "<h1 id=\"one-two\">One <em>two</em></h1>\n<h2 id=\"one-two-1\">One two</h2>\n");
  EXPECT_EQ(html("> - ### `code` & [link](/a)\n").substr(0, 70),
            "<blockquote>\n<ul>\n<li>\n<h3 id=\"code--link\"><code>code</code> &amp; <a ");
  EXPECT_EQ(html("Setext\nheading\n===\n"), "<h1 id=\"setextheading\">Setext\nheading</h1>\n");
  EXPECT_EQ(html("# !\n"), "<h1>!</h1>\n");
  EXPECT_EQ(html("#\n"), "<h1></h1>\n");
  EXPECT_EQ(html("# ![alt](a.png) x\n"),
            "<h1 id=\"-x\"><img src=\"a.png\" alt=\"alt\" /> x</h1>\n");
}

TEST(Render, ListsHeadings) {
  const auto body = render_body("# A\n\n## B `c`\n\n###### !\n", false);
  ASSERT_EQ(body.headings.size(), 2U);
  EXPECT_EQ(body.headings[0].text, "A");
  EXPECT_EQ(body.headings[1].level, 2);
  EXPECT_EQ(body.headings[1].id, "b-c");
  EXPECT_EQ(body.headings[1].text, "B c");
}

TEST(Render, TakesTheFirstTopHeadingOutAsTitle) {
  const auto body = render_body("intro\n\n# The *title*\n\n## More\n\n# Second\n", true);
  EXPECT_EQ(body.title, "The title");
  EXPECT_EQ(body.html, "<p>intro</p>\n<h2 id=\"more\">More</h2>\n<h1 id=\"second\">Second</h1>\n");
  EXPECT_EQ(body.headings.size(), 2U);
}

TEST(Render, CountsTheTitleAmongTheIds) {
  EXPECT_EQ(render_body("# Same\n\n## Same\n", true).html, "<h2 id=\"same-1\">Same</h2>\n");
}

TEST(Render, TakesNoTitleFromAQuoteOrAnEmptyHeading) {
  EXPECT_EQ(render_body("> # Quoted\n\n#\n\n# Real\n", true).title, "Real");
  EXPECT_EQ(render_body("## Second level\n", true).title, "");
}

TEST(Render, DropsControlCharactersFromTitleAndSummary) {
  const auto body = render_body("# \x1b[31mred\x1b]0;x\x07\n\n\x1b[2Jtext\n", true);
  EXPECT_EQ(body.title, "[31mred]0;x");
  EXPECT_EQ(body.summary, "[2Jtext");
}

TEST(Render, SummarisesTheFirstParagraphThatSaysSomething) {
  EXPECT_EQ(
      render_body("![image](a.png)\n\nSome *text*\nwith `code` and [a link](/x).\n\nMore\n", false)
          .summary,
      "Some text with code and a link.");
  EXPECT_EQ(render_body("- item\n\n> quote\n", false).summary, "");
}

TEST(Render, CutsALongSummaryBetweenWords) {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "word ";
  const auto summary = render_body(text, false).summary;
  EXPECT_TRUE(summary.ends_with(" word…"));
  EXPECT_EQ(summary.size(), 299 + std::string("…").size());
}

}  // namespace
}  // namespace devy::markdown
