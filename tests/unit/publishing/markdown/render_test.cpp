#include "core/publishing/markdown/render.hpp"

#include <gtest/gtest.h>

#include <string>

namespace devy::markdown {
namespace render_test {

RenderedBody render(std::string_view markdown, bool takes_title = false) {
  return render_body(markdown, takes_title, "posts/a.md");
}

std::string html(std::string_view markdown) {
  return render(markdown).html.take();
}

TEST(Render, KnowsGitHubsExtensions) {
  EXPECT_EQ(html("|a|b|\n|-|-:|\n|1|2|\n"),
            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>\n");
  EXPECT_EQ(html("~~gone~~"), "<p><del>gone</del></p>\n");
  EXPECT_EQ(html("see www.example.com"),
            "<p>see <a href=\"http://www.example.com\" rel=\"nofollow ugc "
            "noopener\">www.example.com</a></p>\n");
  EXPECT_EQ(html("```c++\nx\n```"), "<pre><code class=\"language-c++\">x\n</code></pre>\n");
}

TEST(Render, LetsNoRawHtmlThrough) {
  EXPECT_EQ(html("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;\n");
  EXPECT_EQ(html("a <b onclick=x>c</b>"), "<p>a <b>c</b></p>\n");
}

TEST(Render, DropsTargetsOutsideTheAllowList) {
  for (const char* target : {"javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x",
                             "vbscript:x", "unknown:x"}) {
    EXPECT_EQ(html("[a](" + std::string(target) + ")"), "<p><a>a</a></p>\n") << target;
    EXPECT_EQ(html("![a](" + std::string(target) + ")"), "<p><img alt=\"a\"></p>\n") << target;
  }
  // cmark escapes these, so that they are paths; of no file.
  for (const char* target : {"<java&#10;script:alert(1)>", "<&#1;javascript:x>"}) {
    const auto body = render("[a](" + std::string(target) + ")");
    EXPECT_EQ(body.html.text(), "<p><a href=\"\">a</a></p>\n") << target;
    EXPECT_EQ(body.links.at(0).target, "");
  }
  EXPECT_EQ(html("<ftp://example.com>"), "<p><a>ftp://example.com</a></p>\n");
  EXPECT_EQ(html("[a][b]\n\n[b]: javascript:x"), "<p><a>a</a></p>\n");
}

TEST(Render, KeepsTargetsOfTheAllowList) {
  for (const std::string target : {"http://a/", "https://a/", "mailto:a@b"})
    EXPECT_EQ(html("[a](" + target + ")"),
              "<p><a href=\"" + target + "\" rel=\"nofollow ugc noopener\">a</a></p>\n");
  EXPECT_EQ(html("[a](#c)\n\n## C\n"),
            "<p><a href=\"#user-content-c\">a</a></p>\n<h2 id=\"user-content-c\">C</h2>\n");
}

TEST(Render, NotesLinksToFiles) {
  const auto body = render("[a\n*b*](../b.md#c) ![i](/x%20y.png)\n\n> <img src='z.png'>\n");
  EXPECT_EQ(body.html.text(),
            "<p><a href=\"\">a\n<em>b</em></a> <img src=\"\" alt=\"i\"></p>\n"
            "<blockquote>\n<img src=\"\">\n</blockquote>\n");
  using Use = FileLink::Use;
  EXPECT_EQ(body.links, (std::vector<FileLink>{{12, Use::page, "b.md", 1, 1, "c"},
                                               {41, Use::resource, "x y.png", 2, 17, "", true},
                                               {79, Use::resource, "posts/z.png", 4, 12}}));
}

TEST(Render, MakesTextOfALinkToNoPlaceOnThePage) {
  const auto body = render("[a *b*](#x) [c](#y)\n\n[d](#x)\n\n## Y\n");
  EXPECT_EQ(body.html.text(),
            "<p>a <em>b</em> <a href=\"#user-content-y\">c</a></p>\n<p>d</p>\n"
            "<h2 id=\"user-content-y\">Y</h2>\n");
  ASSERT_EQ(body.dead_fragments.size(), 2U);
  EXPECT_EQ(body.dead_fragments[0].fragment, "x");
  EXPECT_EQ(body.dead_fragments[0].place.line, 1U);
  EXPECT_EQ(body.dead_fragments[0].place.column, 1U);
  EXPECT_EQ(body.dead_fragments[1].place.line, 3U);
}

TEST(Render, FindsPlacesOnThePageAsGitHubDoes) {
  const std::string places = "\n\n## \u00dcber uns\n\n<a name=\"Old\"></a><p id=\"p\">x</p>\n";
  for (const char* fragment : {"\u00fcber-uns", "%C3%BCber-uns", "Old", "p", "user-content-p",
                               "top", "TOP", "", ":~:text=x"}) {
    const auto body = render("[a](#" + std::string(fragment) + ")" + places);
    EXPECT_TRUE(body.dead_fragments.empty()) << fragment;
    EXPECT_TRUE(body.html.text().starts_with("<p><a href=\"#")) << body.html.text();
  }
  EXPECT_TRUE(
      render("[a](#P)" + places).html.text().starts_with("<p><a href=\"#user-content-p\">"));
  EXPECT_TRUE(
      render("[a](#:~:text=x)" + places).html.text().starts_with("<p><a href=\"#:~:text=x\">"));
  EXPECT_EQ(render("[a](#old)" + places).dead_fragments.size(), 1U);
  EXPECT_TRUE(render("x[^1]\n\n[^1]: y [z](#z)\n\n# Z\n").dead_fragments.empty());
}

TEST(Render, FindsThePlaceOfTheHeadingThatBecameTheTitle) {
  const auto body = render("# My title\n\n[up](#my-title)\n", true);
  EXPECT_EQ(body.title_id, "user-content-my-title");
  EXPECT_TRUE(body.dead_fragments.empty());
  EXPECT_TRUE(body.anchors.contains("my-title"));
}

TEST(Render, KeepsADeadLinkThatOthersLeadTo) {
  EXPECT_EQ(html("<a id=\"x\" href=\"#none\">a</a> [b](#x)\n"),
            "<p><a id=\"user-content-x\">a</a> <a href=\"#user-content-x\">b</a></p>\n");
}

TEST(Render, MovesPlacesOfFilesBehindRemovedLinks) {
  const auto body = render("[a](#none) [b](b.md) [![c](c.png)](#none) ![d](d.png)\n");
  for (const auto& link : body.links) {
    const auto before = body.html.text().substr(0, link.offset);
    EXPECT_TRUE(before.ends_with("href=\"") || before.ends_with("src=\"")) << before;
  }
  EXPECT_EQ(body.links.size(), 3U);
}

TEST(Render, NotesEachPlaceOfOneTarget) {
  const auto body = render(
      "[a](x.md) [b\nc](x.md)\n\n![d [e](x.md)](y.png)\n\n<a href=x.md>f</a>\n\n"
      "[![g](x.md)](x.md)\n\nh[^1] [i](x.md)\n\n[^1]: [j](x.md)\n");
  std::vector<std::uint32_t> lines;
  for (const auto& link : body.links)
    if (link.target == "posts/x.md") lines.push_back(link.line);
  EXPECT_EQ(lines, (std::vector<std::uint32_t>{1, 1, 6, 8, 8, 10, 12}));
}

TEST(Render, GivesHeadingsTheirIds) {
  EXPECT_EQ(html("# One *two*\n\n## One two\n"),
            "<h1 id=\"user-content-one-two\">One <em>two</em></h1>\n<h2 "
            "id=\"user-content-one-two-1\">One two</h2>\n");
  EXPECT_EQ(
      html("> - ### `code` & [link](/a)\n").substr(0, 83),
      "<blockquote>\n<ul>\n<li>\n<h3 id=\"user-content-code--link\"><code>code</code> &amp; <a ");
  EXPECT_EQ(html("Setext\nheading\n===\n"),
            "<h1 id=\"user-content-setextheading\">Setext\nheading</h1>\n");
  EXPECT_EQ(html("# !\n"), "<h1>!</h1>\n");
  EXPECT_EQ(html("#\n"), "<h1></h1>\n");
  EXPECT_EQ(html("# ![alt](a.png) x\n"),
            "<h1 id=\"user-content--x\"><img src=\"\" alt=\"alt\"> x</h1>\n");
}

TEST(Render, ShowsEmojiByTheirNames) {
  EXPECT_EQ(html(":tada: *:+1:* [:x:](https://a/)\n"),
            "<p>🎉 <em>👍</em> <a href=\"https://a/\" rel=\"nofollow ugc noopener\">❌</a></p>\n");
  EXPECT_EQ(html("<h1 align=\"center\">:tada:</h1>\n"), "<h1 align=\"center\">🎉</h1>\n");
  EXPECT_EQ(html("| :tada: |\n|---|\n"),
            "<table>\n<thead>\n<tr>\n<th>🎉</th>\n</tr>\n</thead>\n</table>\n");
}

TEST(Render, ShowsNoEmojiInCodeAndAddresses) {
  EXPECT_EQ(html("`:tada:` <code>:tada: <b>:tada:</b></code> :tada:\n"),
            "<p><code>:tada:</code> <code>:tada: <b>:tada:</b></code> 🎉</p>\n");
  EXPECT_EQ(html("```\n:tada:\n```\n"), "<pre><code>:tada:\n</code></pre>\n");
  EXPECT_EQ(html("<pre>:tada:</pre>\n"), "<pre>:tada:</pre>\n");
  for (const std::string url : {"http://a.org/:tada:b", "https://a.org/:x:/?y=:tada:z"}) {
    const auto link =
        "<p><a href=\"" + url + "\" rel=\"nofollow ugc noopener\">" + url + "</a></p>\n";
    EXPECT_EQ(html(url + "\n"), link);
    EXPECT_EQ(html("<" + url + ">\n"), link);
  }
  EXPECT_EQ(html("www.a.org/:tada:b\n"),
            "<p><a href=\"http://www.a.org/:tada:b\" rel=\"nofollow ugc noopener\">"
            "www.a.org/:tada:b</a></p>\n");
  EXPECT_EQ(html("![:tada:](https://a/:tada:.png \":tada:\")\n"),
            "<p><img src=\"https://a/:tada:.png\" alt=\":tada:\" title=\":tada:\"></p>\n");
}

TEST(Render, KnowsEmojiInTitleSummaryAndHeadings) {
  const auto body = render_body("# :tada: A\n\n:x: `:x:`\n\n## :tada: B\n", true, "a.md");
  EXPECT_EQ(body.title, "🎉 A");
  EXPECT_EQ(body.summary, "❌ :x:");
  ASSERT_EQ(body.headings.size(), 1U);
  EXPECT_EQ(body.headings[0].text, "🎉 B");
  EXPECT_EQ(body.headings[0].id, "user-content-tada-b");
}

TEST(Render, NamesTheLanguageOfCode) {
  const std::pair<const char*, const char*> cases[] = {
      {"js", "js"},           {"js {1,3}", "js"},
      {"js{1,3}", "js"},      {"rust,ignore", "rust"},
      {"c++ title=a", "c++"}, {"c#", "c#"},
      {"ts:a.ts", "ts"},      {"objective-c", "objective-c"}};
  for (const auto& [info, language] : cases) {
    EXPECT_EQ(html("```" + std::string(info) + "\nx\n```\n"),
              "<pre><code class=\"language-" + std::string(language) + "\">x\n</code></pre>\n");
  }
  EXPECT_EQ(html("```{r}\nx\n```\n"), "<pre><code>x\n</code></pre>\n");
}

TEST(Render, LeavesMentionsAsText) {
  EXPECT_EQ(html("@user #123 a1b2c3d user/repo#1\n"), "<p>@user #123 a1b2c3d user/repo#1</p>\n");
}

TEST(Render, ListsHeadings) {
  const auto body = render("# A\n\n## B `c`\n\n###### !\n");
  ASSERT_EQ(body.headings.size(), 2U);
  EXPECT_EQ(body.headings[0].text, "A");
  EXPECT_EQ(body.headings[1].level, 2);
  EXPECT_EQ(body.headings[1].id, "user-content-b-c");
  EXPECT_EQ(body.headings[1].text, "B c");
}

TEST(Render, TakesTheFirstTopHeadingOutAsTitle) {
  const auto body = render("intro\n\n# The *title*\n\n## More\n\n# Second\n", true);
  EXPECT_EQ(body.title, "The title");
  EXPECT_EQ(body.html.text(),
            "<p>intro</p>\n<h2 "
            "id=\"user-content-more\">More</h2>\n<h1 "
            "id=\"user-content-second\">Second</h1>\n");
  EXPECT_EQ(body.headings.size(), 2U);
}

TEST(Render, CountsTheTitleAmongTheIds) {
  EXPECT_EQ(render("# Same\n\n## Same\n", true).html.text(),
            "<h2 id=\"user-content-same-1\">Same</h2>\n");
}

TEST(Render, TakesNoTitleFromAQuoteOrAnEmptyHeading) {
  EXPECT_EQ(render("> # Quoted\n\n#\n\n# Real\n", true).title, "Real");
  EXPECT_EQ(render("## Second level\n", true).title, "");
}

TEST(Render, DropsControlCharactersFromTitleAndSummary) {
  const auto body = render("# \x1b[31mred\x1b]0;x\x07\n\n\x1b[2Jtext\n", true);
  EXPECT_EQ(body.title, "[31mred]0;x");
  EXPECT_EQ(body.summary, "[2Jtext");
}

// cmark writes bytes for them that are no UTF-8, which PostgreSQL would refuse with the whole
// upload.
TEST(Render, DropsTheCharactersThatCmarkCannotWrite) {
  const auto body = render("# a&#xFFFF;b\n\n&#xFFFE;c\n\n## d&#xFFFF;\n", true);
  EXPECT_EQ(body.title, "ab");
  EXPECT_EQ(body.summary, "c");
  EXPECT_EQ(body.html.text(), "<p>c</p>\n<h2 id=\"user-content-d\">d</h2>\n");
}

TEST(Render, SummarisesTheFirstParagraphThatSaysSomething) {
  EXPECT_EQ(
      render("![image](a.png)\n\nSome *text*\nwith `code` and [a link](/x).\n\nMore\n").summary,
      "Some text with code and a link.");
  EXPECT_EQ(render("- item\n\n> quote\n").summary, "");
}

TEST(Render, CutsALongSummaryBetweenWords) {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "word ";
  const auto summary = render(text).summary;
  EXPECT_TRUE(summary.ends_with(" word…"));
  EXPECT_EQ(summary.size(), 299 + std::string("…").size());
}

}  // namespace render_test
}  // namespace devy::markdown
