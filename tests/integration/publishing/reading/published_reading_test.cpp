// Blogs as the pipeline publishes them from real repositories, as readers get them.
#include "tests/integration/publishing/reading/reading_fixture.hpp"
#include "tests/support/publishing/upload_fixture.hpp"
#include "tests/support/xml.hpp"

namespace devy::reading {
namespace published_reading_test {

class PublishedReading : public testing::UploadTest {
 protected:
  http::Response post(const std::string& slug, const std::string& preview = {},
                      Format format = Format::json) {
    return read_post(connection_, address_, {slug, format, preview}, {});
  }
  http::Response posts() { return read_posts(connection_, address_, {}, {}); }
  http::Response asset(const std::string& sha256, std::string_view if_none_match = {}) {
    return read_asset(connection_, sha256, {if_none_match, {}});
  }
  std::string sha256_of(const std::string& path) const {
    return value("select encode(sha256, 'hex') from blog_asset where path = '" + path + "'");
  }
  const BlogAddress address_{"alice", "blog"};
};

TEST_F(PublishedReading, GivesAPostAsItsAuthorWroteIt) {
  write("devy.toml", "name = \"A blog\"\ndescription = \"Of *all*\"\n");
  write("first.md", "---\ndate: 2020-01-02\n---\n# First\n\nText.\n");
  write(
      "second/part.md",
      "---\ndate: 2021-02-03T04:05:06Z\nupdated: 2022-01-01\ntags: [a, b]\nauthor: Ann\nlang: de\n"
      "canonical: https://x.example/y\nsummary: Short\nlayout: wide\n---\n# Second\n\n## Way\n\n"
      "See [first](../first.md). <script>alert(1)</script>\n");
  write("third.md", "---\ndate: 2023-01-01\n---\n# Third\n");
  const auto head = push();
  (void)publish();
  const auto answer = post("second/part");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=30, stale-while-revalidate=300");
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "*");
  const auto document = json_of(answer);
  EXPECT_EQ(document["slug"], "second/part");
  EXPECT_EQ(document["title"], "Second");
  EXPECT_EQ(document["summary"], "Short");
  EXPECT_EQ(document["date"], "2021-02-03T04:05:06.000Z");
  EXPECT_EQ(document["updated"], "2022-01-01");
  EXPECT_EQ(document["tags"], (Lines{"a", "b"}));
  EXPECT_EQ(document["authors"], Lines{"Ann"});
  EXPECT_EQ(document["lang"], "de");
  EXPECT_EQ(document["canonical"], "https://x.example/y");
  EXPECT_EQ(document["reading_minutes"], 1);
  EXPECT_EQ(document["url"], "/alice/blog/second/part");
  EXPECT_EQ(document["front_matter"]["layout"], "wide");
  EXPECT_EQ(document["toc"].size(), 1U);
  EXPECT_NE(document["html"].get<std::string>().find("href=\"/alice/blog/first\""),
            std::string::npos);
  EXPECT_EQ(document["html"].get<std::string>().find("<script"), std::string::npos);
  EXPECT_EQ(document["previous"]["slug"], "first");
  EXPECT_EQ(document["previous"]["url"], "/alice/blog/first");
  EXPECT_EQ(document["next"]["title"], "Third");
  EXPECT_TRUE(json_of(post("first"))["previous"].is_null());
  EXPECT_EQ(json_of(post("first"))["date"], "2020-01-02");
  EXPECT_TRUE(json_of(post("third"))["next"].is_null());
  const auto markdown = post("first", {}, Format::markdown);
  EXPECT_NE(markdown.body.find("Text."), std::string::npos);
  EXPECT_EQ(each(posts()), (Lines{"third", "second/part", "first"}));
  const auto blog = json_of(read_blog(connection_, address_, {}));
  EXPECT_EQ(blog["name"], "A blog");
  EXPECT_EQ(blog["description"], "Of *all*");
  EXPECT_EQ(blog["head"], head);
  EXPECT_EQ(blog["posts"], 3);
}

TEST_F(PublishedReading, LeadsFromOldAddressesToThePost) {
  write("a.md",
        "---\naliases: [/2019/Old Page.html]\n---\n# A\n\nThe text of the post that moves.\n");
  push_and_publish();
  const auto tag = std::string(post("a").header("ETag"));
  author_.rename("a.md", "new name.md");
  push_and_publish();
  for (const char* old : {"a", "2019/old-page", "2019/Old Page.html", "New Name", "/new-name/"}) {
    const auto answer = post(old);
    EXPECT_EQ(answer.status, 301) << old;
    EXPECT_EQ(answer.header("Location"), "/v1/blogs/alice/blog/posts/new-name") << old;
    EXPECT_EQ(json_of(answer)["moved_to"], "/alice/blog/new-name");
    EXPECT_EQ(json_of(answer)["slug"], "new-name");
    EXPECT_EQ(answer.header("ETag"), "");
    EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=30, stale-while-revalidate=300");
  }
  EXPECT_EQ(post("a", {}, Format::markdown).header("Location"),
            "/v1/blogs/alice/blog/posts/new-name?format=markdown");
  // The page that a client has is no longer right.
  EXPECT_EQ(read_post(connection_, address_, {.slug = "a"}, {tag, {}}).status, 301);
}

TEST_F(PublishedReading, ShowsWhatIsHiddenToWhoHasItsToken) {
  write("draft.md", "---\ndraft: true\n---\n# A draft\n");
  write("later.md", "---\ndate: 2999-01-01\n---\n# Later\n");
  write("over.md", "---\ndate: 2020-01-01\nexpires: 2021-01-01\n---\n# Over\n");
  write("seen.md", "---\ndate: 2020-01-01\n---\n# Seen\n");
  push_and_publish();
  const auto token_of = [&](const std::string& slug) {
    return value("select preview_token from post where slug = '" + slug + "'");
  };
  const auto xml = read_feed(connection_, address_, "https://devy.example", {}).body +
                   read_sitemap(connection_, address_, "https://devy.example", {}).body;
  for (const std::string slug : {"draft", "later", "over"}) {
    EXPECT_EQ(post(slug).status, 404) << slug;
    const auto answer = post(slug, token_of(slug));
    EXPECT_EQ(answer.status, 200) << slug;
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    EXPECT_EQ(answer.header("X-Robots-Tag"), "noindex");
    EXPECT_EQ(json_of(answer)["slug"], slug);
    EXPECT_EQ(xml.find(slug), std::string::npos);
  }
  EXPECT_EQ(token_of("seen"), "");
  EXPECT_EQ(each(posts()), Lines{"seen"});
  // It stays while the post does, and goes when the post is published.
  const auto token = token_of("later");
  write("later.md", "---\ndate: 2999-01-01\n---\n# Later, again\n");
  push_and_publish();
  EXPECT_EQ(token_of("later"), token);
  write("later.md", "---\ndate: 2020-01-01\n---\n# Now\n");
  push_and_publish();
  EXPECT_EQ(token_of("later"), "");
}

TEST_F(PublishedReading, ServesFilesSoThatNothingInThemRuns) {
  write("a.md", "# A\n\n![x](x.png) ![y](y.svg) [page](page.html) [pdf](z.pdf)\n");
  write("x.png", "\x89PNG\r\n\x1a\n and so on");
  write("y.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>");
  write("page.html", "<script>alert(1)</script>");
  write("z.pdf", "%PDF-1.4 " + std::string(3 << 20, 'z'));
  push_and_publish();
  struct Served {
    std::string path, type, disposition;
  };
  for (const auto& file :
       {Served{"x.png", "image/png", "inline"}, Served{"y.svg", "image/svg+xml", "attachment"},
        Served{"page.html", "text/plain; charset=utf-8", "inline"},
        Served{"z.pdf", "application/pdf", "attachment"}}) {
    const auto sha256 = sha256_of(file.path);
    const auto answer = asset(sha256);
    EXPECT_EQ(answer.status, 200) << file.path;
    EXPECT_EQ(answer.header("Content-Type"), file.type);
    EXPECT_EQ(answer.header("Content-Disposition"), file.disposition);
    EXPECT_TRUE(
        answer.header("Content-Security-Policy").starts_with("sandbox; default-src 'none'"));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(answer.body, testing::read_text(author_.folder() + "/" + file.path)) << file.path;
    const auto again = asset(sha256, answer.header("ETag"));
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
  }
  const auto png = sha256_of("x.png");
  for (const auto& name : {std::string(64, '0'), std::string("app"), std::string(), png + "0",
                           "A" + png.substr(1), png.substr(1) + "g"})
    EXPECT_EQ(asset(name).status, 404) << name;
  execute("update blog set is_connected = false");
  EXPECT_EQ(asset(png).status, 404);
}

TEST_F(PublishedReading, WritesTheFeedAndTheSitemapOfThePreview) {
  write("devy.toml", "timezone = \"Asia/Tokyo\"\n");
  write("a.md", "---\ndate: 2020-01-01 23:30:00Z\n---\n# A\n\n![x](x.png)\n");
  write("b.md", "---\ndate: 2021-01-01\nupdated: 2022-02-02\n---\n# B\n");
  write("x.png", "\x89PNG\r\n\x1a\n and so on");
  push_and_publish();
  const auto feed =
      testing::read_xml(read_feed(connection_, address_, "https://devy.example", {}).body);
  const auto has = [](const Lines& xml, const std::string& line) {
    return std::ranges::find(xml, line) != xml.end();
  };
  EXPECT_TRUE(has(feed, "feed/title=blog") || has(feed, "feed/title=Blog"));
  EXPECT_TRUE(has(feed, "feed/entry/link@href=https://devy.example/alice/blog/b"));
  EXPECT_TRUE(has(feed, "feed/entry/updated=2022-02-02T12:00:00.000Z"));
  const auto sitemap =
      testing::read_xml(read_sitemap(connection_, address_, "https://devy.example", {}).body);
  EXPECT_TRUE(has(sitemap, "urlset/url/loc=https://devy.example/alice/blog"));
  EXPECT_TRUE(has(sitemap, "urlset/url/loc=https://devy.example/alice/blog/a"));
  // The day in the blog's time zone.
  EXPECT_TRUE(has(sitemap, "urlset/url/lastmod=2020-01-02"));
  EXPECT_TRUE(has(sitemap, "urlset/url/lastmod=2022-02-02"));
}

}  // namespace published_reading_test
}  // namespace devy::reading
