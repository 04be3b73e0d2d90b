// Fetches that leave files out, and bring them when they are read.
#include <algorithm>
#include <filesystem>

#include "tests/integration/platform/git/fixture.hpp"
#include "tests/support/git/git_run.hpp"

namespace devy::git {
namespace partial_fetch_test {

constexpr int files = 300;

class PartialFetch : public FetchTest {
 protected:
  // As in production: the child has given up the files of this machine.
  PartialFetch() { config_.git.url_schemes = {"http"}; }
  std::string publish_many() {
    for (int i = 0; i < files; ++i)
      author_.write_file(path_of(i), text_of(i));
    const auto commit = author_.commit();
    author_.push(bare());
    return commit;
  }
  static std::string path_of(int i) { return "posts/" + std::to_string(i) + ".md"; }
  static std::string text_of(int i) {
    return "# " + std::to_string(i) + "\n" + std::string(1'000, 'x') + "\n";
  }
  [[nodiscard]] Clone fetch_partly() { return fetch({.url = url_, .may_be_partial = true}); }
  static std::vector<BlobId> blobs_of(const Clone& clone) {
    std::vector<BlobId> blobs;
    std::vector<snapshot::FileError> warnings;
    clone.walk(
        "", [](std::string_view) { return true; },
        [&](const TreeFile& file) { blobs.push_back(file.blob); }, warnings);
    return blobs;
  }
  [[nodiscard]] std::uint64_t packs() const { return server_.counters().upload_packs; }
};

TEST_F(PartialFetch, ReadsTheWholeTreeWithoutAFile) {
  const auto commit = publish_many();
  const auto clone = fetch_partly();
  EXPECT_TRUE(clone.is_partial());
  EXPECT_EQ(clone.tip().commit.hex(), commit);
  EXPECT_EQ(clone.committed_at(), base::TimePoint(std::chrono::seconds(1'704'103'200)));
  EXPECT_EQ(paths_of(clone).size(), std::size_t{files});
  EXPECT_EQ(packs(), 1U);
  const auto repository = config_.runtime_directory + "/" + clone_folders().at(0) + "/trees.git";
  EXPECT_EQ(testing::run_git(
                {.arguments = {"-C", repository, "cat-file", "-e", blobs_of(clone).at(0).hex()}})
                .status,
            1);
}

TEST_F(PartialFetch, FetchesAFileWhenItIsRead) {
  publish_many();
  const auto clone = fetch_partly();
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
  EXPECT_EQ(clone.read_file("posts/none.md", 10'000), std::nullopt);
  const auto blob = clone.find(path_of(8)).value().blob;
  EXPECT_EQ(clone.blob_bytes(blob), text_of(8).size());
  EXPECT_EQ(clone.read_blob(blob, 10'000), text_of(8));
  EXPECT_EQ(packs(), 3U);
}

// A token may end between the trees and the files.
TEST_F(PartialFetch, FetchesAllWithAnotherTokenWhereTheFirstIsRefusedMeanwhile) {
  publish_many();
  const auto want_token = [&](const std::string& token) {
    server_.misbehave([&](testing::Faults& faults) { faults.token = token; });
  };
  want_token("ghs_first0123456789");
  int renewed = 0;
  const TokenSource tokens = [&](const TokenRequest& request, const auto&) {
    renewed += request.is_refused ? 1 : 0;
    return base::Secret(renewed > 0 ? "ghs_second0123456789" : "ghs_first0123456789");
  };
  const auto clone = fetch({.url = url_, .tokens = tokens, .may_be_partial = true});
  EXPECT_TRUE(clone.is_partial());
  EXPECT_EQ(renewed, 0);
  want_token("ghs_second0123456789");
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
  EXPECT_EQ(renewed, 1);
}

TEST_F(PartialFetch, FetchesManyFilesInOneRequest) {
  publish_many();
  const auto clone = fetch_partly();
  const auto before = clone.received_bytes();
  const auto blobs = blobs_of(clone);
  clone.prefetch(blobs);
  clone.prefetch(blobs);
  EXPECT_EQ(packs(), 2U);
  for (const auto& blob : blobs)
    EXPECT_NE(clone.read_blob(blob, 10'000), "");
  EXPECT_EQ(packs(), 2U);
  EXPECT_GT(clone.received_bytes(), before);
}

TEST_F(PartialFetch, AppliesTheLimitsOfAWholeFetch) {
  publish_many();
  const auto clone = fetch_partly();
  const auto blob = clone.find(path_of(8)).value().blob;
  try {
    static_cast<void>(clone.read_blob(blob, 10));
    ADD_FAILURE() << "a file over the limit was read";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "file_too_large");
  }
  config_.limits.pack_bytes_max = 500;
  EXPECT_EQ(error_of({.url = url_, .may_be_partial = true}).code(), "pack_too_large");
  config_.limits.pack_bytes_max = 100'000'000;
  config_.limits.pack_objects_max = 2;
  const auto error = error_of({.url = url_, .may_be_partial = true});
  EXPECT_EQ(error.code(), "pack_too_large") << error.text();
}

TEST_F(PartialFetch, LimitsAllPacksTogether) {
  publish_many();
  config_.limits.pack_bytes_max = fetch_partly().received_bytes() + 500;
  const auto clone = fetch_partly();
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
  try {
    clone.prefetch(blobs_of(clone));
    ADD_FAILURE() << "more was fetched than may be";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.code(), "pack_too_large");
  }
}

TEST_F(PartialFetch, FetchesEverythingWhenTheServerCannotFilter) {
  publish_many();
  testing::git({"-C", bare(), "config", "uploadpack.allowFilter", "false"});
  const auto clone = fetch_partly();
  EXPECT_FALSE(clone.is_partial());
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
}

TEST_F(PartialFetch, FetchesEverythingFromAPath) {
  publish_many();
  config_.git.url_schemes = {"file"};
  const auto clone = fetch({.url = file_url(), .may_be_partial = true});
  EXPECT_FALSE(clone.is_partial());
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
}

TEST_F(PartialFetch, FetchesEverythingWhenTheServerRefusesAFileLater) {
  publish_many();
  const auto clone = fetch_partly();
  ASSERT_TRUE(clone.is_partial());
  // It knows a blob by its name only in version 2 of the protocol.
  server_.misbehave([](testing::Faults& faults) { faults.knows_version_2 = false; });
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
  for (const auto& blob : blobs_of(clone))
    EXPECT_NE(clone.read_blob(blob, 10'000), "");
}

TEST_F(PartialFetch, FetchesEverythingFromAServerOfTheOldProtocol) {
  publish_many();
  server_.misbehave([](testing::Faults& faults) { faults.knows_version_2 = false; });
  const auto clone = fetch_partly();
  EXPECT_FALSE(clone.is_partial());
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
}

TEST_F(PartialFetch, FetchesACommitThatABranchPointsTo) {
  const auto commit = publish_many();
  const auto clone = fetch({.url = url_, .commit = commit_id(commit), .may_be_partial = true});
  EXPECT_TRUE(clone.is_partial());
  EXPECT_EQ(clone.tip().commit.hex(), commit);
}

TEST_F(PartialFetch, LeavesAnyOtherCommitToTheWholeFetch) {
  const auto commit = publish_many();
  publish();
  server_.misbehave([](testing::Faults& faults) { faults.allows_any_commit = true; });
  const auto clone = fetch({.url = url_, .commit = commit_id(commit), .may_be_partial = true});
  EXPECT_FALSE(clone.is_partial());
  EXPECT_EQ(clone.tip().commit.hex(), commit);
}

TEST_F(PartialFetch, ShowsTheTokenOnlyWhereItIsWanted) {
  publish_many();
  testing::write_text(folder_ / "token", "abc\n");
  std::filesystem::permissions(folder_ / "token", std::filesystem::perms::owner_read);
  config_.git.token_file = folder_ / "token";
  config_.git.token_host = "127.0.0.1";
  config_.git.token_for = {"alice"};
  {
    const auto clone = fetch_partly();
    EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
    EXPECT_EQ(server_.counters().with_authorization, 0U);
  }
  server_.misbehave([](testing::Faults& faults) { faults.token = "abc"; });
  const auto clone = fetch_partly();
  EXPECT_TRUE(clone.is_partial());
  EXPECT_EQ(clone.read_file(path_of(7), 10'000), text_of(7));
  EXPECT_EQ(server_.counters().with_authorization, 3U);
}

TEST_F(PartialFetch, EndsWhenTheServerFallsSilent) {
  publish_many();
  config_.limits.fetch_stall = config::seconds(1);
  {
    const auto clone = fetch_partly();
    server_.misbehave([](testing::Faults& faults) { faults.is_silent = true; });
    try {
      static_cast<void>(clone.read_file(path_of(7), 10'000));
      ADD_FAILURE() << "a silent server gave a file";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.code(), "fetch_stalled");
    }
  }
  server_.misbehave([](testing::Faults& faults) {
    faults.is_silent = false;
    faults.is_silent_after_refs = true;
  });
  EXPECT_EQ(error_of({.url = url_, .may_be_partial = true}).code(), "fetch_stalled");
}

TEST_F(PartialFetch, FailsWhenThePackIsTruncated) {
  publish_many();
  for (const std::size_t bytes : {300UL, 1'000UL, 5'000UL}) {
    server_.misbehave([&](testing::Faults& faults) { faults.pack_bytes = bytes; });
    const auto error = error_of({.url = url_, .may_be_partial = true});
    EXPECT_EQ(error.kind(), base::ErrorKind::unavailable) << error.text();
  }
}

TEST_F(PartialFetch, LeavesNoFolder) {
  publish_many();
  {
    const auto clone = fetch_partly();
    static_cast<void>(clone.read_file(path_of(7), 10'000));
    EXPECT_EQ(clone_folders().size(), 1U);
  }
  EXPECT_EQ(clone_folders().size(), 0U);
}

}  // namespace partial_fetch_test
}  // namespace devy::git
