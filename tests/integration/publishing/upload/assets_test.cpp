// Images and other files that posts refer to: stored once by content, typed by their bytes, gone
// when no post shows them.
#include "core/platform/queue/ingest.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/asset_store.hpp"
#include "tests/integration/publishing/upload/victim.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace assets_test {

using testing::block_publish;
using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

using namespace std::string_literals;

class Assets : public UploadTest {
 protected:
  static std::string png(std::string_view text) {
    return "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"s + std::string(text);
  }

  [[nodiscard]] std::string html(const std::string& path) const {
    return value("select replace(html, E'\\n', '') from post where path = '" + path + "'");
  }
  // "path media_type size", by path.
  [[nodiscard]] Lines assets() const {
    return rows(
        "select path || ' ' || media_type || ' ' || octet_length(bytes) from blog_asset b"
        " join asset a using (sha256) where blog_id = '" +
        blog_id_.text() + "' order by path collate \"C\"");
  }
  [[nodiscard]] std::string url_of(const std::string& path) const {
    return "/assets/" +
           value("select encode(sha256, 'hex') from blog_asset where path = '" + path +
                 "' and blog_id = '" + blog_id_.text() + "'") +
           "/" + path.substr(path.rfind('/') + 1);
  }
  [[nodiscard]] static Lines warnings(const std::vector<snapshot::FileError>& found) {
    Lines texts;
    for (const auto& warning : found)
      texts.push_back(snapshot::to_string(warning));
    return texts;
  }
  [[nodiscard]] std::string count(const std::string& table) const {
    return value("select count(*) from " + table);
  }
};

std::int64_t pruned_assets(pg::Connection& connection, base::Duration older_than) {
  constexpr int rows_max = 1'000;
  const auto counted = publishing::count_unused_assets(connection, {older_than, {}}, rows_max);
  const auto pruned = publishing::prune_assets(connection, {older_than, {}, rows_max});
  EXPECT_EQ(counted.counts, pruned.pruned);
  return pruned.pruned.at("assets");
}

TEST_F(Assets, PublishesTheFilesThatPostsShowOrLink) {
  write("img/cat.png", png("cat"));
  write("img/unused.png", png("unused"));
  write("docs/manual.txt", "How to.\n");
  write("page.html", "<script>alert(1)</script>");
  write("posts/a.md",
        "---\ncover: ../img/cat.png\n---\n# A\n\n![cat](../img/cat.png)\n\n"
        "[manual](/docs/manual.txt#x)\n\n[page](../page.html)\n");
  EXPECT_EQ(warnings(push_and_publish().warnings), Lines());
  EXPECT_EQ(assets(),
            (Lines{"docs/manual.txt text/plain; charset=utf-8 8", "img/cat.png image/png 19",
                   "page.html text/plain; charset=utf-8 25"}));
  const auto text = html("posts/a.md");
  EXPECT_NE(text.find("src=\"" + url_of("img/cat.png") + "\""), std::string::npos) << text;
  EXPECT_NE(text.find("href=\"" + url_of("docs/manual.txt") + "#x\""), std::string::npos) << text;
  EXPECT_EQ(value("select cover from post"), url_of("img/cat.png"));
}

TEST_F(Assets, StoresTheSameContentOnceForAllBlogs) {
  write("a.png", png("same"));
  write("deep/b.png", png("same"));
  write("a.md", "![a](a.png) ![b](deep/b.png)\n");
  push_and_publish();
  EXPECT_EQ(count("asset"), "1");
  EXPECT_EQ(count("blog_asset"), "2");

  publishing::add_account(connection_, "bob", false);
  testing::make_bare_repository(folder_ / "srv/bob/own.git");
  author_.force_push(folder_ / "srv/bob/own.git");
  const auto other = publishing::connect_blog(
      connection_, {"bob", "own", server_.url("bob/own.git"), std::nullopt, std::nullopt});
  EXPECT_EQ(ending(run(publishing::record_upload(connection_, other, {}).id)), "completed");
  EXPECT_EQ(count("asset"), "1");
  EXPECT_EQ(count("blog_asset"), "4");
}

TEST_F(Assets, UpdatesThePostsThatShowAChangedFile) {
  write("a.png", png("one"));
  write("a.md", "![a](a.png)\n");
  write("b.md", "---\ncover: a.png\n---\n# B\n");
  write("c.md", "# C\n");
  push_and_publish();
  const auto before = url_of("a.png");
  const auto untouched = row_version("c.md");
  write("a.png", png("two"));
  const auto upload = push_and_publish();
  EXPECT_EQ(changes_text(upload), "0 0 0 0 3 0");
  EXPECT_NE(url_of("a.png"), before);
  EXPECT_NE(html("a.md").find(url_of("a.png")), std::string::npos);
  EXPECT_EQ(value("select cover from post where path = 'b.md'"), url_of("a.png"));
  EXPECT_EQ(row_version("c.md"), untouched);
}

TEST_F(Assets, FollowsFilesThatAreAddedAndRemoved) {
  write("a.md", "---\ncover: a.png\n---\n![a](a.png)\n");
  const Lines missing{"a.md:4:1: image 'a.png': no such file",
                      "a.md:2:8: cover: image 'a.png': no such file"};
  EXPECT_EQ(warnings(push_and_publish().warnings), missing);
  EXPECT_EQ(html("a.md"), "<p><img alt=\"a\"></p>");
  EXPECT_EQ(value("select cover is null from post"), "t");
  write("a.png", png("a"));
  EXPECT_EQ(warnings(push_and_publish().warnings), Lines());
  EXPECT_EQ(html("a.md"), "<p><img src=\"" + url_of("a.png") + "\" alt=\"a\"></p>");
  EXPECT_EQ(value("select cover from post"), url_of("a.png"));
  author_.remove_file("a.png");
  EXPECT_EQ(warnings(push_and_publish().warnings), missing);
  EXPECT_EQ(html("a.md"), "<p><img alt=\"a\"></p>");
  EXPECT_EQ(value("select cover is null from post"), "t");
  EXPECT_EQ(assets(), Lines());
}

TEST_F(Assets, DropsFilesThatNoPostShowsAnyMore) {
  write("a.png", png("a"));
  write("b.png", png("b"));
  write("a.md", "![a](a.png) ![b](b.png)\n");
  write("b.md", "![b](b.png)\n");
  push_and_publish();
  write("a.md", "No picture.\n");
  push_and_publish();
  EXPECT_EQ(assets(), Lines{"b.png image/png 17"});
  author_.remove_file("b.md");
  push_and_publish();
  EXPECT_EQ(assets(), Lines());
  EXPECT_EQ(count("asset"), "2") << "contents wait for prune";
}

TEST_F(Assets, StoresAMovedFileOnlyOnce) {
  write("a.png", png("a"));
  write("a.md", "![a](a.png)\n");
  push_and_publish();
  const auto stored = value("select xmin from asset");
  author_.rename("a.png", "img/b.png");
  write("a.md", "![a](img/b.png)\n");
  push_and_publish();
  EXPECT_EQ(assets(), Lines{"img/b.png image/png 17"});
  EXPECT_EQ(value("select xmin from asset"), stored);
}

TEST_F(Assets, WarnsOfFilesThatAreNotAllowed) {
  config_.limits.asset_bytes_max = 200;
  write("large.png", png(std::string(200, 'x')));
  write("lfs.png", "version https://git-lfs.github.com/spec/v1\noid sha256:" +
                       std::string(64, 'a') + "\nsize 12345\n");
  author_.link("link.png", "large.png");
  write("a.md", "![](large.png)\n\n![](lfs.png)\n\n![](link.png)\n\n![](../x.png)\n\n![](a.md)\n");
  const auto id = push_and_publish();
  EXPECT_EQ(
      warnings(id.warnings),
      (Lines{"a.md:1:1: image 'large.png': the file has 216 bytes, more than the 200 that one "
             "may have",
             "a.md:3:1: image 'lfs.png': a Git LFS pointer is not published: the file is not "
             "in the repository",
             "a.md:5:1: image 'link.png': a symbolic link is not followed",
             "a.md:7:1: a link leads out of the repository",
             "a.md:9:1: image 'a.md': a Markdown file is no image"}));
  EXPECT_EQ(count("asset"), "0");

  config_.limits.asset_bytes_max = 1'000;  // a larger one is allowed now
  write("b.md", "# B\n");
  push_and_publish();
  EXPECT_EQ(assets(), Lines{"large.png image/png 216"});
}

TEST_F(Assets, SkipsAFolderThatIsTooLarge) {
  config_.limits.tree_entries_max = 6;
  write("a.md", "![](_a/1.png) ![](_b/1.png) ![](_c/1.png)\n");
  for (const auto* folder : {"_a/", "_b/", "_c/"})
    for (int i = 0; i < 13; ++i)
      write(folder + std::to_string(i) + ".png", png(folder));
  const auto upload = push_and_publish();
  EXPECT_EQ(warnings(upload.warnings),
            Lines{"a.md:1:29: image '_c/1.png': its folder is too large to be looked into"});
  EXPECT_EQ(assets().size(), 2U);
}

TEST_F(Assets, LeavesFilesBeyondTheLimitToTheNextUpload) {
  config_.limits.assets_bytes_max = 50;
  for (const char name : {'a', 'b', 'c'}) {
    write(name + ".png"s, png(std::string(20, name)));
    write(name + ".md"s, "![]("s + name + ".png)\n");
  }
  const auto first = push_and_publish();
  EXPECT_EQ(warnings(first.warnings),
            (Lines{"b.md:1:1: image 'b.png': more than 50 bytes of new files in one upload, the "
                   "next one goes on",
                   "c.md:1:1: image 'c.png': more than 50 bytes of new files in one upload, the "
                   "next one goes on"}));
  for (const auto expected : {"2", "3"}) {
    write("edited.md", "# Edited "s + expected + "\n");
    push_and_publish();
    EXPECT_EQ(count("blog_asset"), expected);
  }
  EXPECT_EQ(value("select link_digest is null from blog"), "f");
}

TEST_F(Assets, StoresWholeFilesAfterAWorkerWasKilled) {
  write("a.png", png("a"));
  write("a.md", "![a](a.png)\n");
  push();
  const auto id = record();
  auto locker = pg::Connection::open(conninfo(), config_.database, "locker");
  pg::Transaction lock(locker);
  locker.execute(block_publish);
  auto victim = start_victim({conninfo(), config_.runtime_directory, id, "", false});
  ASSERT_TRUE(wait_for_a_blocked_session());
  victim.kill();
  EXPECT_EQ(victim.wait(), "killed by signal 9 (Killed)");
  lock.rollback();
  ASSERT_TRUE(wait_for([&] { return queue::release_dead_workers(connection_) == 1; }));
  EXPECT_EQ(count("asset"), "1") << "the content is there";
  EXPECT_EQ(count("blog_asset"), "0") << "but nobody's";
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_EQ(assets(), Lines{"a.png image/png 17"});
}

TEST_F(Assets, GivesTheSameFilesOnAReplay) {
  write("a.png", png("a"));
  write("a.md", "![a](a.png)\n\n[b](b.md)\n");
  write("b.md", "# B\n");
  const auto id = push_and_publish().id;
  const auto state = [&] {
    return digest() +
           value(
               "select string_agg(a::text, ',') || (select string_agg(xmin::text, ',') from asset)"
               " || (select string_agg(p::text, ',') from post_asset p) from blog_asset a");
  };
  const auto before = state();
  queue::replay(connection_, id, {});
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_EQ(state(), before);
}

TEST_F(Assets, PrunesUnusedFilesADayLater) {
  write("a.png", png("a"));
  write("b.png", png("b"));
  write("a.md", "![a](a.png) ![b](b.png)\n");
  push_and_publish();
  write("a.md", "![a](a.png)\n");
  push_and_publish();
  EXPECT_EQ(pruned_assets(connection_, {}), 0);
  execute("update asset set wanted_at = wanted_at - interval '25 hours'");
  EXPECT_EQ(pruned_assets(connection_, std::chrono::hours(48)), 0);
  EXPECT_EQ(pruned_assets(connection_, {}), 1);
  EXPECT_EQ(count("asset"), "1");

  write("a.md", "![a](a.png) ![b](b.png)\n");  // wanted again
  push_and_publish();
  EXPECT_EQ(count("asset"), "2");
}

TEST_F(Assets, ComparesFilesOnVerify) {
  write("a.png", png("a"));
  write("b.png", png("b"));
  write("a.md", "![a](a.png) ![b](b.png)\n");
  const auto id = push_and_publish().id;
  EXPECT_TRUE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
  execute("update blog_asset set blob = repeat('0', 40) where path = 'a.png'");
  execute(
      "insert into blog_asset select blog_id, 'c.png', blob, sha256 from blog_asset where path "
      "= 'b.png'");
  const auto found = reconcile::verify(connection_, config_, blog(), {});
  EXPECT_FALSE(found.is_ok);
  EXPECT_EQ(found.different, Lines{"a.png"});
  EXPECT_EQ(found.extra, Lines{"c.png"});
  queue::ReplayOptions repair;
  repair.is_from_start = true;
  queue::replay(connection_, id, repair);
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_TRUE(reconcile::verify(connection_, config_, blog(), {}).is_ok);
}

TEST_F(Assets, ChecksFilesInAPreview) {
  config_.limits.asset_bytes_max = 100;
  write("a.png", png("a"));
  write("a.md", "![a](a.png)\n\n[b](b.md)\n");
  write("b.md", "# B\n");
  push_and_publish();
  write("a.png", png(std::string(100, 'x')));
  author_.remove_file("b.md");
  write("c.md", "[none](none.md)\n");
  push();
  const auto before = digest();
  const auto found = preview(connection_, config_, blog(), std::nullopt, {}, {});
  EXPECT_EQ(
      warnings(found.warnings),
      (Lines{"c.md:1:1: link to 'none.md': no such file",
             "a.md:1:1: image 'a.png': the file has 116 bytes, more than the 100 that one may "
             "have",
             "a.md:3:1: link to 'b.md': no such file"}));
  EXPECT_EQ(digest(), before);
  EXPECT_EQ(count("asset"), "1");
  const auto checked = check_directory(config_, author_.folder(), {});
  EXPECT_EQ(
      warnings(checked.warnings),
      (Lines{"a.md:1:1: image 'a.png': the file has 116 bytes, more than the 100 that one may "
             "have",
             "a.md:3:1: link to 'b.md': no such file",
             "c.md:1:1: link to 'none.md': no such file"}));
  EXPECT_EQ(ending(publish()), "completed");
}

}  // namespace assets_test
}  // namespace devy::upload
