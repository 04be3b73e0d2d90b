#include <filesystem>

#include "tests/e2e/cli/blog_fixture.hpp"

// `preview`: the pages on disk, and what it never touches.

namespace devy::testing {
namespace {

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

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(Preview, WritesAnIndexEachPostAndEachOldSlug) {
  publish();
  author_.rename("hello.md", "greetings/welcome.md");
  publish();
  const auto document = json({"preview", "alice/blog", "--out", out()});
  EXPECT_EQ(keys_of(document), (Keys{"blog", "out", "posts", "redirects"}));
  EXPECT_EQ(document["blog"], "alice/blog");
  EXPECT_EQ(document["out"], out());
  EXPECT_EQ(document["posts"], 2);
  EXPECT_EQ(document["redirects"], 1);
  EXPECT_TRUE(has(page("index.html"), "href=\"posts/greetings/welcome/index.html\""));
  EXPECT_TRUE(has(page("posts/greetings/welcome/index.html"), "<p>A post.</p>"));
  EXPECT_TRUE(has(page("posts/hello/index.html"), "url=../../posts/greetings/welcome/index.html"));
  EXPECT_TRUE(fs::exists(out("posts/second/index.html")));
}

TEST_F(Preview, ItsFolderIsNamedByTheBlogAndItSaysWhatToOpen) {
  publish();
  auto here = call({"preview", "blog"});
  here.directory = folder_.path();
  const auto result = run_program(here);
  EXPECT_EQ(result.status, 0) << result.err;
  const auto index = folder_ / "preview-blog/index.html";
  EXPECT_TRUE(fs::exists(index));
  EXPECT_TRUE(has(result.err, "wrote 2 posts and 0 redirects; open " + index)) << result.err;
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

TEST_F(Preview, AHostileTitleIsText) {
  author_.write_file("evil.md", "---\ntitle: </title><script>alert(1)</script>\n---\nx\n");
  publish();
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out()}).status, 0);
  for (const auto* path : {"index.html", "posts/evil/index.html"}) {
    EXPECT_FALSE(has(page(path), "<script")) << path;
    EXPECT_TRUE(has(page(path), "&lt;script&gt;alert(1)")) << path;
  }
}

TEST_F(Preview, AHostileSlugIsLeftOutAndNothingIsWrittenOutside) {
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

TEST_F(Preview, RefusesAFolderOfSomebodyElse) {
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

TEST_F(Preview, ADryRunWritesNothing) {
  publish();
  EXPECT_EQ(json({"preview", "alice/blog", "--out", out(), "--dry-run"})["posts"], 2);
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(Preview, EndsAsTheContractSays) {
  EXPECT_EQ(run({"preview", "alice/nothing", "--out", out()}).status, 4);
  EXPECT_EQ(run({"preview"}).status, 2);
  EXPECT_EQ(run({"preview", "alice/blog", "--out", ""}).status, 2);
  write_text(out(), "a file");
  EXPECT_EQ(run({"preview", "alice/blog", "--out", out()}).status, 5);
  EXPECT_EQ(read_text(out()), "a file");
}

}  // namespace
}  // namespace devy::testing
