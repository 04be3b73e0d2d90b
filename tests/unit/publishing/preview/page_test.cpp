#include "core/publishing/preview/page.hpp"

#include <gtest/gtest.h>

#include "core/platform/base/time_text.hpp"

namespace devy::preview {
namespace page_test {

const Site site{"Alice's <notes>", "About \"things\" & more"};

Entry entry(const std::string& slug, const std::string& title) {
  Entry entry;
  entry.slug = slug;
  entry.title = title;
  entry.summary = "a <summary>";
  entry.tags = {"c++", "<tag>"};
  entry.day = base::parse_day("2026-01-02").value();
  return entry;
}

bool has(const std::string& page, std::string_view text) {
  return page.find(text) != std::string::npos;
}

// In front of everything that comes from a repository.
bool has_policy_first(const std::string& page) {
  const auto policy = page.find(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; img-src 'self' file: https: data:; style-src 'unsafe-inline'");
  return page.starts_with("<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n") &&
         policy < page.find("<title>") && policy < page.find("http-equiv=\"refresh\"");
}

TEST(Page, StartsWithItsPolicy) {
  EXPECT_TRUE(has_policy_first(index_page(site, {})));
  EXPECT_TRUE(has_policy_first(post_page(site, entry("a", "A"), "<p>x</p>")));
  EXPECT_TRUE(has_policy_first(redirect_page("old", entry("a", "A"))));
}

TEST(Page, EscapesWhatTheRepositorySays) {
  const std::string title = "</title><script>alert(1)</script>\" onload='x' &amp;";
  const std::string escaped =
      "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp;";
  for (const auto& page :
       {index_page({title, title}, {entry("a", title)}),
        post_page({title, title}, entry("a", title), ""), redirect_page("b", entry("a", title))}) {
    EXPECT_TRUE(has(page, escaped)) << page;
    EXPECT_FALSE(has(page, "<script")) << page;
    EXPECT_FALSE(has(page, "' onload")) << page;
  }
  const auto index = index_page(site, {entry("a", "A")});
  EXPECT_TRUE(has(index, "a &lt;summary&gt;"));
  EXPECT_TRUE(has(index, "&lt;tag&gt;"));
  EXPECT_TRUE(has(index, "About &quot;things&quot; &amp; more"));
}

TEST(Page, GivesItsTitleTheIdOfTheHeadingThatBecameIt) {
  auto post = entry("a", "A");
  EXPECT_TRUE(has(post_page(site, post, ""), "<h1 dir=\"auto\">A</h1>"));
  post.title_id = "user-content-a";
  EXPECT_TRUE(has(post_page(site, post, ""), "<h1 id=\"user-content-a\" dir=\"auto\">A</h1>"));
}

TEST(Page, TakesThePostAsItIsStored) {
  const std::string html = "<p>a <em>b</em> &amp; <code>c</code></p>";
  EXPECT_TRUE(has(post_page(site, entry("a", "A"), html), html));
}

TEST(Page, ShowsTheDayAndMarksDrafts) {
  auto draft = entry("a", "A");
  EXPECT_TRUE(has(index_page(site, {draft}), "<time datetime=\"2026-01-02\">2026-01-02</time>"));
  EXPECT_FALSE(has(index_page(site, {draft}), "Draft"));
  draft.is_draft = true;
  EXPECT_TRUE(has(index_page(site, {draft}), ">Draft</span>"));
  EXPECT_TRUE(has(post_page(site, draft, ""), ">Draft</span>"));
}

TEST(Page, NamesWhoWroteItAndHowLongItIs) {
  auto post = entry("a", "A");
  EXPECT_FALSE(has(post_page(site, post, ""), "min read"));
  post.authors = {"Ann", "<Bob>"};
  post.reading_minutes = 3;
  EXPECT_TRUE(has(post_page(site, post, ""), ">Ann, &lt;Bob&gt;</span> · 3 min read"));
}

TEST(Page, IsInThePostsLanguageAndShowsItsCover) {
  auto post = entry("a", "A");
  post.lang = "pt-BR";
  post.cover = "../../assets/a\"b.png";
  const auto page = post_page(site, post, "");
  EXPECT_TRUE(page.starts_with("<!doctype html>\n<html lang=\"pt-BR\">\n<head>")) << page;
  EXPECT_TRUE(has(page, "<img class=\"cover\" alt=\"\" src=\"../../assets/a&quot;b.png\">"));
}

TEST(Page, NamesTheFeed) {
  EXPECT_TRUE(has(index_page(site, {}),
                  "type=\"application/atom+xml\" title=\"Alice&#39;s "
                  "&lt;notes&gt;\" href=\"feed.xml\">"));
  EXPECT_TRUE(has(post_page(site, entry("a/b", "A"), ""), "href=\"../../../feed.xml\">"));
}

TEST(Page, LinksDownToPostsAndUpAgainByTheirDepth) {
  EXPECT_TRUE(has(index_page(site, {entry("a/b/c", "A")}), "href=\"posts/a/b/c/index.html\""));
  EXPECT_TRUE(has(post_page(site, entry("a", "A"), ""), "href=\"../../index.html\""));
  EXPECT_TRUE(has(post_page(site, entry("a/b/c", "A"), ""), "href=\"../../../../index.html\""));
  const auto moved = redirect_page("old/place", entry("a/b", "A"));
  EXPECT_TRUE(has(moved, "content=\"0; url=../../../posts/a/b/index.html\""));
  EXPECT_TRUE(has(moved, "href=\"../../../posts/a/b/index.html\""));
}

TEST(Page, EncodesSlugsInLinks) {
  const auto index = index_page(site, {entry("é/a b\"><'?#%:;", "A")});
  EXPECT_TRUE(has(index, "href=\"posts/%C3%A9/a%20b%22%3E%3C%27%3F%23%25%3A%3B/index.html\""))
      << index;
}

TEST(Page, NamesAPostWithoutATitleByItsSlug) {
  EXPECT_TRUE(has(index_page(site, {entry("a/b", "")}), ">a/b</a>"));
}

TEST(PagePath, StaysBelowTheFolder) {
  EXPECT_EQ(page_path("hello"), "posts/hello/index.html");
  EXPECT_EQ(page_path("a/b"), "posts/a/b/index.html");
  EXPECT_EQ(page_path("index"), "posts/index/index.html");
  EXPECT_EQ(page_path("..."), "posts/.../index.html");
  for (const std::string& slug : std::vector<std::string>{
           "", "/", "/etc", "a/", "a//b", ".", "..", "../x", "a/../../x", "a/..", "a/./b",
           "index.html", "a/index.html", "a/index.html/b", std::string("a\0b", 3)})
    EXPECT_FALSE(page_path(slug)) << slug;
}

TEST(PagePath, FitsAFileSystem) {
  EXPECT_TRUE(page_path(std::string(255, 'a')));
  EXPECT_FALSE(page_path(std::string(256, 'a')));
  std::string deep = "a";
  while (deep.size() < 1024)
    deep += "/a";
  EXPECT_FALSE(page_path(deep));
}

}  // namespace page_test
}  // namespace devy::preview
