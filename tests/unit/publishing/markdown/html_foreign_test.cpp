#include "core/publishing/markdown/html_foreign.hpp"

#include <gtest/gtest.h>

#include "core/publishing/markdown/sanitise.hpp"
#include "core/publishing/markdown/source_positions.hpp"

namespace devy::markdown {
namespace html_foreign_test {

std::string without(std::string_view html) {
  return without_foreign(html).value_or("all of it");
}

TEST(HtmlForeign, IsRemovedWhole) {
  for (const auto* html :
       {"a<svg></svg>b", "a<svg/>b", "a<SVG viewBox='0>0'><td>x</td></sVg >b",
        "a<math><mi><b>x</b></mi></math>b", "a<svg><svg></svg>x</svg>b",
        "a<svg><!-- </svg> --><![CDATA[</svg>]]></svg>b", "a<svg><style></svg>b",
        "a<svg><foreignObject><math></foreignObject></svg>b", "a<svg></svg><math></math>b"})
    EXPECT_EQ(without(html), "ab") << html;
}

TEST(HtmlForeign, LosesItsTagWhereItDoesNotEnd) {
  EXPECT_EQ(without("a<svg><td>b</td>"), "a<td>b</td>");
  EXPECT_EQ(without("a<math>b<svg>c</svg>d"), "abd");
  EXPECT_EQ(without("a</svg><svg"), "a</svg>");
}

TEST(HtmlForeign, LeavesTheRestAlone) {
  for (const auto* html : {"", "<", "<svgs></svgs>", "<s vg></svg>", "<table><td>a</table>"})
    EXPECT_EQ(without_foreign(html), std::nullopt) << html;
}

// Neither a tag nor to be taken for one.
TEST(HtmlForeign, IsTextInComments) {
  EXPECT_EQ(without("<!-- <svg> -->a<!-- </svg> -->"), "<!-- &lt;svg> -->a<!-- </svg> -->");
  EXPECT_EQ(without("<!--><svg></svg>a-->"), "<!-->a-->");
  EXPECT_EQ(without("<title><svg></title>a</svg>"), "<title>&lt;svg></title>a</svg>");
  EXPECT_EQ(without("<img alt='<svg>'>a<img alt='</svg>'>"),
            "<img alt='&lt;svg>'>a<img alt='</svg>'>");
  EXPECT_EQ(without("<<svg></svg>svg>a"), "&lt;svg>a");
}

TEST(HtmlForeign, IsNotSeenInTheResult) {
  const auto sanitised = sanitise(
      "<table><tr><td><svg><td><select><desc><b>x</b></desc></svg>a</td><td>b</td></tr>"
      "</table>",
      SourcePositions("posts/a.md"));
  EXPECT_EQ(sanitised.problem, "");
  EXPECT_EQ(sanitised.html.text(), "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>");
}

}  // namespace html_foreign_test
}  // namespace devy::markdown
