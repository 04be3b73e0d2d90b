#include "core/publishing/markdown/link_url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace devy::markdown {
namespace link_url_test {

using Kind = LinkUrl::Kind;

Kind kind(std::string_view url) {
  return parse_link_url(url, "posts/a.md").kind;
}

std::string target(std::string_view url) {
  return parse_link_url(url, "posts/a.md").target;
}

TEST(LinkUrl, KnowsTheFewSchemes) {
  for (const char* url :
       {"http://a", "HTTPS://a", " https://a", "//a", "/\\a", "\\\\a", "ht\ntp://a"})
    EXPECT_EQ(kind(url), Kind::web) << url;
  EXPECT_EQ(kind("mailto:a@b"), Kind::mail);
  for (const char* url :
       {"javascript:x", "JavaScript:x", "java\tscript:x", "\x01javascript:x", " data:x",
        "vbscript:x", "java\u202escript:x", "x-y+z.1:", "c:\\a", "tel:1"})
    EXPECT_EQ(kind(url), Kind::forbidden) << url;
}

TEST(LinkUrl, KnowsThePageItself) {
  for (const char* url : {"", " ", "?a", "?a:b"})
    EXPECT_EQ(kind(url), Kind::itself) << url;
  EXPECT_EQ(parse_link_url("#a", "b.md").fragment, "a");
  EXPECT_EQ(parse_link_url("?x#a", "b.md").fragment, "a");
  EXPECT_EQ(parse_link_url("#", "b.md").fragment, "");
  EXPECT_EQ(kind("#"), Kind::fragment);
}

TEST(LinkUrl, FindsFilesAsGitHubDoes) {
  EXPECT_EQ(target("b.md"), "posts/b.md");
  EXPECT_EQ(target("./x/../b.md#c"), "posts/b.md");
  EXPECT_EQ(target("../b.md?raw=true"), "b.md");
  EXPECT_EQ(target("/b//c/"), "b/c");
  EXPECT_EQ(target("b%20c%C3%A9.md"), "posts/b cé.md");
  EXPECT_EQ(target("é.md"), "posts/é.md");
  EXPECT_EQ(target("100%.md"), "posts/100%.md");
  EXPECT_EQ(target("1:2.md"), "posts/1:2.md");
  EXPECT_EQ(target(".."), ".");
  EXPECT_EQ(parse_link_url("b.md", "a.md").target, "b.md");
}

TEST(LinkUrl, FindsNoFileOutsideTheRepository) {
  for (const char* url : {"../../b", "/..", "..%2f..%2fb", "a%00", "%ff", "a%0ab", "%c2%85"}) {
    EXPECT_EQ(kind(url), Kind::file) << url;
    EXPECT_EQ(target(url), "") << url;
  }
  EXPECT_EQ(target(std::string(2'000, 'a')), "");
  EXPECT_EQ(kind(std::string(20'000, 'a')), Kind::forbidden);
}

TEST(LinkUrl, KeepsAPlaceAsWritten) {
  EXPECT_EQ(parse_link_url("b.md#C%20d", "a.md").fragment, "C%20d");
  EXPECT_EQ(parse_link_url("b.pdf#page=2", "a.md").fragment, "page=2");
  EXPECT_EQ(parse_link_url("b.md", "a.md").fragment, "");
}

TEST(LinkUrl, KnowsAPathFromTheRoot) {
  for (const char* url : {"/", "/b", "%2fb"})
    EXPECT_TRUE(parse_link_url(url, "posts/a.md").is_rooted) << url;
  for (const char* url : {"b", "./b", "../b", "#b", "//b"})
    EXPECT_FALSE(parse_link_url(url, "posts/a.md").is_rooted) << url;
}

}  // namespace link_url_test
}  // namespace devy::markdown
