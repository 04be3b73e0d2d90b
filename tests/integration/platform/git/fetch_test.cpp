// Fetches that work, over smart HTTP and from a path.
#include <filesystem>

#include "tests/integration/platform/git/fixture.hpp"
#include "tests/support/git/git_run.hpp"

namespace devy::git {
namespace fetch_test {

using Paths = std::vector<std::string>;

class Fetch : public FetchTest {};

TEST_F(Fetch, FetchesTheTipOfTheDefaultBranchOverHttp) {
  const auto commit = publish();
  const auto clone = fetch();
  EXPECT_TRUE(clone.has_tree());
  EXPECT_EQ(clone.tip().branch, "main");
  EXPECT_EQ(clone.tip().commit.hex(), commit);
  EXPECT_EQ(clone.tip().url, url_);
  EXPECT_EQ(paths_of(clone), Paths{"posts/hello.md"});
  EXPECT_EQ(clone.read_file("posts/hello.md", 100), "# Hello\n");
  EXPECT_EQ(clone.committed_at(), base::TimePoint(std::chrono::seconds(1'704'103'200)));
}

TEST_F(Fetch, FetchesTheTipFromAPath) {
  publish();
  const auto commit = publish("# Again\n");
  const auto clone = fetch({.url = file_url()});
  EXPECT_EQ(clone.tip().commit.hex(), commit);
  EXPECT_EQ(clone.read_file("posts/hello.md", 100), "# Again\n");
}

TEST_F(Fetch, IsShallowOverHttp) {
  const auto first = publish();
  publish("# Again\n");
  const auto clone = fetch();
  const auto repository = config_.runtime_directory + "/" + clone_folders().at(0) + "/branch.git";
  EXPECT_EQ(testing::git({"-C", repository, "rev-list", "--count", "refs/devy/fetched"}), "1");
  EXPECT_NE(testing::run_git({.arguments = {"-C", repository, "cat-file", "-e", first}}).status, 0);
}

TEST_F(Fetch, TakesTheNamedBranch) {
  publish();
  author_.new_branch("drafts/new");
  const auto commit = publish("# Draft\n");
  const auto clone = fetch({.url = url_, .branch = "drafts/new"});
  EXPECT_EQ(clone.tip().branch, "drafts/new");
  EXPECT_EQ(clone.tip().commit.hex(), commit);
}

TEST_F(Fetch, FetchesNoPackWhenTheTipHasNotMoved) {
  const auto commit = publish();
  const auto before = server_.counters();
  const auto clone = fetch({.url = url_, .skip_if_tip_is = commit_id(commit)});
  EXPECT_FALSE(clone.has_tree());
  EXPECT_EQ(clone.tip().commit.hex(), commit);
  EXPECT_EQ(server_.counters().upload_packs, before.upload_packs);
  EXPECT_EQ(server_.counters().requests, before.requests + 1);
}

TEST_F(Fetch, AsksForATipWithoutAClone) {
  const auto commit = publish();
  const auto tip = TipAsker().ask(config_, {.url = url_});
  EXPECT_EQ(tip.commit.hex(), commit);
  EXPECT_EQ(server_.counters().upload_packs, 0U);
  EXPECT_EQ(TipAsker().ask(config_, {.url = file_url()}).commit.hex(), commit);
}

TEST_F(Fetch, FollowsAForcedPush) {
  const auto first = publish();
  publish("# Second\n");
  author_.reset_to(first);
  const auto other = publish("# Rewritten\n");
  EXPECT_EQ(fetch().tip().commit.hex(), other);
}

TEST_F(Fetch, SaysWhichCommitItGotWhenTheBranchMovedMeanwhile) {
  publish();
  author_.write_file("posts/hello.md", "# Newer\n");
  const auto newer = author_.commit();
  int pushes = 0;
  server_.misbehave([&](testing::Faults& faults) {
    faults.before_upload_pack = [&] {
      if (pushes++ == 0) author_.force_push(bare());
    };
  });
  try {
    const auto clone = fetch();
    EXPECT_EQ(clone.read_file("posts/hello.md", 100),
              clone.tip().commit.hex() == newer ? "# Newer\n" : "# Hello\n");
  } catch (const base::Error& error) {
    // The server may refuse what is no tip any more; another attempt then succeeds.
    EXPECT_TRUE(base::is_retryable(error.kind())) << error.text();
    EXPECT_EQ(fetch().tip().commit.hex(), newer);
  }
}

TEST_F(Fetch, FetchesAnOlderCommitByItsId) {
  const auto first = publish();
  publish("# Second\n");
  const auto clone = fetch({.url = url_, .commit = commit_id(first)});
  EXPECT_EQ(clone.tip().commit.hex(), first);
  EXPECT_EQ(clone.tip().branch, "main");
  EXPECT_EQ(clone.read_file("posts/hello.md", 100), "# Hello\n");
  const auto from_path = fetch({.url = file_url(), .commit = commit_id(first)});
  EXPECT_EQ(from_path.read_file("posts/hello.md", 100), "# Hello\n");
}

TEST_F(Fetch, FetchesAnOlderCommitShallowWhereTheServerAllowsIt) {
  const auto first = publish();
  publish("# Second\n");
  testing::git({"-C", bare(), "config", "uploadpack.allowReachableSHA1InWant", "true"});
  const auto clone = fetch({.url = url_, .commit = commit_id(first)});
  EXPECT_EQ(clone.read_file("posts/hello.md", 100), "# Hello\n");
  const auto names = clone_folders().at(0);
  EXPECT_TRUE(std::filesystem::exists(config_.runtime_directory + "/" + names + "/commit.git"));
}

TEST_F(Fetch, FetchesACommitOfAnotherBranch) {
  publish();
  author_.new_branch("other");
  const auto commit = publish("# Other\n");
  publish("# Newer other\n");
  const auto clone = fetch({.url = url_, .branch = "main", .commit = commit_id(commit)});
  EXPECT_EQ(clone.read_file("posts/hello.md", 100), "# Other\n");
}

TEST_F(Fetch, FetchesATipByItsId) {
  const auto commit = publish();
  EXPECT_EQ(fetch({.url = url_, .commit = commit_id(commit)}).tip().commit.hex(), commit);
}

TEST_F(Fetch, ReportsProgress) {
  publish();
  std::uint64_t received_bytes = 0;
  const auto clone = Clone::fetch(config_, {.url = url_}, [&](const Progress& progress) {
    received_bytes = std::max(received_bytes, progress.received_bytes);
  });
  EXPECT_GT(received_bytes, 0U);
}

TEST_F(Fetch, ReadsBlobsOnlyWithinTheLimit) {
  publish("0123456789");
  const auto clone = fetch();
  EXPECT_EQ(clone.read_file("posts/hello.md", 10), "0123456789");
  EXPECT_EQ(clone.read_file("posts", 10), std::nullopt);
  EXPECT_EQ(clone.read_file("posts/none.md", 10), std::nullopt);
  EXPECT_EQ(clone.read_file("../etc/passwd", 10), std::nullopt);
  try {
    static_cast<void>(clone.read_file("posts/hello.md", 9));
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "file_too_large");
  }
}

}  // namespace fetch_test
}  // namespace devy::git
