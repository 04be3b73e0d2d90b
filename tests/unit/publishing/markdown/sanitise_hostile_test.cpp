// Hostile HTML against the sanitiser: what must hold is said by
// tests/support/publishing/html_inspector.hpp, which shares nothing with the product. Vectors:
// data/hostile_html.txt, divided by lines of "%%".

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/publishing/markdown/render.hpp"
#include "tests/support/publishing/html_inspector.hpp"
#include "tests/support/publishing/sanitised.hpp"

namespace devy::markdown {
namespace sanitise_hostile_test {

const std::vector<std::string>& vectors() {
  static const auto read = [] {
    std::ifstream file(DEVY_SOURCE_FOLDER "/tests/unit/publishing/markdown/data/hostile_html.txt");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    constexpr std::string_view divider = "\n%%\n";
    std::vector<std::string> all;
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find(divider, begin), text.size());
      all.push_back(text.substr(begin, end - begin));
      begin = end + divider.size();
    }
    return all;
  }();
  return read;
}

std::string problem_in_rendering(const std::string& markdown) {
  const auto body = render_body(markdown, false, "posts/a.md");
  return devy::testing::problem_in_sanitised(body.html.text(), body.links);
}

TEST(SanitiseHostile, LeavesNothingUnlisted) {
  ASSERT_GT(vectors().size(), 150U);
  for (const auto& html : vectors())
    EXPECT_EQ(devy::testing::problem_in_sanitising(html), "") << html;
}

TEST(SanitiseHostile, LeavesNothingUnlistedInMarkdown) {
  for (const auto& html : vectors()) {
    EXPECT_EQ(problem_in_rendering(html), "") << html;
    EXPECT_EQ(problem_in_rendering("a\n\n> - x " + html + "\n\n|a|\n|-|\n|" + html + "|\n"), "")
        << html;
  }
}

TEST(SanitiseHostile, HoldsWhereverTheTextIsCut) {
  for (const auto& html : vectors()) {
    for (std::size_t end = 1; end < html.size(); ++end) {
      // Inside a character it would be no UTF-8.
      if ((static_cast<unsigned char>(html[end]) & 0xc0U) == 0x80) continue;
      ASSERT_EQ(devy::testing::problem_in_sanitising(html.substr(0, end)), "")
          << html.substr(0, end);
    }
  }
}

TEST(SanitiseHostile, HoldsForTextsBehindEachOther) {
  const auto& all = vectors();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::size_t step : {1U, 7U, 31U, 64U}) {
      const std::string html =
          all[i] + all[(i + step) % all.size()] + all[(i + 3 * step) % all.size()];
      ASSERT_EQ(devy::testing::problem_in_sanitising(html), "") << html;
    }
  }
}

// Raw, where an editor of the data file would lose them.
TEST(SanitiseHostile, HoldsForEveryControlCharacter) {
  for (unsigned byte = 1; byte < 0xa0; ++byte) {
    if (byte == 0x20) byte = 0x7f;
    std::string c = byte < 0x80 ? std::string(1, static_cast<char>(byte)) : std::string("\xc2");
    if (byte >= 0x80) c += static_cast<char>(byte);
    for (const auto& html :
         {"a" + c + "b", "<a href=\"" + c + "java" + c + "script:x\">y</a>",
          "<a href=java" + c + "script:x>y</a>", "<img" + c + "src=x" + c + "onerror=y>",
          "<pre>" + c + "\nx</pre>", "<b" + c + ">x</b" + c + ">", "<p title=\"" + c + "\">"})
      EXPECT_EQ(devy::testing::problem_in_sanitising(html), "") << byte << " " << html;
  }
}

TEST(HtmlInspector, FindsWhatIsForbidden) {
  for (const char* html : {"<script>x</script>",
                           "<p onclick=\"x\">y</p>",
                           "<p style=\"x\">y</p>",
                           "<a href=\"javascript:x\" rel=\"nofollow ugc noopener\">y</a>",
                           "<a href=\"https://a/\">y</a>",
                           "<a href=\"x\">y</a>",
                           "<img src=\"mailto:x\">",
                           "<p>x",
                           "x</p>",
                           "<b><i>x</b></i>",
                           "<P>x</P>",
                           "<p class=\"x\">y</p>",
                           "<p id=\"x\">y</p>",
                           "<svg></svg>",
                           "<p title='x'>y</p>",
                           "<p title=x>y</p>",
                           "a & b",
                           "a > b",
                           "&nbsp;",
                           "&#60;",
                           "\x01",
                           "\x7f",
                           "\xc2\x85",
                           "\xe2\x80\xae",
                           "\xff",
                           "<p title=\"a\" title=\"b\">y</p>",
                           "<tr></tr>",
                           "<table>x</table>",
                           "<li>x</li>",
                           "<input type=\"text\" disabled=\"\">",
                           "<p><p>x</p></p>",
                           "<!-- x -->"})
    EXPECT_NE(devy::testing::problem_in_html(html), "") << html;
}

TEST(HtmlInspector, AcceptsWhatIsAllowed) {
  EXPECT_EQ(devy::testing::problem_in_html(
                "<p id=\"user-content-x\">a &amp; \"b\" <a href=\"#user-content-x\">c</a> <br>\n"
                "<a href=\"https://a/?b&amp;c\" rel=\"nofollow ugc noopener\">é</a></p>"),
            "");
}

}  // namespace sanitise_hostile_test
}  // namespace devy::markdown
