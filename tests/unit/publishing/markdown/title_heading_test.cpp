// The heading that becomes the title leaves the body with its words, and with nothing else.
#include "core/publishing/markdown/title_heading.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/publishing/markdown/render.hpp"

namespace devy::markdown {
namespace title_heading_test {

std::string html(const std::string& markdown) {
  return render_body(markdown, true, "a.md").html.take();
}

TEST(TitleHeading, GivesItsIdToTheTitle) {
  const auto body =
      render_body("# My title\n\n## Next\n\n[back to top](#my-title)\n", true, "a.md");
  EXPECT_EQ(body.title, "My title");
  EXPECT_EQ(body.title_id, "user-content-my-title");
  EXPECT_EQ(body.html.text(),
            "<h2 id=\"user-content-next\">Next</h2>\n"
            "<p><a href=\"#user-content-my-title\">back to top</a></p>\n");
  EXPECT_EQ(body.headings.size(), 1U);
}

TEST(TitleHeading, GivesNoIdWhereItHasNone) {
  const auto body = render_body("# !\n\ntext\n", true, "a.md");
  EXPECT_EQ(body.title, "!");
  EXPECT_EQ(body.title_id, "");
  EXPECT_EQ(body.html.text(), "<p>text</p>\n");
}

TEST(TitleHeading, LeavesItsPictures) {
  EXPECT_EQ(html("# ![logo](/l.png) My **big ![b](/b.png) title**\n"),
            "<p><img src=\"\" alt=\"logo\"> "
            "<strong><img src=\"\" alt=\"b\"></strong></p>\n");
  EXPECT_EQ(html("# <img src=\"/l.png\" width=\"40\"> Title\n"),
            "<p><img src=\"\" width=\"40\"></p>\n");
  EXPECT_EQ(html("# <picture><source srcset=\"/d.png\"><img src=\"/l.png\"></picture> Title\n"),
            "<p><picture><source srcset=\"\"><img src=\"\"></picture>"
            "</p>\n");
}

TEST(TitleHeading, LeavesItsLinksWithTheirWords) {
  EXPECT_EQ(html("# [Title](https://a.org/)\n"),
            "<p><a href=\"https://a.org/\" rel=\"nofollow ugc "
            "noopener\">Title</a></p>\n");
  EXPECT_EQ(html("# Title [![badge](/b.svg)](https://a.org/)\n"),
            "<p><a href=\"https://a.org/\" rel=\"nofollow ugc "
            "noopener\"><img src=\"\" alt=\"badge\"></a></p>\n");
  EXPECT_EQ(html("# Of <a href=\"https://a.org/\">us</a> all\n"),
            "<p><a href=\"https://a.org/\" rel=\"nofollow ugc "
            "noopener\">us</a></p>\n");
}

TEST(TitleHeading, LeavesItsAnchorsAndNotes) {
  EXPECT_EQ(html("# <a name=\"top\"></a>Title\n"), "<p><a name=\"user-content-top\"></a></p>\n");
  EXPECT_EQ(html("# <span id=\"old\">Title</span>\n"),
            "<p><span id=\"user-content-old\"></span></p>\n");
  const auto note = html("# Title[^1]\n\n[^1]: Note.\n");
  EXPECT_TRUE(note.starts_with("<p><sup><a href=\"#user-content-fn-1")) << note;
  EXPECT_NE(note.find("<p>Note."), std::string::npos) << note;
}

TEST(TitleHeading, LosesTagsThatOnlyDecorateWords) {
  for (const char* heading : {"# <b>Title</b>", "# Title <br>", "# Title <!-- no toc -->",
                              "# *Ti*~~t~~`le`", "# <kbd>Title</kbd>"})
    EXPECT_EQ(html(std::string(heading) + "\n"), "") << heading;
}

TEST(TitleHeading, SaysTheSameButForCaseAndSpace) {
  EXPECT_TRUE(is_same_title("The Same", "the  same"));
  EXPECT_TRUE(is_same_title("Ünïcode 🎉", "üNÏCODE :tada:"));
  EXPECT_TRUE(is_same_title("e\u0301", "\u00c9"));
  EXPECT_FALSE(is_same_title("The same", "The sane"));
  EXPECT_FALSE(is_same_title("C++", "C"));
}

}  // namespace title_heading_test
}  // namespace devy::markdown
