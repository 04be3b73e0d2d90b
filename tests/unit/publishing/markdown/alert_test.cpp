#include "core/publishing/markdown/alert.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/publishing/markdown/render.hpp"

namespace devy::markdown {
namespace alert_test {

std::string html(const std::string& markdown) {
  return render_body(markdown, false, "a.md").html.take();
}

std::string alert(const std::string& name, const std::string& title, const std::string& content) {
  return "<div class=\"markdown-alert markdown-alert-" + name +
         "\">\n<p class=\"markdown-alert-title\">" + title + "</p>\n" + content + "</div>\n";
}

TEST(Alert, HasFiveKinds) {
  const struct {
    const char* marker;
    const char* name;
    const char* title;
  } cases[] = {
      {"NOTE", "note", "Note"},
      {"TIP", "tip", "Tip"},
      {"IMPORTANT", "important", "Important"},
      {"WARNING", "warning", "Warning"},
      {"CAUTION", "caution", "Caution"},
      {"Note", "note", "Note"},
      {"warning", "warning", "Warning"},
  };
  for (const auto& [marker, name, title] : cases)
    EXPECT_EQ(html("> [!" + std::string(marker) + "]\n> text\n"),
              alert(name, title, "<p>text</p>\n"));
}

TEST(Alert, HoldsAnyContent) {
  EXPECT_EQ(html("> [!TIP]\n> a *b*\n>\n> - c\n"),
            alert("tip", "Tip", "<p>a <em>b</em></p>\n<ul>\n<li>c</li>\n</ul>\n"));
  EXPECT_EQ(html("> [!TIP]\n>\n> text\n"), alert("tip", "Tip", "<p>text</p>\n"));
  EXPECT_EQ(html("> [!TIP]\n> - c\n"), alert("tip", "Tip", "<ul>\n<li>c</li>\n</ul>\n"));
  EXPECT_EQ(html("> [!TIP]  \n> text\n"), alert("tip", "Tip", "<p>text</p>\n"));
  EXPECT_EQ(html("> [!TIP]\nlazy\n"), alert("tip", "Tip", "<p>lazy</p>\n"));
  EXPECT_EQ(html("> [!TIP]\n> > quoted\n"),
            alert("tip", "Tip", "<blockquote>\n<p>quoted</p>\n</blockquote>\n"));
}

TEST(Alert, NeedsItsMarkerAloneOnTheFirstLine) {
  for (const char* markdown : {"> [!NOTE] text\n> more\n", "> text\n> [!NOTE]\n",
                               "> **[!NOTE]**\n> text\n", "> [!OTHER]\n> text\n",
                               "> [NOTE]\n> text\n", "> \\[!NOTE]x\n> text\n", "[!NOTE]\ntext\n"}) {
    EXPECT_EQ(html(markdown).find("markdown-alert"), std::string::npos) << markdown;
  }
}

TEST(Alert, NeedsContent) {
  EXPECT_EQ(html("> [!NOTE]\n"), "<blockquote>\n<p>[!NOTE]</p>\n</blockquote>\n");
}

TEST(Alert, IsNeverInsideAnotherElement) {
  for (const char* markdown : {"> > [!NOTE]\n> > text\n", "- > [!NOTE]\n  > text\n",
                               "a[^1]\n\n[^1]: > [!NOTE]\n    > text\n"}) {
    EXPECT_EQ(html(markdown).find("markdown-alert"), std::string::npos) << markdown;
  }
}

}  // namespace alert_test
}  // namespace devy::markdown
