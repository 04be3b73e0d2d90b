#include "core/publishing/preview/html_urls.hpp"

#include <gtest/gtest.h>

namespace devy::preview {
namespace html_urls_test {

std::string marked(std::string_view html) {
  return change_urls(html, [](std::string_view url) -> std::optional<std::string> {
    if (url.starts_with('/')) return "<" + std::string(url) + ">";
    return std::nullopt;
  });
}

TEST(HtmlUrls, FindsUrlsInEveryAttribute) {
  const struct {
    const char* html;
    const char* expected;
  } cases[] = {
      {"", ""},
      {"plain & simple", "plain & simple"},
      {"<a href=\"/x\" title=\"/y\">/z</a>", "<a href=\"</x>\" title=\"/y\">/z</a>"},
      {"<img alt=\"a\" src=\"/x\">", "<img alt=\"a\" src=\"</x>\">"},
      {"<q cite=\"/x\">/</q><img longdesc=\"/y\">",
       "<q cite=\"</x>\">/</q><img longdesc=\"</y>\">"},
      {"<a href=\"#x\"><b>a</b></a>", "<a href=\"#x\"><b>a</b></a>"},
      {"<p> href=\"/x\"</p>", "<p> href=\"/x\"</p>"},
      {"<a title=\" href=/x\" href=\"/y\">", "<a title=\" href=/x\" href=\"</y>\">"},
      {"<source srcset=\"/a 1x, /b 2x,/c\">", "<source srcset=\"</a> 1x, </b> 2x,</c>\">"},
      {"<source srcset=\"/a,/b\">", "<source srcset=\"</a,/b>\">"},  // as HTML reads it: one URL
      {"<source srcset=\"/a, b 100w\">", "<source srcset=\"</a>, b 100w\">"},
      {"<source srcset=\" ,\">", "<source srcset=\" ,\">"},
  };
  for (const auto& [html, expected] : cases)
    EXPECT_EQ(marked(html), expected);
}

TEST(HtmlUrls, CopiesTruncatedHtml) {
  const std::string html = "<a href=\"#x\" title=\"y\">z</a><source srcset=\"#a 1x, #b\">";
  for (std::size_t size = 0; size <= html.size(); ++size)
    EXPECT_EQ(marked(html.substr(0, size)), html.substr(0, size));
}

}  // namespace html_urls_test
}  // namespace devy::preview
