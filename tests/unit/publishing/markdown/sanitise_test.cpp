#include "core/publishing/markdown/sanitise.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace devy::markdown {
namespace sanitise_test {

std::string clean(std::string_view html) {
  return sanitise(html, SourcePositions("posts/a.md")).html.take();
}

struct Case {
  const char* html;
  const char* expected;
};

// As GitHub documents its own list, or shows the same text.
TEST(Sanitise, KeepsWhatGitHubKeeps) {
  for (const char* html :
       {"<h1 align=\"center\">a</h1><h6>b</h6>",
        "<p>H<sub>2</sub>O, x<sup>2</sup>, <kbd>Ctrl</kbd>, <mark>m</mark>, <s>s</s></p>",
        "<details open=\"\"><summary>s</summary>\n<p>t</p>\n</details>",
        "<dl><dt>t</dt><dd>d</dd></dl>",
        "<table border=\"1\"><caption>c</caption><thead><tr><th scope=\"col\">h</th></tr></thead>"
        "<tbody><tr><td colspan=\"2\" valign=\"top\">d</td></tr></tbody></table>",
        "<div align=\"right\" dir=\"rtl\" lang=\"ar\">a</div>", "<bdo dir=\"rtl\">a</bdo>",
        "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>",
        "<ol start=\"3\" type=\"a\"><li>x</li></ol>",
        "<img src=\"https://a/b.png\" alt=\"c\" width=\"10\" height=\"20\" loading=\"lazy\">",
        "<picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"https://a/d.png\">"
        "<img src=\"https://a/b.png\"></picture>",
        "<time datetime=\"2024-01-01\">then</time>", "<abbr title=\"a\">b</abbr>",
        "<code class=\"language-c++\">x</code>", "<pre>\n\nx</pre>", "<br><hr><wbr>",
        "<blockquote cite=\"https://a/\">q</blockquote>", "<span aria-hidden=\"true\">x</span>"})
    EXPECT_EQ(clean(html), html);
}

TEST(Sanitise, RemovesTheRest) {
  for (const auto& [html, expected] : std::vector<Case>{
           {"a<script>b</script><style>c</style>d", "ad"},
           {"<iframe>a</iframe><object>b</object><svg><text>c</text></svg><math>d</math>e", "e"},
           {"<template>a</template><noscript>b</noscript><textarea>c</textarea><title>d</title>e",
            "e"},
           {"<form>a <font color=red>b</font> <center>c</center> <button>d</button></form>",
            "a b c d"},
           {"<video src=x>no video</video>", "no video"},
           {"<b style=x onclick=y class=z title=t data-a=b tabindex=1>a</b>",
            "<b title=\"t\">a</b>"},
           {"<input type=text><input type=checkbox>", ""},
           {"<input type=checkbox disabled checked onclick=x>",
            "<input type=\"checkbox\" checked=\"\" disabled=\"\" "
            "class=\"task-list-item-checkbox\">"},
           {"<section>a</section>", "a"},
           {"<code class=\"hljs language-js x\">a</code>", "<code class=\"language-js\">a</code>"},
           {"<code class=\"language-{x}\">a</code>", "<code>a</code>"},
           {"<!-- a -->b<!doctype html>", "b"}})
    EXPECT_EQ(clean(html), expected) << html;
}

TEST(Sanitise, KeepsPartsInTheirPlaces) {
  for (const auto& [html, expected] : std::vector<Case>{
           {"<li>a</li>", "a"},
           {"<tr><td>a</td></tr>", "a"},
           {"<table><tr><td>a</table>", "<table><tbody><tr><td>a</td></tr></tbody></table>"},
           {"<table>a<tr><td>b</table>", "a<table><tbody><tr><td>b</td></tr></tbody></table>"},
           {"<a href=\"//a\">b<a href=\"//c\">d</a></a>",
            "<a href=\"//a\" rel=\"nofollow ugc noopener\">b</a>"
            "<a href=\"//c\" rel=\"nofollow ugc noopener\">d</a>"},
           {"<p>a<button><p>b</button>", "<p>ab</p>"},
           {"<b>a<p>b</b>c", "<b>a</b><p><b>b</b>c</p>"}})
    EXPECT_EQ(clean(html), expected) << html;
}

TEST(Sanitise, PrefixesNamesAndLinksToThem) {
  for (const auto& [html, expected] :
       std::vector<Case>{{"<p id=\"x\">a</p>", "<p id=\"user-content-x\">a</p>"},
                         {"<p id=\"user-content-x\">a</p>", "<p id=\"user-content-x\">a</p>"},
                         {"<a name=\"x\">a</a>", "<a name=\"user-content-x\">a</a>"},
                         {"<img name=cookie id=\"\">", "<img name=\"user-content-cookie\">"},
                         {"<a href=\"#x\">a</a>", "<a href=\"#user-content-x\">a</a>"},
                         {"<a href=\"#user-content-x\">a</a>", "<a href=\"#user-content-x\">a</a>"},
                         {"<a href=\"?q#x\">a</a>", "<a href=\"#user-content-x\">a</a>"},
                         {"<a href=\"#\">a</a>", "<a href=\"#\">a</a>"},
                         {"<p aria-labelledby=\"x  y\">a</p>",
                          "<p aria-labelledby=\"user-content-x user-content-y\">a</p>"}})
    EXPECT_EQ(clean(html), expected) << html;
}

// Every browser goes to the page's top by itself, unless something is called so.
TEST(Sanitise, LeavesLinksToTheTopOfThePage) {
  const auto result =
      sanitise("<a href=x>1</a><a href=#top>2</a><a href=y>3</a><a href=#TOP>4</a><a href=z>5</a>",
               SourcePositions("a.md"));
  EXPECT_EQ(result.html.text(),
            "<a href=\"\">1</a><a href=\"#top\">2</a><a href=\"\">3</a><a href=\"#TOP\">4</a>"
            "<a href=\"\">5</a>");
  ASSERT_EQ(result.links.size(), 3U);
  for (const auto& link : result.links)
    EXPECT_TRUE(result.html.text().substr(0, link.offset).ends_with("<a href=\""));
  EXPECT_EQ(clean("<a href=\"#top\">a</a><p id=\"top\">b</p>"),
            "<a href=\"#user-content-top\">a</a><p id=\"user-content-top\">b</p>");
}

TEST(Sanitise, MarksLinksToOtherSites) {
  EXPECT_EQ(clean("<a href=\"//a/b\" rel=opener target=_blank>c</a>"),
            "<a href=\"//a/b\" rel=\"nofollow ugc noopener\">c</a>");
  EXPECT_EQ(clean("<a href=\"mailto:a@b\">c</a>"),
            "<a href=\"mailto:a@b\" rel=\"nofollow ugc noopener\">c</a>");
  EXPECT_EQ(clean("<a href=\"\">a</a><a href=\"?b\">c</a>"), "<a>a</a><a>c</a>");
}

TEST(Sanitise, LeavesPlacesForFiles) {
  const auto result = sanitise(
      "<a href=\"../b.md?x#y\">c</a><a href=\"d.pdf#page=2\">e</a><img src=/f%20g.svg#view>"
      "<source srcset=\"h.png 1x, https://i/j.png 2x,k.png\"><a href=\"../../l\">m</a>",
      SourcePositions("posts/a.md"));
  const std::string html = result.html.text();
  EXPECT_EQ(html,
            "<a href=\"\">c</a><a href=\"\">e</a><img src=\"#view\">"
            "<source srcset=\" 1x, https://i/j.png 2x, \"><a href=\"\">m</a>");
  using Use = FileLink::Use;
  EXPECT_EQ(result.links, (std::vector<FileLink>{{9, Use::page, "b.md", 0, 0, "y"},
                                                 {25, Use::page, "posts/d.pdf", 0, 0, "page=2"},
                                                 {42, Use::resource, "f g.svg", 0, 0, "", true},
                                                 {65, Use::resource, "posts/h.png", 0, 0},
                                                 {90, Use::resource, "posts/k.png", 0, 0},
                                                 {101, Use::page, "", 0, 0}}));
}

TEST(Sanitise, LeavesOutCandidatesThatABrowserWould) {
  EXPECT_EQ(clean("<source srcset=\"//a 1.5x,//b &#15;,//c 2,//d x,//e 640w\">"),
            "<source srcset=\"//a 1.5x, //e 640w\">");
}

TEST(Sanitise, StripsInvisibleCharacters) {
  EXPECT_EQ(clean("a\x01\x1b[31m\xc2\x85"
                  "b\x7f"),
            "a[31mb");
  EXPECT_EQ(clean("<p title=\"a\x01&#2;b\">c&#3;</p>"), "<p title=\"ab\">c</p>");
  // Overrides and embeddings go; marks and isolates are how right-to-left text is written.
  EXPECT_EQ(clean("a\u202e\u202a\u202c"
                  "b"),
            "ab");
  EXPECT_EQ(clean("\u05d0\u200f\u2066x\u2069"), "\u05d0\u200f\u2066x\u2069");
}

TEST(Sanitise, FlattensWhatIsTooDeep) {
  std::string deep;
  for (int i = 0; i < 300; ++i)
    deep += "<div>";
  const auto html = clean(deep + "x");
  EXPECT_EQ(html.find('x'), 256 * std::string_view("<div>").size());
}

TEST(Sanitise, RefusesWhatWouldTakeMinutes) {
  std::string tags, attributes = "<b";
  for (int i = 0; i < 100'000; ++i)
    tags += "<div>";
  for (int i = 0; i < 50'000; ++i)
    attributes += " a" + std::to_string(i);
  const SourcePositions positions("a.md");
  EXPECT_EQ(sanitise(tags, positions).problem, "more than 2000 HTML elements are open at once");
  EXPECT_EQ(sanitise(attributes + ">", positions).problem,
            "an HTML tag has more than 500 attributes");
}

// Real pages leave these open by the thousand; it nests nothing.
TEST(Sanitise, TakesAnyNumberOfElementsThatCloseByThemselves) {
  std::string html = "<ul>";
  for (int i = 0; i < 5'000; ++i)
    html += "<li>a<p>b<br>";
  const auto result = sanitise(html, SourcePositions("a.md"));
  EXPECT_EQ(result.problem, "");
  EXPECT_TRUE(result.html.text().starts_with("<ul><li>a<p>b<br></p></li><li>"));
}

}  // namespace sanitise_test
}  // namespace devy::markdown
