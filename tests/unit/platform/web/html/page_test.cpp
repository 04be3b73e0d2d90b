// Filling and rendering templates: escaping by place, text made safe, names that nobody set.

#include "core/platform/web/html/page.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/platform/base/error.hpp"
#include "html_names/part_notice.hpp"

namespace devy::html {
namespace {

void fill_notice(Fill& fill, std::string_view text) {
  fill.set(part_notice::notice_mark, "warn");
  fill.set(part_notice::notice_title, "Two were left out");
  fill.set(part_notice::notice_text, text);
}

std::string notice(std::string_view text) {
  Fill fill;
  fill_notice(fill, text);
  return render(part_notice::template_file, fill);
}

TEST(Page, EscapesTextOfEachValue) {
  const auto html = notice("<b>\"it's\" & more");
  EXPECT_NE(html.find("<p>&lt;b&gt;&quot;it&#39;s&quot; &amp; more</p>"), std::string::npos)
      << html;
}

TEST(Page, EscapesAttributes) {
  Fill fill;
  fill_notice(fill, "");
  fill.set(part_notice::notice_mark, "\" onclick=\"x");
  const auto html = render(part_notice::template_file, fill);
  EXPECT_EQ(html.find("\" onclick"), std::string::npos) << html;
}

TEST(Page, ShowsWhatIsNoText) {
  const auto html = notice("a\x01\xFF\x7F\xE2\x80\xAE z");
  EXPECT_NE(html.find("<p>a\u2401\uFFFD\u2421\uFFFD z</p>"), std::string::npos) << html;
}

TEST(Page, RepeatsSections) {
  Fill fill;
  fill_notice(fill, "");
  for (const char* page : {"a/b", "c"}) {
    auto& link = fill.add(part_notice::notice_link);
    link.set_url(part_notice::notice_url, own_url({"blogs", page}, {{"q", "a&b"}}));
    link.set(part_notice::notice_words, page);
  }
  const auto html = render(part_notice::template_file, fill);
  EXPECT_NE(html.find("<p><a href=\"/blogs/a%2Fb?q=a%26b\">a/b</a></p>"), std::string::npos)
      << html;
  EXPECT_NE(html.find("<a href=\"/blogs/c?q=a%26b\">c</a>"), std::string::npos) << html;
}

TEST(Page, NamesWhatNobodySet) {
  Fill fill;
  fill.set(part_notice::notice_title, "Done");
  fill.add(part_notice::notice_link).set(part_notice::notice_words, "see");
  const std::vector<std::string> expected{"part_notice/NOTICE_MARK", "part_notice/NOTICE_TEXT",
                                          "part_notice/NOTICE_LINK/NOTICE_URL"};
  EXPECT_EQ(unset_names(part_notice::template_file, fill), expected);
#ifndef NDEBUG
  EXPECT_THROW((void)render(part_notice::template_file, fill), base::Error);
#endif
}

TEST(Page, RefusesMoreThanItsBytes) {
  const std::string text(page_bytes_max, 'a');
  try {
    (void)notice(text);
    FAIL() << "rendered";
  } catch (const base::Error& error) {
    EXPECT_NE(error.text().find("more than 2097152 bytes"), std::string::npos) << error.text();
  }
}

TEST(Page, LoadsEveryTemplate) {
  load_templates();
  EXPECT_GT(all_templates().size(), 3U);
}

}  // namespace
}  // namespace devy::html
