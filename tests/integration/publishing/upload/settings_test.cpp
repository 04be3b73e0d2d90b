// devy.toml as part of an upload.
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace settings_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class BlogSettings : public UploadTest {
 protected:
  BlogSettings() {
    write("top.md", "# Top\n\nThe file at the top.\n");
    write("docs/page.md", "# Page\n\nThe file in the folder.\n");
  }
};

TEST_F(BlogSettings, NarrowsTheBlogAndItsAddressesByRoot) {
  push_and_publish();
  const auto id = value("select id from post where path = 'docs/page.md'");
  write("devy.toml", "root = \"docs\"\nname = \"Notes\"\n");
  oracle_.root = "docs";
  EXPECT_EQ(changes_text(push_and_publish()), "0 1 0 1 0 0");
  EXPECT_EQ(posts(), Lines{"docs/page.md page"});
  EXPECT_EQ(redirects(), Lines{"docs/page docs/page.md"});
  EXPECT_EQ(value("select id from post"), id);
  EXPECT_EQ(blog().name, "Notes");
}

TEST_F(BlogSettings, RemovesIgnoredPosts) {
  push_and_publish();
  write("devy.toml", "ignore = [\"docs/\"]\n");
  oracle_.is_ignored = [](const std::string& path) { return path.starts_with("docs/"); };
  EXPECT_EQ(changes_text(push_and_publish()), "0 0 0 1 1 0");
}

TEST_F(BlogSettings, FollowsTheBranchOfTheSettings) {
  write("devy.toml", "branch = \"live\"\n");
  push();
  author_.new_branch("live");
  write("top.md", "# Live\n");
  const auto live = push();
  const auto upload = publish();
  EXPECT_EQ(upload.commit, live);
  EXPECT_EQ(value("select title from post where path = 'top.md'"), "Live");
  EXPECT_EQ(ending(publish()), "completed");
}

TEST_F(BlogSettings, PrefersTheBranchOfTheOperator) {
  execute("update blog set branch = 'main'");
  write("devy.toml", "branch = \"live\"\n");
  const auto main = push();
  author_.new_branch("live");
  write("top.md", "# Live\n");
  push();
  EXPECT_EQ(publish().commit, main);
  expect_head(main);
}

TEST_F(BlogSettings, PublishesDraftsWhenAsked) {
  write("top.md", "---\ndraft: true\n---\n# Top\n");
  push_and_publish();
  EXPECT_EQ(value("select count(*) from visible_post"), "1");
  write("devy.toml", "drafts = true\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 2 0 0 0 0");
  EXPECT_EQ(value("select count(*) from visible_post"), "2");
}

TEST_F(BlogSettings, RendersAgainForANewTimezone) {
  write("top.md", "---\ndate: 2024-06-01 12:00:00\n---\n# Top\n");
  push_and_publish();
  write("devy.toml", "timezone = \"Europe/Vienna\"\n");
  EXPECT_EQ(changes_text(push_and_publish()), "0 2 0 0 0 0");
  EXPECT_EQ(value("select published_at at time zone 'UTC' from post where path = 'top.md'"),
            "2024-06-01 10:00:00");
}

TEST_F(BlogSettings, LeavesTheBlogUnchangedWhenBroken) {
  const auto good = push();
  publish();
  const auto before = digest();
  write("devy.toml", "root = \"docs\"\ndrafts = maybe\n");
  push();
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "failed/settings_broken");
  EXPECT_TRUE(upload.error_text->starts_with("devy.toml:2:")) << *upload.error_text;
  EXPECT_FALSE(upload.error_hint->empty());
  EXPECT_EQ(digest(), before);
  expect_head(good);
}

TEST_F(BlogSettings, WarnsOfAnUnknownKey) {
  write("devy.toml", "rot = \"docs\"\n");
  const auto upload = push_and_publish();
  ASSERT_EQ(upload.warnings.size(), 1U);
  EXPECT_EQ(upload.warnings[0].message, "unknown key 'rot', did you mean 'root'?");
}

TEST_F(BlogSettings, FailsForAMissingRoot) {
  const auto good = push();
  publish();
  write("devy.toml", "root = \"nowhere\"\n");
  push();
  EXPECT_EQ(ending(publish()), "failed/root_missing");
  expect_head(good);
}

}  // namespace settings_test
}  // namespace devy::upload
