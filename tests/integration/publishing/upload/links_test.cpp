// Links between posts, end to end: where they lead after each upload, in posts that it wrote and in
// posts that it did not.
#include "core/platform/queue/ingest.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace links_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class PostLink : public UploadTest {
 protected:
  // The HTML of a post without what is around its paragraphs.
  [[nodiscard]] std::string html(const std::string& path) const {
    return value("select replace(html, E'\\n', '') from post where path = '" + path + "'");
  }
  [[nodiscard]] static Lines warnings(const publishing::Upload& upload) {
    Lines texts;
    for (const auto& warning : upload.warnings)
      texts.push_back(snapshot::to_string(warning));
    return texts;
  }
  static std::string link(const std::string& text, const std::string& url) {
    return "<p><a href=\"" + url + "\">" + text + "</a></p>";
  }
  static std::string dead(const std::string& text) { return "<p>" + text + "</p>"; }
};

TEST_F(PostLink, BecomesAUrlBetweenPosts) {
  write("a.md", "# A\n\n[b](./b.md#part)\n\n[deep](docs/deep/c.md)\n");
  write("b.md", "---\nslug: second\n---\n# B\n\n[a](a.md)\n\n## Part\n");
  write("docs/deep/c.md", "# C\n\n[a](../../a.md)\n\n[b](/b.md)\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(warnings(upload), Lines());
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/second#user-content-part") +
                              link("deep", "/alice/blog/docs/deep/c"));
  EXPECT_EQ(html("b.md"), link("a", "/alice/blog/a") + "<h2 id=\"user-content-part\">Part</h2>");
  EXPECT_EQ(html("docs/deep/c.md"), link("a", "/alice/blog/a") + link("b", "/alice/blog/second"));
}

TEST_F(PostLink, AcceptsAnyName) {
  write("my notes/über uns.md", "# About\n");
  write("a.md", "# A\n\n[x](my%20notes/über%20uns.md)\n\n[y](<my notes/%C3%BCber uns.md>)\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  const auto url = "/alice/blog/my-notes/%C3%BCber-uns";
  EXPECT_EQ(html("a.md"), link("x", url) + link("y", url));
}

TEST_F(PostLink, LeadsFromAFolderToItsIndex) {
  write("docs/index.md", "# Docs\n");
  write("index.md", "# Home\n");
  write("a.md", "# A\n\n[x](docs)\n\n[y](docs/)\n\n[z](./)\n\n[none](empty/)\n");
  write("empty/file.txt", "text");
  const auto upload = push_and_publish();
  EXPECT_EQ(html("a.md"), link("x", "/alice/blog/docs") + link("y", "/alice/blog/docs") +
                              link("z", "/alice/blog/index") + dead("none"));
  EXPECT_EQ(warnings(upload),
            Lines{"a.md:9:1: link to 'empty': the folder has no index.md, _index.md or README.md "
                  "that is a post"});
}

TEST_F(PostLink, WarnsWithThePlaceWhenTheTargetIsMissing) {
  write("README.md", "# Readme\n");
  write("a.md",
        "---\ntitle: A\n---\nText and [none](none.md#x) here.\n\n[out](../../x.md)\n\n"
        "[readme](README.md)\n\n[bare](b)\n");
  write("b.md", "# B\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(warnings(upload),
            (Lines{"a.md:4:10: link to 'none.md': no such file",
                   "a.md:6:1: a link leads out of the repository",
                   "a.md:8:1: link to 'README.md': the file is there, but it is no post",
                   "a.md:10:1: link to 'b': no such file"}));
  EXPECT_EQ(html("a.md"),
            "<p>Text and none here.</p>" + dead("out") + dead("readme") + dead("bare"));
}

TEST_F(PostLink, WarnsOfEachPlaceOfOneTarget) {
  write("a.md", "# A\n\n[x](none.md) and [y](none.md)\n\n[z](#none)\n\n- [u](#none)\n");
  EXPECT_EQ(warnings(push_and_publish()),
            (Lines{"a.md:5:1: link to '#none': the post has no such heading or anchor",
                   "a.md:7:3: link to '#none': the post has no such heading or anchor",
                   "a.md:3:1: link to 'none.md': no such file",
                   "a.md:3:18: link to 'none.md': no such file"}));
}

TEST_F(PostLink, LeadsToTheFrontPageAndToAddressesOfPosts) {
  write("devy.toml", "root = \"posts\"\n");
  oracle_.root = "posts";
  write("posts/a.md",
        "# A\n\n[home](/)\n\n[up](../)\n\n[b](/b/)\n\n[b](/b#part)\n\n"
        "[old](/2019/old.html)\n");
  write("posts/b.md", "---\naliases: [/2019/old/]\n---\n# B\n\n## Part\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(html("posts/a.md"),
            link("home", "/alice/blog") + link("up", "/alice/blog") + link("b", "/alice/blog/b") +
                link("b", "/alice/blog/b#user-content-part") + link("old", "/alice/blog/b"));
  // The alias of a post that stays as it is counts for one that comes, and goes for one that stays.
  write("posts/c.md", "# C\n\n[old](/2019/old/)\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(html("posts/c.md"), link("old", "/alice/blog/b"));
  write("posts/b.md", "# B\n\n## Part\n");
  EXPECT_EQ(warnings(push_and_publish()),
            (Lines{"posts/a.md:11:1: link to '2019/old.html': no such file",
                   "posts/c.md:3:1: link to '2019/old': no such file"}));
  EXPECT_EQ(html("posts/c.md"), dead("old"));
}

TEST_F(PostLink, LooksIntoTheStaticFolders) {
  write("static/img/a.png", "\x89PNG\r\n\x1a\n1");
  write("posts/a.md", "---\ncover: /img/a.png\n---\n# A\n\n![x](/img/a.png)\n");
  EXPECT_EQ(warnings(push_and_publish()).size(), 2U);
  write("devy.toml", "static = [\"static\"]\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(value("select html ~ 'src=\"/assets/[0-9a-f]{64}/a.png\"' and cover like '/assets/%'"
                  " from post"),
            "t");
  EXPECT_EQ(value("select path from blog_asset"), "static/img/a.png");
  write("static/img/a.png", "\x89PNG\r\n\x1a\n2");
  push_and_publish();
  EXPECT_EQ(value("select count(*) from post p join blog_asset a on"
                  " p.html like '%' || encode(a.sha256, 'hex') || '%'"),
            "1");
}

TEST_F(PostLink, LeadsToThePostWhoseHeadingIsNotThere) {
  write("a.md",
        "# A\n\n[b](b.md#part)\n\n[none](b.md#none)\n\n[title](b.md#b)\n\n"
        "[raw](b.md#Raw)\n");
  write("b.md", "# B\n\n## Part\n\n<a id=\"raw\"></a>text\n");
  const auto upload = push_and_publish();
  EXPECT_EQ(warnings(upload), Lines{"a.md:5:1: link to 'b.md#none': the post has no such heading "
                                    "or anchor"});
  const auto b = std::string("/alice/blog/b");
  EXPECT_EQ(html("a.md"), link("b", b + "#user-content-part") + link("none", b) +
                              link("title", b + "#user-content-b") +
                              link("raw", b + "#user-content-raw"));
}

TEST_F(PostLink, FollowsTheHeadingsOfAPostThatChanges) {
  write("a.md", "# A\n\n[b](b.md#part)\n");
  write("b.md", "# B\n\n## Part\n");
  write("c.md", "# C\n\n[b](b.md)\n");
  push_and_publish();
  const auto untouched = row_version("c.md");
  const auto digest = value("select link_digest from blog");
  write("b.md", "# B\n\n## Piece\n");
  EXPECT_EQ(warnings(push_and_publish()),
            Lines{"a.md:3:1: link to 'b.md#part': the post has no such heading or anchor"});
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/b"));
  EXPECT_EQ(value("select link_digest from blog"), digest) << "not all links are looked at";
  EXPECT_EQ(row_version("c.md"), untouched);
  write("b.md", "# B\n\n## Part\n\nText.\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/b#user-content-part"));
  const auto settled = row_version("a.md");
  write("b.md", "# B\n\n## Part\n\nOther text.\n");
  push_and_publish();
  EXPECT_EQ(row_version("a.md"), settled);
}

TEST_F(PostLink, JudgesAHeadingOfAPostThatStays) {
  write("b.md", "# B\n\n## Part\n");
  push_and_publish();
  write("a.md", "# A\n\n[b](b.md#part)\n\n[none](b.md#none)\n");
  EXPECT_EQ(warnings(push_and_publish()),
            Lines{"a.md:5:1: link to 'b.md#none': the post has no such heading or anchor"});
  EXPECT_EQ(html("a.md"),
            link("b", "/alice/blog/b#user-content-part") + link("none", "/alice/blog/b"));
}

// What is alive stays alive where nobody knows: the anchors of an earlier version's posts.
TEST_F(PostLink, TrustsAPlaceOnAPostWithoutKnownAnchors) {
  write("b.md", "# B\n");
  push_and_publish();
  execute("update post set anchors = null");
  write("a.md", "# A\n\n[b](b.md#part)\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/b#user-content-part"));
}

TEST_F(PostLink, FollowsARenameInTheSamePush) {
  write("a.md", "# A\n\n[b](b.md)\n");
  write("b.md", "# B\n\nA text that is long enough to be known again.\n");
  push_and_publish();
  author_.rename("b.md", "moved.md");
  write("a.md", "# A\n\n[b](moved.md)\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/moved"));
}

// As on GitHub, and as a fresh import of the commit would have it: the old path is no file.
TEST_F(PostLink, LeadsNowhereWhenThePostLeftThePath) {
  write("a.md", "# A\n\n[b](b.md)\n");
  write("b.md", "# B\n\nA text that is long enough to be known again.\n");
  push_and_publish();
  author_.rename("b.md", "moved.md");
  EXPECT_EQ(warnings(push_and_publish()), Lines{"a.md:3:1: link to 'b.md': no such file"});
  EXPECT_EQ(html("a.md"), dead("b"));
  author_.rename("moved.md", "b.md");
  EXPECT_EQ(warnings(push_and_publish()), Lines());
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/b"));
}

TEST_F(PostLink, IsUpdatedInAnUnchangedPostByTheSameUpload) {
  write("a.md", "# A\n\n[b](b.md)\n\n[c](c.md)\n\n[later](later.md)\n");
  write("b.md", "---\nslug: one\n---\n# B\n");
  write("c.md", "# C\n");
  EXPECT_EQ(warnings(push_and_publish()), Lines{"a.md:7:1: link to 'later.md': no such file"});
  const auto revisions = value(
      "select count(*) from revision r join post p on p.id = r.post_id"
      " where p.path = 'a.md'");

  write("b.md", "---\nslug: two\n---\n# B\n");  // another slug
  author_.remove_file("c.md");                  // gone
  write("later.md", "# Later\n");               // come
  const auto upload = push_and_publish();
  EXPECT_EQ(html("a.md"),
            link("b", "/alice/blog/two") + dead("c") + link("later", "/alice/blog/later"));
  EXPECT_EQ(warnings(upload), Lines{"a.md:5:1: link to 'c.md': no such file"});
  EXPECT_EQ(changes_text(upload), "1 1 0 1 1 0");
  EXPECT_EQ(value("select version from post where path = 'a.md'"), "1");
  EXPECT_EQ(value("select count(*) from revision r join post p on p.id = r.post_id"
                  " where p.path = 'a.md'"),
            revisions);

  author_.remove_file("later.md");
  write("c.md", "# C\n");
  push_and_publish();
  EXPECT_EQ(html("a.md"),
            link("b", "/alice/blog/two") + link("c", "/alice/blog/c") + dead("later"));
}

TEST_F(PostLink, FollowsTwoPostsThatSwapTheirSlugs) {
  write("a.md", "# A\n\n[b](b.md)\n\n[c](c.md)\n");
  write("b.md", "---\nslug: one\n---\n# B\n");
  write("c.md", "---\nslug: two\n---\n# C\n");
  push_and_publish();
  write("b.md", "---\nslug: two\n---\n# B\n");
  write("c.md", "---\nslug: one\n---\n# C\n");
  push_and_publish();
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/two") + link("c", "/alice/blog/one"));
}

TEST_F(PostLink, IsUpdatedInAPostWhoseFileIsInError) {
  write("a.md", "# A\n\n[b](b.md)\n");
  write("b.md", "# B\n\nA text that is long enough to be known again.\n");
  push_and_publish();
  write("a.md", "---\ntitle: [\n---\n[b](b.md)\n");
  author_.rename("b.md", "moved.md");
  EXPECT_EQ(file_errors().size(), 0U);
  push_and_publish();
  EXPECT_EQ(file_errors().size(), 1U);
  EXPECT_EQ(html("a.md"), dead("b"));  // its last good version says b.md, which is gone
  write("b.md", "# B again\n");
  push_and_publish();
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/b"));
}

TEST_F(PostLink, FollowsTheSettings) {
  write("docs/a.md", "# A\n\n[b](b.md)\n\n[top](../top.md)\n");
  write("docs/b.md", "# B\n");
  write("top.md", "# Top\n");
  push_and_publish();
  EXPECT_EQ(html("docs/a.md"), link("b", "/alice/blog/docs/b") + link("top", "/alice/blog/top"));
  write("devy.toml", "root = \"docs\"\nmax_delete_percent = 100\n");
  oracle_.root = "docs";
  const auto upload = push_and_publish();
  EXPECT_EQ(html("docs/a.md"), link("b", "/alice/blog/b") + dead("top"));
  EXPECT_EQ(warnings(upload),
            Lines{"docs/a.md:5:1: link to 'top.md': the file is there, but it is no post"});
}

TEST_F(PostLink, StaysUntouchedWhenNothingMoved) {
  write("a.md", "# A\n\n[b](b.md)\n");
  write("b.md", "# B\n");
  push_and_publish();
  const auto version = row_version("a.md");
  write("b.md", "# B, edited\n");
  write("other.md", "# Other\n");
  push_and_publish();
  EXPECT_EQ(row_version("a.md"), version);
}

TEST_F(PostLink, IsRepairedByAReplay) {
  write("a.md", "# A\n\n[b](b.md)\n");
  write("b.md", "# B\n");
  const auto id = push_and_publish().id;
  execute(
      "update post set html = replace(html, '/alice/blog/b', '/alice/blog/x'), "
      "links = replace(links::text, '/alice/blog/b', '/alice/blog/x')::jsonb "
      "where path = 'a.md'");
  queue::replay(connection_, id, {});
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_EQ(html("a.md"), link("b", "/alice/blog/b"));
}

TEST_F(PostLink, WarnsButContinuesWhenStoredLinksAreInvalid) {
  write("a.md", "# A\n\n[b](b.md)\n");
  write("b.md", "# B\n");
  push_and_publish();
  execute("update post set links = '{\"strange\": 1}' where path = 'a.md'");
  write("c.md", "# C\n");
  auto upload = push_and_publish();
  ASSERT_EQ(upload.warnings.size(), 1U);
  EXPECT_TRUE(upload.warnings[0].message.starts_with("its links were not brought up to date"));
  EXPECT_EQ(value("select link_digest is null from blog"), "t");
  write("a.md", "# A, edited\n\n[b](b.md)\n");
  push_and_publish();
  EXPECT_EQ(value("select link_digest is null from blog"), "f");
}

}  // namespace links_test
}  // namespace devy::upload
