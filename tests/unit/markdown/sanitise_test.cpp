#include "core/markdown/sanitise.hpp"

#include <gtest/gtest.h>

#include <string>

namespace devy::markdown {
namespace {

std::string clean(std::string_view html) {
  return sanitise(html, Mentions("posts/a.md")).html.take();
}

TEST(Sanitise, KeepsWhatIsListed) {
  const std::string html =
      "<p>a <b>b</b> <kbd title=\"t\">c</kbd> &lt; &amp; \"</p>\n"
      "<details open=\"\"><summary>s</summary><dl><dt>t</dt><dd>d</dd></dl></details>\n"
      "<table><thead><tr><th align=\"right\">h</th></tr></thead></table>";
  EXPECT_EQ(clean(html), html);
}

TEST(Sanitise, DropsScriptsWithTheirContentsAndUnwrapsTheRest) {
  EXPECT_EQ(clean("a<script>b</script><style>c</style><form>d <font color=red>e</font></form>f"),
            "ad ef");
}

TEST(Sanitise, DropsWhatIsNotListedOfAnElement) {
  EXPECT_EQ(clean("<b style=x onclick=y class=z title=t>a</b>"), "<b title=\"t\">a</b>");
}

}  // namespace
}  // namespace devy::markdown
