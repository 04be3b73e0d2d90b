#include "core/publishing/markdown/link_target.hpp"

#include <gtest/gtest.h>

namespace devy::markdown {
namespace link_target_test {

TEST(LinkTarget, AllowsTheWebMailAndRelativeAddresses) {
  for (const char* url : {"http://a", "HTTPS://a", "mailto:a@b", "a.md", "./a.md#x", "/a", "#x",
                          "?a:b", "a/b:c", "//host/a", "", "https://é.example/"})
    EXPECT_TRUE(is_allowed_target(url)) << url;
}

TEST(LinkTarget, RefusesEverythingElse) {
  for (const char* url :
       {"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x",
        "file:///etc/passwd", "ftp://a", "unknown:x", ":x", " javascript:x", "java\nscript:x",
        "\x01javascript:x", "a\tb", "http://a\x7f", "http://a\xc2\x85", "javascript&colon;x:y"})
    EXPECT_FALSE(is_allowed_target(url)) << url;
}

TEST(WebAddress, IsHttpOrHttpsOnly) {
  EXPECT_TRUE(is_web_address("https://a/b"));
  EXPECT_TRUE(is_web_address("HTTP://a"));
  for (const char* url : {"", "a", "/a", "mailto:a@b", "https:a", "javascript://a", "https://\n"})
    EXPECT_FALSE(is_web_address(url)) << url;
}

}  // namespace link_target_test
}  // namespace devy::markdown
