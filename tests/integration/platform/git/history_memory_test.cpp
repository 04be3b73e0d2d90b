// The memory that a long history needs: it is read within 64 MiB, also where thousands of posts lie
// in one folder (issue 16). `scripts/bench history` measures the process.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/platform/git/first_commits.hpp"
#include "core/platform/git/library.hpp"
#include "tests/support/git/git_repository.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/git/history_maker.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::git {
namespace history_memory_test {

constexpr std::int64_t mebibyte = std::int64_t{1024} * 1024;

TEST(HistoryMemory, HoldsFewTreesOfALargeFolder) {
  const testing::TempFolder folder;
  const auto bare = folder / "flat.git";
  testing::make_bare_repository(bare);
  const auto paths =
      testing::HistoryMaker({.commits = 2'000, .files = 5'000, .folders = 1, .has_changes = false})
          .write(bare);
  const auto tip = snapshot::CommitId::parse(testing::git({"-C", bare, "rev-parse", "main"}));
  ASSERT_TRUE(tip);
  const config::Config config;
  const ObjectStore store(bare, config.limits);
  std::int64_t most = 0;
  const HistoryLimits limits{
      config.limits.history_commits_max, config.limits.tree_depth_max,
      base::system_clock().monotonic_now() + config.limits.history_wall_clock,
      [&] { most = std::max(most, cached_object_bytes()); }};
  const auto found = find_first_commits(store, *tip, paths, limits);
  EXPECT_EQ(found.commits, 2'000U);
  EXPECT_EQ(found.authored_at.size(), paths.size());
  EXPECT_GT(most, mebibyte) << "nothing is kept: each tree is read twice";
  EXPECT_LT(most, 5 * mebibyte);
}

}  // namespace history_memory_test
}  // namespace devy::git
