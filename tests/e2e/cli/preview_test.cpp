#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/e2e/cli/blog_fixture.hpp"
#include "tests/support/xml.hpp"

// `preview`: the pages on disk, and what it never touches.

namespace devy::testing {
namespace preview_test {

namespace fs = std::filesystem;
using Keys = std::vector<std::string>;

class Preview : public BlogFixture {
 protected:
  void publish() {
    author_.commit();
    EXPECT_EQ(run({"trigger", "alice/blog", "--here"}).status, 0);
  }
  [[nodiscard]] std::string out(const std::string& path = "") const {
    return (folder_ / "pages") + (path.empty() ? "" : "/" + path);
  }
  [[nodiscard]] std::string page(const std::string& path) const { return read_text(out(path)); }
};

// The values of one element, in order.
Keys lines_of(const Keys& lines, const std::string& name) {
  Keys values;
  for (const auto& line : lines)
    if (line.starts_with(name + "=")) values.push_back(line.substr(name.size() + 1));
  return values;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Preview, WritesAnIndexEachPostAndEachOldSlug) {
  publish();
  author_.rename("hello.md", "greetings/welcome.md");
  publish();
  const auto document = json({"preview", "alice/blog", "--out", out()});
  EXPECT_EQ(keys_of(document), (Keys{"blog", "out", "posts", "redirects", "assets"}));
  EXPECT_EQ(document["blog"], "alice/blog");
  EXPECT_EQ(document["out"], out());
  EXPECT_EQ(document["posts"], 2);
  EXPECT_EQ(document["redirects"], 1);
  EXPECT_TRUE(has(page("index.html"), "href=\"posts/greetings/welcome/index.html\""));
  EXPECT_TRUE(has(page("posts/greetings/welcome/index.html"), "<p>A post.</p>"));
  EXPECT_TRUE(has(page("posts/hello/index.html"), "url=../../posts/greetings/welcome/index.html"));
  EXPECT_TRUE(fs::exists(out("posts/second/index.html")));
}

TEST_F(Preview, NamesItsFolderAfterTheBlogAndSaysWhatToOpen) {
  publish();
  auto here = call({"preview", "blog"});
  here.directory = folder_.path();
  const auto result = run_program(here);
  EXPECT_EQ(result.status, 0) << result.err;
  const auto index = folder_ / "preview-blog/index.html";
  EXPECT_TRUE(fs::exists(index));
  EXPECT_TRUE(has(result.err, "wrote 2 posts, 0 redirects and 0 assets; open " + index))
      << result.err;
}

TEST_F(Preview, LeavesOutWhatIsNotVisible) {
  author_.write_file("draft.md", "---\ndraft: true\n---\n# Not yet\n");
  author_.write_file("future.md", "---\ndate: 2999-01-01\n---\n# Far away\n");
  publish();
  EXPECT_EQ(json({"preview", "alice/blog", "--out", out()})["posts"], 2);
  EXPECT_FALSE(fs::exists(out("posts/draft")));
  EXPECT_EQ(json({"preview", "alice/blog", "--out", out(), "--drafts"})["posts"], 3);
  EXPECT_TRUE(has(page("posts/draft/index.html"), ">Draft<"));
  EXPECT_FALSE(fs::exists(out("posts/future")));
}

TEST_F(Preview, ShowsAHostileTitleAsText) {
  author_.write_file("evil.md", "---\ntitle: </title><script>alert(1)</script>\n---\nx\n");
  publish();
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out()}).status, 0);
  for (const auto* path : {"index.html", "posts/evil/index.html"}) {
    EXPECT_FALSE(has(page(path), "<script")) << path;
    EXPECT_TRUE(has(page(path), "&lt;script&gt;alert(1)")) << path;
  }
}

TEST_F(Preview, LeavesOutAHostileSlugAndWritesNothingOutside) {
  publish();
  database_.execute("update devy.post set slug = '../../../evil' where slug = 'hello'");
  const auto result = run({"preview", "alice/blog", "--out", out()});
  EXPECT_EQ(result.status, 11);
  EXPECT_TRUE(has(result.err, "'../../../evil' is no name for a page")) << result.err;
  EXPECT_TRUE(fs::exists(out("posts/second/index.html")));
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    EXPECT_FALSE(has(entry.path().filename().string(), "evil")) << entry.path();
  EXPECT_FALSE(fs::exists(fs::path(folder_.path()).parent_path() / "evil"));
}

TEST_F(Preview, ReplacesItsOwnPagesAndForgetsDeletedPosts) {
  publish();
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out()}).status, 0);
  write_text(out("notes.txt"), "mine");
  author_.remove_file("hello.md");
  publish();
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out() + "/"}).status, 0);
  EXPECT_FALSE(fs::exists(out("posts/hello")));
  EXPECT_FALSE(has(page("index.html"), "hello"));
  EXPECT_EQ(page("notes.txt"), "mine");
}

TEST_F(Preview, RefusesAFolderThatIsNotItsOwn) {
  publish();
  write_text(out("index.html"), "mine");
  write_text(out("posts/other.txt"), "mine too");
  const auto refused = run({"preview", "alice/blog", "--out", out()});
  EXPECT_EQ(refused.status, 9);
  EXPECT_TRUE(has(refused.err, "beside 2 other files")) << refused.err;
  EXPECT_EQ(page("index.html"), "mine");
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out(), "--yes"}).status, 0);
  EXPECT_TRUE(has(page("index.html"), "Second"));
  EXPECT_EQ(page("posts/other.txt"), "mine too");
  // It stays somebody else's.
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out()}).status, 9);
}

TEST_F(Preview, FollowsNoLinkOutOfItsFolder) {
  publish();
  write_text(folder_ / "elsewhere/index.html", "untouched");
  fs::create_directories(out());
  fs::create_symlink(folder_ / "elsewhere/index.html", out("index.html"));
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out(), "--yes"}).status, 0);
  EXPECT_EQ(read_text(folder_ / "elsewhere/index.html"), "untouched");
  fs::remove_all(out("posts"));
  fs::create_directory_symlink(folder_ / "elsewhere", out("posts"));
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out(), "--yes"}).status, 5);
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere/second"));
}

TEST_F(Preview, ShowsLinksAndPicturesWithoutTheSite) {
  const std::string picture("\x89PNG\r\n\x1a\n\0 not much of a picture", 31);
  author_.write_file("pictures/a b.png", picture);
  author_.write_file("hello.md",
                     "---\ncover: pictures/a b.png\n---\n# Hello\n\n[two](second.md#part) "
                     "![p](pictures/a%20b.png)\n");
  author_.write_file("deep/er.md", "# Deeper\n\n![p](../pictures/a%20b.png) [up](../hello.md)\n");
  author_.write_file("hidden.md", "---\ndraft: true\n---\n# Hidden\n");
  author_.write_file("second.md", "# Second\n\n[hidden](hidden.md)\n\n## Part\n");
  publish();
  const auto document = json({"preview", "alice/blog", "--out", out()});
  EXPECT_EQ(document["assets"], 1);
  const auto asset = database_.scalar("select encode(sha256, 'hex') from devy.asset") + ".png";
  EXPECT_EQ(page("assets/" + asset), picture);
  const auto hello = page("posts/hello/index.html");
  EXPECT_TRUE(has(hello, "href=\"../../posts/second/index.html#user-content-part\"")) << hello;
  EXPECT_TRUE(has(hello, "alt=\"p\" src=\"../../assets/" + asset + "\"") ||
              has(hello, "src=\"../../assets/" + asset + "\" alt=\"p\""))
      << hello;
  EXPECT_TRUE(has(hello, "class=\"cover\" alt=\"\" src=\"../../assets/" + asset + "\"")) << hello;
  const auto deeper = page("posts/deep/er/index.html");
  EXPECT_TRUE(has(deeper, "src=\"../../../assets/" + asset)) << deeper;
  EXPECT_TRUE(has(deeper, "href=\"../../../posts/hello/index.html\"")) << deeper;
  // Not in this copy: its place is on the site.
  EXPECT_TRUE(
      has(page("posts/second/index.html"), "href=\"https://devy.example/alice/blog/hidden\""));
}

TEST_F(Preview, CopiesLargeAssetsWhole) {
  std::string bytes = "\xff\xd8\xff";
  for (unsigned i = 0; bytes.size() < 3'000'000; ++i)
    bytes += static_cast<char>(i * 2'654'435'761U >> 13U);
  author_.write_file("big.jpg", bytes);
  author_.write_file("hello.md", "![big](big.jpg)\n");
  publish();
  EXPECT_EQ(json({"preview", "alice/blog", "--out", out()})["assets"], 1);
  for (const auto& entry : fs::directory_iterator(out("assets")))
    EXPECT_EQ(read_text(entry.path().string()), bytes);
  // The next one starts from nothing.
  author_.write_file("hello.md", "no picture\n");
  publish();
  EXPECT_EQ(json({"preview", "alice/blog", "--out", out()})["assets"], 0);
  EXPECT_FALSE(fs::exists(out("assets")));
}

TEST_F(Preview, PutsOnlyPublicPostsIntoFeedAndSitemap) {
  author_.write_file("devy.toml", "name = \"Notes & more\"\ntimezone = \"Asia/Tokyo\"\n");
  author_.write_file("hello.md",
                     "---\ndate: 2024-01-02\nupdated: 2024-02-03\ntags: [a]\nauthor: Ann\n---\n"
                     "# Hello\n\nSee [the other](second.md).\n");
  author_.write_file("second.md", "---\ndate: 2024-01-01 00:30\n---\n# Second\n\nAnother.\n");
  author_.write_file("draft.md", "---\ndraft: true\n---\n# Not yet\n");
  author_.write_file("future.md", "---\ndate: 2999-01-01\n---\n# Far away\n");
  author_.write_file("over.md", "---\ndate: 2020-01-01\nexpires: 2021-01-01\n---\n# Over\n");
  publish();
  EXPECT_EQ(json({"preview", "alice/blog", "--out", out(), "--drafts"})["posts"], 3);
  const auto feed = read_xml(page("feed.xml"));
  EXPECT_EQ(lines_of(feed, "feed/title"), Keys{"Notes & more"});
  EXPECT_EQ(lines_of(feed, "feed/id"),
            Keys{"urn:uuid:" + database_.scalar("select id from devy.blog")});
  EXPECT_EQ(lines_of(feed, "feed/entry/title"), (Keys{"Hello", "Second"}));
  EXPECT_EQ(lines_of(feed, "feed/entry/id").front(),
            "urn:uuid:" + database_.scalar("select id from devy.post where slug = 'hello'"));
  EXPECT_EQ(lines_of(feed, "feed/entry/published"),
            (Keys{"2024-01-02T12:00:00.000Z", "2023-12-31T15:30:00.000Z"}));
  EXPECT_EQ(lines_of(feed, "feed/entry/updated").front(), "2024-02-03T12:00:00.000Z");
  EXPECT_EQ(lines_of(feed, "feed/entry/author/name"), Keys{"Ann"});
  EXPECT_TRUE(has(lines_of(feed, "feed/entry/content").front(),
                  "href=\"https://devy.example/alice/blog/second\""));
  const auto sitemap = read_xml(page("sitemap.xml"));
  EXPECT_EQ(lines_of(sitemap, "urlset/url/loc"),
            (Keys{"https://devy.example/alice/blog", "https://devy.example/alice/blog/hello",
                  "https://devy.example/alice/blog/second"}));
  EXPECT_EQ(lines_of(sitemap, "urlset/url/lastmod"),
            (Keys{"2024-02-03", "2024-02-03", "2024-01-01"}));
  // A day is that day and a moment the day that it was where the blog is.
  EXPECT_TRUE(has(page("posts/hello/index.html"), "<time datetime=\"2024-01-02\">"));
  EXPECT_TRUE(has(page("posts/second/index.html"), "<time datetime=\"2024-01-01\">"));
  const auto token = database_.scalar("select preview_token from devy.post where is_draft");
  for (const auto* path : {"index.html", "feed.xml", "sitemap.xml", "posts/draft/index.html"})
    EXPECT_FALSE(has(page(path), token)) << path;
}

TEST_F(Preview, WritesNothingInADryRun) {
  publish();
  EXPECT_EQ(json({"preview", "alice/blog", "--out", out(), "--dry-run"})["posts"], 2);
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Preview, ExitsWithTheDocumentedStatus) {
  EXPECT_EQ(run({"preview", "alice/nothing", "--out", out()}).status, 4);
  EXPECT_EQ(run({"preview"}).status, 2);
  EXPECT_EQ(run({"preview", "alice/blog", "--out", ""}).status, 2);
  write_text(out(), "a file");
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out()}).status, 5);
  EXPECT_EQ(read_text(out()), "a file");
}

}  // namespace preview_test
}  // namespace devy::testing
