// Dates of files from the history of a commit, held against `git log --follow` for each file.
#include "core/platform/git/first_commits.hpp"

#include <signal.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/integration/platform/git/fixture.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/git/history_maker.hpp"

namespace devy::git {
namespace first_commits_test {

using Paths = std::vector<std::string>;

base::TimePoint seconds(std::int64_t number) {
  return base::TimePoint(std::chrono::seconds(number));
}

// Kills every child of this process that fetches.
void kill_children() {
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream children(thread.path() / "children");
    for (pid_t child = 0; children >> child;) {
      std::ifstream command("/proc/" + std::to_string(child) + "/cmdline");
      const std::string line{std::istreambuf_iterator<char>(command), {}};
      if (line.find("--devy-child=fetch") != std::string::npos) kill(child, SIGKILL);
    }
  }
}

// Bytes that do not become fewer in a pack.
std::string noise(unsigned seed) {
  std::mt19937 random(seed);
  std::string bytes(40'000, ' ');
  for (auto& byte : bytes)
    byte = static_cast<char>(random());
  return bytes;
}

class FirstCommitsTest : public FetchTest {
 protected:
  // As in production: the child has given up the files of this machine.
  FirstCommitsTest() { config_.git.url_schemes = {"http"}; }

  // Commits what is in the work tree as if it had been written at that time; pushes.
  std::string commit_at(std::int64_t written, std::int64_t committed = 0) {
    author_.git({"add", "-A"});
    const auto date = [](std::int64_t at) { return std::to_string(at) + " +0000"; };
    const auto made = testing::run_git(
        {.arguments = {"-C", author_.folder(), "commit", "-q", "--allow-empty", "-m", "x"},
         .environment = {"GIT_AUTHOR_DATE=" + date(written),
                         "GIT_COMMITTER_DATE=" + date(committed == 0 ? written : committed)}});
    EXPECT_EQ(made.status, 0) << made.complaints;
    author_.force_push(bare());
    return author_.head();
  }
  [[nodiscard]] FirstCommits find(const Paths& paths,
                                  const std::optional<base::TimePoint>& since = {}) {
    return fetch().first_commits(paths, since, {});
  }
  [[nodiscard]] base::TimePoint date_of(const std::string& path) {
    const auto found = find({path});
    EXPECT_EQ(found.obstacle, "");
    return found.authored_at.contains(path) ? found.authored_at.at(path) : base::TimePoint{};
  }
  // git's own word.
  [[nodiscard]] base::TimePoint peer_date_of(const std::string& path) const {
    const auto log = testing::git({"-C", bare(), "log", "--follow", "--find-renames=100%",
                                   "--diff-filter=A", "--format=%at", "main", "--", path});
    const auto last = log.substr(log.rfind('\n') + 1);
    std::int64_t number = 0;
    std::from_chars(last.data(), last.data() + last.size(), number);
    return seconds(number);
  }
  [[nodiscard]] std::uint64_t packs() const { return server_.counters().upload_packs; }
  void refuse_filters() {
    testing::git({"-C", bare(), "config", "uploadpack.allowFilter", "false"});
  }
};

TEST_F(FirstCommitsTest, GivesEachFileTheTimeAtWhichItWasWritten) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000, 1'400'000'000);
  author_.write_file("posts/b.md", "b");
  commit_at(1'100'000'000, 1'500'000'000);
  author_.write_file("a.md", "changed");
  commit_at(1'600'000'000);
  const auto found = find({"a.md", "posts/b.md", "none.md"});
  EXPECT_EQ(found.authored_at.at("a.md"), seconds(1'000'000'000));
  EXPECT_EQ(found.authored_at.at("posts/b.md"), seconds(1'100'000'000));
  EXPECT_FALSE(found.authored_at.contains("none.md"));
  EXPECT_EQ(found.commits, 3U);
}

TEST_F(FirstCommitsTest, FollowsAFileThroughItsMoves) {
  author_.write_file("drafts/a.txt", "a text");
  commit_at(1'000'000'000);
  author_.rename("drafts/a.txt", "drafts/b.md");
  commit_at(1'100'000'000);
  author_.rename("drafts/b.md", "posts/2020/b.md");
  commit_at(1'200'000'000);
  EXPECT_EQ(date_of("posts/2020/b.md"), seconds(1'000'000'000));
}

TEST_F(FirstCommitsTest, DoesNotTakeAnEditedMoveOrACopyForTheSameFile) {
  author_.write_file("a.md", "a text");
  author_.write_file("kept.md", "kept");
  commit_at(1'000'000'000);
  author_.rename("a.md", "b.md");
  author_.write_file("b.md", "a text, and another");
  author_.write_file("copy.md", "kept");
  commit_at(1'100'000'000);
  EXPECT_EQ(date_of("b.md"), seconds(1'100'000'000));
  EXPECT_EQ(date_of("copy.md"), seconds(1'100'000'000));
}

TEST_F(FirstCommitsTest, PairsEqualFilesThatMoveTogetherByTheirNames) {
  author_.write_file("x/one.md", "same");
  commit_at(1'000'000'000);
  author_.write_file("x/two.md", "same");
  commit_at(1'100'000'000);
  std::filesystem::rename(author_.folder() + "/x", author_.folder() + "/y");
  commit_at(1'200'000'000);
  EXPECT_EQ(date_of("y/one.md"), seconds(1'000'000'000));
  EXPECT_EQ(date_of("y/two.md"), seconds(1'100'000'000));
}

TEST_F(FirstCommitsTest, GivesAFileThatWasMadeAgainTheTimeOfTheFirst) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  author_.remove_file("a.md");
  commit_at(1'100'000'000);
  author_.write_file("a.md", "other");
  commit_at(1'200'000'000);
  EXPECT_EQ(date_of("a.md"), seconds(1'000'000'000));
}

TEST_F(FirstCommitsTest, GivesAFileOfAMergedBranchTheTimeOfThatBranch) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  author_.new_branch("side");
  author_.write_file("side.md", "s");
  commit_at(1'100'000'000);
  author_.rename("a.md", "moved.md");
  commit_at(1'150'000'000);
  author_.switch_to("main");
  author_.write_file("b.md", "b");
  commit_at(1'200'000'000);
  author_.git({"merge", "-q", "--no-ff", "--no-commit", "side"});
  author_.write_file("evil.md", "made by the merge");
  commit_at(1'300'000'000);
  EXPECT_EQ(date_of("side.md"), seconds(1'100'000'000));
  EXPECT_EQ(date_of("moved.md"), seconds(1'000'000'000));
  EXPECT_EQ(date_of("b.md"), seconds(1'200'000'000));
  EXPECT_EQ(date_of("evil.md"), seconds(1'300'000'000));
}

TEST_F(FirstCommitsTest, AgreesWithGitAboutAThousandFilesInThreeHundredCommits) {
  const auto paths = testing::HistoryMaker({}).write(bare());
  ASSERT_GT(paths.size(), 900U);
  const auto found = find(paths);
  EXPECT_EQ(found.obstacle, "");
  ASSERT_EQ(found.authored_at.size(), paths.size());
  for (const auto& path : paths)
    EXPECT_EQ(found.authored_at.at(path), peer_date_of(path)) << path;
}

TEST_F(FirstCommitsTest, LooksAtRecentCommitsAloneWhereTheyAreEnough) {
  for (int i = 0; i < 30; ++i) {
    author_.write_file("posts/" + std::to_string(i) + ".md", "post " + std::to_string(i));
    commit_at(1'000'000'000 + i * 1'000);
  }
  const auto recent = find({"posts/28.md", "posts/29.md"}, seconds(1'000'027'000));
  EXPECT_EQ(recent.authored_at.at("posts/28.md"), seconds(1'000'028'000));
  EXPECT_EQ(recent.authored_at.at("posts/29.md"), seconds(1'000'029'000));
  EXPECT_EQ(recent.commits, 3U);
  const auto clone = fetch();
  const auto before = packs();
  const auto older = clone.first_commits({"posts/3.md", "posts/29.md"}, seconds(1'000'027'000), {});
  EXPECT_EQ(older.authored_at.at("posts/3.md"), seconds(1'000'003'000));
  EXPECT_EQ(older.commits, 30U);
  EXPECT_EQ(packs(), before + 2);  // what is recent, then all
}

// What a push of one commit brought is known from the fetch of its tip; with its files and without.
TEST_F(FirstCommitsTest, FetchesNothingMoreForThatOfACommitWhoseParentCameWithIt) {
  author_.write_file("ideas/moved.md", "moved");
  commit_at(999'999'000);
  author_.write_file("old.md", "old");
  const auto head = *CommitId::parse(commit_at(1'000'000'000));
  author_.write_file("new.md", "new");
  author_.rename("ideas/moved.md", "moved.md");
  commit_at(1'000'001'000);
  const Since since(seconds(1'000'000'000), head);
  for (const bool is_partial : {false, true}) {
    const auto clone = fetch({.url = url_, .may_be_partial = is_partial, .brings_parents = true});
    EXPECT_EQ(clone.is_partial(), is_partial);
    const auto before = packs();
    const auto found = clone.first_commits({"new.md"}, since, {});
    EXPECT_EQ(found.authored_at.at("new.md"), seconds(1'000'001'000));
    EXPECT_EQ(packs(), before);
    // It is older than the tip.
    const auto moved = clone.first_commits({"moved.md"}, since, {});
    EXPECT_EQ(moved.authored_at.at("moved.md"), peer_date_of("moved.md"));
    EXPECT_GT(packs(), before);
  }
}

// A file that was deleted and made again is as old as the first of that name.
TEST_F(FirstCommitsTest, FetchesTheCommitsBetweenWhereThereAreMore) {
  author_.write_file("old.md", "old");
  const auto head = *CommitId::parse(commit_at(1'000'000'000));
  author_.write_file("new.md", "new");
  commit_at(1'000'001'000);
  author_.remove_file("new.md");
  commit_at(1'000'002'000);
  author_.write_file("new.md", "anew");
  commit_at(1'000'003'000);
  const auto clone = fetch({.url = url_, .brings_parents = true});
  const auto found = clone.first_commits({"new.md"}, Since(seconds(1'000'000'000), head), {});
  EXPECT_EQ(found.authored_at.at("new.md"), seconds(1'000'001'000));
}

TEST_F(FirstCommitsTest, LeavesTheParentsOutWhereThePackWouldBeTooLarge) {
  author_.write_file("old.md", noise(1));
  commit_at(1'000'000'000);
  author_.write_file("old.md", noise(2));
  commit_at(1'000'001'000);
  config_.limits.pack_bytes_max = 60'000;
  const auto clone = fetch({.url = url_, .brings_parents = true});
  EXPECT_TRUE(clone.has_tree());
  EXPECT_LT(clone.received_bytes(), 60'000U);
  config_.limits.pack_objects_max = 3;  // a commit, a tree, a file
  EXPECT_TRUE(fetch({.url = url_, .brings_parents = true}).has_tree());
  config_.limits.pack_bytes_max = 20'000;
  EXPECT_THROW(fetch({.url = url_, .brings_parents = true}), base::Error);
}

TEST_F(FirstCommitsTest, LooksAtAllWhereTheServerHasNothingRecent) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  const auto found = find({"a.md"}, seconds(1'100'000'000));
  EXPECT_EQ(found.authored_at.at("a.md"), seconds(1'000'000'000));
}

TEST_F(FirstCommitsTest, FetchesNoFile) {
  author_.write_file("a.md", std::string(100'000, 'x') + "a");
  commit_at(1'000'000'000);
  const auto clone = fetch();
  Progress last;
  const auto found = clone.first_commits({"a.md"}, {}, [&](const Progress& progress) {
    if (progress.received_bytes > 0) last = progress;
  });
  EXPECT_EQ(found.authored_at.size(), 1U);
  EXPECT_EQ(last.total_objects, 2U);  // the commit and its tree
}

TEST_F(FirstCommitsTest, LeavesNothingBehind) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  const auto clone = fetch();
  static_cast<void>(clone.first_commits({"a.md"}, seconds(1), {}));
  const auto folder = config_.runtime_directory + "/" + clone_folders().at(0);
  EXPECT_FALSE(std::filesystem::exists(folder + "/history.git"));
  EXPECT_FALSE(std::filesystem::exists(folder + "/recent.git"));
}

TEST_F(FirstCommitsTest, SaysThatTheServerGivesNoHistoryWithoutFiles) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  refuse_filters();
  const auto found = find({"a.md"});
  EXPECT_TRUE(found.authored_at.empty());
  EXPECT_NE(found.obstacle.find("does not give a history without files"), std::string::npos)
      << found.obstacle;
  EXPECT_FALSE(found.is_passing);
}

TEST_F(FirstCommitsTest, EndsAtEachLimitAndSaysWhich) {
  testing::HistoryMaker({.commits = 60, .files = 60}).write(bare());
  const Paths paths{"posts/0/1.md"};
  config_.limits.history_commits_max = 59;
  EXPECT_NE(find(paths).obstacle.find("more than 59 commits"), std::string::npos);
  config_.limits.history_commits_max = 1'000;
  config_.limits.history_bytes_max = 1'000;
  const auto large = find(paths);
  EXPECT_NE(large.obstacle.find("over the limit"), std::string::npos) << large.obstacle;
  EXPECT_FALSE(large.is_passing);
  config_.limits.history_bytes_max = 1'000'000;
  EXPECT_EQ(find(paths).obstacle, "");
  config_.limits.history_wall_clock = std::chrono::seconds(0);
  const auto slow = find(paths);
  EXPECT_NE(slow.obstacle.find("too long"), std::string::npos) << slow.obstacle;
  EXPECT_FALSE(slow.is_passing);
}

TEST_F(FirstCommitsTest, CallsAFailureOfTheServerPassing) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  const auto clone = fetch();
  server_.misbehave([](testing::Faults& faults) { faults.pack_bytes = 60; });
  const auto cut = clone.first_commits({"a.md"}, {}, {});
  EXPECT_NE(cut.obstacle, "");
  EXPECT_TRUE(cut.is_passing);
  server_.misbehave([](testing::Faults& faults) { faults.closes = true; });
  EXPECT_TRUE(clone.first_commits({"a.md"}, {}, {}).is_passing);
  server_.behave();
  EXPECT_EQ(clone.first_commits({"a.md"}, {}, {}).obstacle, "");
}

TEST_F(FirstCommitsTest, CallsTheDeathOfTheChildPassing) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  const auto clone = fetch();
  server_.misbehave([](testing::Faults& faults) { faults.before_upload_pack = kill_children; });
  const auto found = clone.first_commits({"a.md"}, {}, {});
  EXPECT_NE(found.obstacle.find("signal"), std::string::npos) << found.obstacle;
  EXPECT_TRUE(found.is_passing);
  server_.behave();
  EXPECT_EQ(clone.first_commits({"a.md"}, {}, {}).obstacle, "");
}

TEST_F(FirstCommitsTest, DoesNotGuessWhereTheServersOwnHistoryIsCut) {
  for (int i = 0; i < 5; ++i) {
    author_.write_file(std::to_string(i) + ".md", std::to_string(i));
    commit_at(1'000'000'000 + i);
  }
  const auto cut = folder_ / "srv/alice/cut.git";
  testing::git({"clone", "-q", "--bare", "--depth=2", "file://" + bare(), cut});
  testing::git({"-C", cut, "config", "uploadpack.allowFilter", "true"});
  const auto clone = fetch({.url = server_.url("alice/cut.git"), .may_be_partial = true});
  const auto found = clone.first_commits({"0.md", "4.md"}, {}, {});
  EXPECT_EQ(found.authored_at.at("4.md"), seconds(1'000'000'004));
  EXPECT_FALSE(found.authored_at.contains("0.md"));
  EXPECT_EQ(found.obstacle, "the history that is there ends before they began");
  EXPECT_TRUE(found.is_cut);
}

TEST_F(FirstCommitsTest, ReadsTheHistoryOfARepositoryByPathWithoutAnotherFetch) {
  config_.git.url_schemes = {"file"};
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  author_.write_file("b.md", "b");
  commit_at(1'100'000'000);
  const auto found = fetch({.url = file_url()}).first_commits({"a.md", "b.md"}, {}, {});
  EXPECT_EQ(found.authored_at.at("a.md"), seconds(1'000'000'000));
  EXPECT_EQ(found.authored_at.at("b.md"), seconds(1'100'000'000));
}

TEST_F(FirstCommitsTest, ReadsTheHistoryOfAFolderOfAWorkTree) {
  author_.write_file("blog/a.md", "a");
  author_.write_file("a.md", "other");
  commit_at(1'000'000'000);
  author_.write_file("blog/new.md", "not committed");
  const auto clone = Clone::import_directory(config_, author_.folder() + "/blog");
  const auto found = clone.first_commits({"a.md", "new.md"}, {}, {});
  EXPECT_EQ(found.authored_at.at("a.md"), seconds(1'000'000'000));
  EXPECT_FALSE(found.authored_at.contains("new.md"));
  const testing::TempFolder plain;
  EXPECT_TRUE(Clone::import_directory(config_, plain.path())
                  .first_commits({"a.md"}, {}, {})
                  .authored_at.empty());
}

TEST_F(FirstCommitsTest, EndsWithWhoeverStops) {
  author_.write_file("a.md", "a");
  commit_at(1'000'000'000);
  std::stop_source stop;
  const auto clone = Clone::fetch(config_, {.url = url_}, {}, stop.get_token());
  stop.request_stop();
  try {
    static_cast<void>(clone.first_commits({"a.md"}, {}, {}));
    FAIL() << "it went on";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.kind(), base::ErrorKind::stopped);
  }
}

}  // namespace first_commits_test
}  // namespace devy::git
