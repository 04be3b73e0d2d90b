#include "core/publishing/markdown/footnote.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "core/publishing/markdown/render.hpp"

namespace devy::markdown {
namespace footnote_test {

std::string html(const std::string& markdown, const std::string& path = "a.md") {
  return render_body(markdown, false, path).html.take();
}

// The values of an attribute, in order.
std::vector<std::string> values_of(const std::string& html, const std::string& attribute) {
  const auto opening = " " + attribute + "=\"";
  std::vector<std::string> values;
  for (auto at = html.find(opening); at != std::string::npos; at = html.find(opening, at + 1)) {
    const auto begin = at + opening.size();
    values.push_back(html.substr(begin, html.find('"', begin) - begin));
  }
  return values;
}

// Ids are unique, and every link of the page leads to one of them.
void expect_links_lead_somewhere(const std::string& html) {
  std::set<std::string> ids;
  for (const auto& id : values_of(html, "id"))
    EXPECT_TRUE(ids.insert(id).second) << id << " twice";
  for (const auto& link : values_of(html, "href"))
    EXPECT_TRUE(link.starts_with('#') && ids.contains(link.substr(1))) << link;
}

TEST(Footnote, IsWrittenAsOnGitHub) {
  EXPECT_EQ(html("a[^1]\n\n[^1]: note\n"),
            "<p>a<sup><a href=\"#user-content-fn-1-8664b82f\" "
            "id=\"user-content-fnref-1-8664b82f\" data-footnote-ref=\"\" "
            "aria-describedby=\"user-content-footnote-label-8664b82f\">1</a></sup></p>\n"
            "<section data-footnotes=\"\" class=\"footnotes\">"
            "<h2 id=\"user-content-footnote-label-8664b82f\" class=\"sr-only\">Footnotes</h2>\n"
            "<ol>\n<li id=\"user-content-fn-1-8664b82f\">\n"
            "<p>note <a href=\"#user-content-fnref-1-8664b82f\" data-footnote-backref=\"\" "
            "aria-label=\"Back to reference 1\" class=\"data-footnote-backref\">↩</a></p>\n"
            "</li>\n</ol>\n</section>\n");
}

TEST(Footnote, LinksBackToEveryPlaceThatNamesIt) {
  const auto page = html("a[^n] b[^n]\n\n[^n]: one[^other] and[^n]\n\n[^other]: two\n");
  expect_links_lead_somewhere(page);
  EXPECT_EQ(values_of(page, "href").size(), 8U);
  EXPECT_NE(page.find("aria-label=\"Back to reference 1-3\""), std::string::npos);
  EXPECT_NE(page.find("↩<sup>2</sup>"), std::string::npos);
}

TEST(Footnote, LinksBackFromNotesThatEndWithoutAParagraph) {
  const auto page = html("a[^1]\n\n[^1]: note\n\n        code\n");
  expect_links_lead_somewhere(page);
  EXPECT_NE(page.find("</pre>\n <a href"), std::string::npos) << page;
}

TEST(Footnote, HasUniqueIdsWhateverTheNamesAre) {
  expect_links_lead_somewhere(html("a[^1] b[^1] c[^1-2] d[^1-2]\n\n[^1]: one\n\n[^1-2]: two\n"));
  expect_links_lead_somewhere(
      html("[^ü] [^\"<x>] [^a&b] [^%41] [^A]\n\n[^ü]: 1\n\n[^\"<x>]: 2\n\n[^a&b]: 3\n\n[^%41]: "
           "4\n\n[^A]: 5\n"));
  expect_links_lead_somewhere(html("# fn-1\n\n# fnref-1\n\na[^1]\n\n[^1]: note\n"));
}

TEST(Footnote, HasOtherIdsInEveryPost) {
  const std::string markdown = "a[^1]\n\n[^1]: note\n";
  expect_links_lead_somewhere(html(markdown, "a.md") + html(markdown, "b.md"));
}

TEST(Footnote, IsTextWhereNoNoteHasItsName) {
  EXPECT_EQ(html("a[^1]\n"), "<p>a[^1]</p>\n");
  EXPECT_EQ(html("a\n\n[^1]: never named\n"), "<p>a</p>\n");
}

TEST(Footnote, LinksToNothingThatIsNotShown) {
  // The title leaves the body, and an image's text is an attribute.
  const auto title = render_body("# Title[^1]\n\na[^1] b\n\n[^1]: note\n", true, "a.md");
  expect_links_lead_somewhere(title.html.text());
  EXPECT_EQ(title.title, "Title");
  const auto image = html("![a[^1]](https://example.org/a.png) b[^1]\n\n[^1]: note\n");
  expect_links_lead_somewhere(image);
  EXPECT_EQ(values_of(image, "href").size(), 2U);
}

}  // namespace footnote_test
}  // namespace devy::markdown
