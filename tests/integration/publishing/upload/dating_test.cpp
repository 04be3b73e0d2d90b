// Dates of posts whose files say none: those of their first commits, and what there is instead.
#include <filesystem>

#include "core/platform/queue/ingest.hpp"
#include "core/publishing/store/post_store.hpp"
#include "core/publishing/upload/service.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/publishing/upload_fixture.hpp"

namespace devy::upload {
namespace dating_test {

using testing::changes_text;
using testing::ending;
using testing::Lines;
using testing::UploadTest;

class PostDating : public UploadTest {
 protected:
  // Commits what is in the work tree as if it had been written on that day; pushes.
  std::string push_of(const std::string& day, const std::string& committed = {}) {
    author_.git({"add", "-A"});
    const auto made = testing::run_git(
        {.arguments = {"-C", author_.folder(), "commit", "-q", "--allow-empty", "-m", "x"},
         .environment = {
             "GIT_AUTHOR_DATE=" + day + "T12:00:00 +0000",
             "GIT_COMMITTER_DATE=" + (committed.empty() ? day : committed) + "T12:00:00 +0000"}});
    EXPECT_EQ(made.status, 0) << made.complaints;
    author_.force_push(bare());
    const auto commit = author_.head();
    expect_head(commit);
    return commit;
  }
  [[nodiscard]] std::string date(const std::string& path) const {
    return value(
        "select to_char(published_at at time zone 'UTC', 'YYYY-MM-DD') || ' ' || "
        "date_source from post where path = '" +
        path + "'");
  }
  void refuse_filters(bool refuses) {
    testing::git({"-C", bare(), "config", "uploadpack.allowFilter", refuses ? "false" : "true"});
  }
  [[nodiscard]] std::uint64_t packs() const { return server_.counters().upload_packs; }
};

TEST_F(PostDating, GivesEachPostTheDayOfItsFirstCommit) {
  write("1.md", "# One\n");
  push_of("2016-05-01", "2018-01-01");
  write("2.md", "# Two\n");
  write("2020-02-02-named.md", "# Named\n");
  write("written.md", "---\ndate: 2019-09-09\n---\n# Written\n");
  push_of("2017-05-01");
  write("1.md", "# One, again\n");
  push_of("2021-05-01");
  EXPECT_EQ(ending(publish()), "completed");
  EXPECT_EQ(date("1.md"), "2016-05-01 history");
  EXPECT_EQ(date("2.md"), "2017-05-01 history");
  EXPECT_EQ(date("2020-02-02-named.md"), "2020-02-02 written");
  EXPECT_EQ(date("written.md"), "2019-09-09 written");
}

TEST_F(PostDating, DatesTheNewFilesOfALaterPushByTheirOwnCommits) {
  write("a.md", "# A\n");
  push_of("2016-05-01");
  publish();
  write("b.md", "# B\n");
  push_of("2022-01-01");
  write("c.md", "# C\n");
  push_of("2022-01-02");
  publish();
  EXPECT_EQ(date("a.md"), "2016-05-01 history");
  EXPECT_EQ(date("b.md"), "2022-01-01 history");
  EXPECT_EQ(date("c.md"), "2022-01-02 history");
}

TEST_F(PostDating, AsksForNoHistoryWhereEveryNewPostHasADate) {
  write("a.md", "# A\n");
  push_of("2016-05-01");
  publish();
  const auto counted = [&] {
    const auto before = packs();
    publish();
    return packs() - before;
  };
  write("b.md", "---\ndate: 2020-01-01\n---\n# B\n");
  push_of("2022-01-01");
  const auto dated = counted();
  // Its file has a date already, which it keeps.
  write("a.md", "# A, again\n");
  push_of("2022-01-02");
  EXPECT_EQ(counted(), dated);
  // A push of one commit: its parent came with it.
  write("c.md", "# C\n");
  push_of("2022-01-03");
  EXPECT_EQ(counted(), dated);
  EXPECT_EQ(date("c.md"), "2022-01-03 history");
  write("d.md", "# D\n");
  push_of("2022-01-04");
  write("a.md", "# A, and again\n");
  push_of("2022-01-05");
  EXPECT_EQ(counted(), dated + 1);
  EXPECT_EQ(date("d.md"), "2022-01-04 history");
}

TEST_F(PostDating, KeepsTheDateOfAPostThatMovesOrWhoseHistoryIsRewritten) {
  write("a.md", "# A\n\nSome text.\n");
  push_of("2016-05-01");
  publish();
  author_.rename("a.md", "posts/b.md");
  write("posts/b.md", "# A\n\nSome text. And more.\n");
  push_of("2020-05-01");
  publish();
  EXPECT_EQ(date("posts/b.md"), "2016-05-01 history");
  author_.git({"checkout", "-q", "--orphan", "other"});
  write("posts/b.md", "# A\n\nSome text. And more, again.\n");
  author_.git({"add", "-A"});
  author_.git({"commit", "-q", "-m", "x"});
  author_.git({"branch", "-M", "other", "main"});
  author_.force_push(bare());
  expect_head(author_.head());
  EXPECT_EQ(ending(publish()), "completed");
  EXPECT_EQ(date("posts/b.md"), "2016-05-01 history");
}

TEST_F(PostDating, FollowsAFileFromWhereItWasNoPost) {
  write("devy.toml", "ignore = [\"ideas/\"]\n");
  write("ideas/a.md", "# An idea\n");
  write("other.md", "# Other\n");
  push_of("2016-05-01");
  publish();
  author_.rename("ideas/a.md", "a.md");
  push_of("2020-05-01");
  publish();
  EXPECT_EQ(date("a.md"), "2016-05-01 history");
}

TEST_F(PostDating, TakesTheDateOfTheFirstCommitWhereTheWrittenOneGoes) {
  write("a.md", "---\ndate: 2019-09-09\n---\n# A\n");
  push_of("2016-05-01");
  publish();
  EXPECT_EQ(date("a.md"), "2019-09-09 written");
  write("a.md", "# A\n");
  push_of("2020-05-01");
  publish();
  EXPECT_EQ(date("a.md"), "2016-05-01 history");
  EXPECT_EQ(value("select count(*) from post where published_on is not null"), "0");
}

TEST_F(PostDating, ShowsAPostWhoseClockIsAhead) {
  write("a.md", "# A\n");
  push_of("2098-05-01");
  publish();
  EXPECT_EQ(value("select count(*) from visible_post"), "1");
  refuse_filters(true);
  write("b.md", "# B\n");
  push_of("2098-05-02");
  publish();
  EXPECT_EQ(value("select count(*) from visible_post"), "2");
}

TEST_F(PostDating, SaysWhyPostsHaveTheDateOfTheUploadsCommit) {
  refuse_filters(true);
  write("1.md", "# One\n");
  write("2.md", "# Two\n");
  push_of("2016-05-01");
  write("3.md", "# Three\n");
  push_of("2017-05-01");
  const auto upload = publish();
  EXPECT_EQ(ending(upload), "completed");
  EXPECT_EQ(date("1.md"), "2017-05-01 commit");
  EXPECT_EQ(date("3.md"), "2017-05-01 commit");
  ASSERT_EQ(upload.warnings.size(), 1U);
  EXPECT_EQ(upload.warnings[0].path, "1.md");
  EXPECT_NE(upload.warnings[0].message.find("it and 2 other files have no date of their own"),
            std::string::npos)
      << upload.warnings[0].message;
  EXPECT_NE(upload.warnings[0].message.find("does not give a history"), std::string::npos);
}

TEST_F(PostDating, AsksAgainForAHistoryThatWasRefusedWhenAnUploadIsReplayed) {
  refuse_filters(true);
  write("1.md", "# One\n");
  write("2.md", "# Two\n");
  push_of("2016-05-01");
  write("3.md", "# Three\n");
  push_of("2017-05-01");
  publish();
  refuse_filters(false);
  write("1.md", "# One, again\n");
  push_of("2020-05-01");
  const auto id = publish().id;
  EXPECT_EQ(date("1.md"), "2017-05-01 commit");
  queue::ReplayOptions options;
  options.requested_by = "test";
  queue::replay(connection_, id, options);
  EXPECT_EQ(ending(run(id)), "completed");
  EXPECT_EQ(date("1.md"), "2016-05-01 history");
  EXPECT_EQ(date("2.md"), "2016-05-01 history");
  EXPECT_EQ(date("3.md"), "2017-05-01 history");
}

TEST_F(PostDating, AsksAgainByItselfAfterAFailureThatMayPass) {
  write("1.md", "# One\n");
  push_of("2016-05-01");
  write("2.md", "# Two\n");
  push_of("2017-05-01");
  int packs_made = 0;
  server_.misbehave([&](testing::Faults& faults) {
    faults.before_upload_pack = [&] {
      if (++packs_made == 2) server_.misbehave([](testing::Faults& now) { now.closes = true; });
    };
  });
  EXPECT_EQ(ending(publish()), "completed");
  server_.behave();
  EXPECT_EQ(date("1.md"), "2017-05-01 pending");
  const auto version = row_version("1.md");
  write("unrelated.md", "---\ndate: 2020-01-01\n---\n# U\n");
  push_of("2021-01-01");
  publish();
  EXPECT_EQ(date("1.md"), "2016-05-01 history");
  EXPECT_EQ(date("2.md"), "2017-05-01 history");
  EXPECT_NE(row_version("1.md"), version);
}

TEST_F(PostDating, DatesThePostsOfABlogThatHasTheDateOfOneUpload) {
  write("1.md", "# One\n");
  push_of("2016-05-01");
  write("2.md", "# Two\n");
  push_of("2017-05-01");
  publish();
  // As an earlier version left them.
  execute("update post set published_at = '2017-05-01', date_source = 'pending', origin = 'old'");
  execute("update blog set head_origin = 'old'");
  EXPECT_EQ(changes_text(publish()), "0 2 0 0 0 0");
  EXPECT_EQ(date("1.md"), "2016-05-01 history");
  EXPECT_EQ(date("2.md"), "2017-05-01 history");
}

TEST_F(PostDating, IsToldBeforehandByDiffAndCheck) {
  write("1.md", "# One\n");
  push_of("2016-05-01");
  write("2.md", "# Two\n");
  push_of("2017-05-01");
  const auto day = [](const PlannedPost& post) {
    return post.date ? std::chrono::floor<std::chrono::days>(post.date->at)
                     : std::chrono::sys_days{};
  };
  using namespace std::chrono;
  const auto first = sys_days(2016y / May / 1), second = sys_days(2017y / May / 1);
  const auto seen = preview(connection_, config_, blog(), {}, {}, {});
  ASSERT_EQ(seen.posts.size(), 2U);
  EXPECT_EQ(day(seen.posts[0]), first);
  EXPECT_EQ(day(seen.posts[1]), second);
  write("3.md", "# Not committed\n");
  const auto checked = check_directory(config_, author_.folder(), {});
  ASSERT_EQ(checked.posts.size(), 3U);
  EXPECT_EQ(day(checked.posts[0]), first);
  EXPECT_EQ(day(checked.posts[1]), second);
  EXPECT_FALSE(checked.posts[2].date);
  EXPECT_TRUE(checked.warnings.empty());
  std::filesystem::remove(author_.folder() + "/3.md");
  publish();
}

TEST_F(PostDating, MakesNoDriftAndNothingToDoTheSecondTime) {
  write("1.md", "# One\n");
  push_of("2016-05-01");
  publish();
  const auto before = digest();
  EXPECT_EQ(changes_text(publish()), "0 0 0 0 1 0");
  EXPECT_EQ(digest(), before);
}

TEST_F(PostDating, ListsPostsOfOneTimeAsPeopleCount) {
  for (const auto* name : {"1", "2", "10", "100", "20"})
    write("docs/issue-" + std::string(name) + ".md", "# Issue\n");
  push_of("2016-05-01");
  publish();
  Lines paths;
  for (const auto& post : publishing::list_posts(connection_, blog(), false))
    paths.push_back(post.path);
  EXPECT_EQ(paths, (Lines{"docs/issue-1.md", "docs/issue-2.md", "docs/issue-10.md",
                          "docs/issue-20.md", "docs/issue-100.md"}));
}

}  // namespace dating_test
}  // namespace devy::upload
