#pragma once
// Finds for files of a commit the commit in which each first appeared, as `git log --follow
// --diff-filter=A` does for one file: commits are visited from the newest to the oldest, every
// parent of a merge, and a file that came with the deletion of an equal one (an exact rename) is
// followed to that. A file that was deleted and made again is as old as the first of that name.
// Borrows the store; one thread.

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/git/object_store.hpp"

namespace devy::git {

struct HistoryLimits {
  std::uint32_t commits_max = 0;
  std::uint32_t depth_max = 0;  // of folders
  base::MonotonicTime ends_at;
  // Called again and again; may throw to end it.
  std::function<void()> check = {};
};

struct FirstCommitsFound {
  // By path. Absent: the file is not in the commit, or the store's history ends before the file
  // began.
  std::unordered_map<std::string, base::TimePoint> authored_at;
  bool is_cut = false;      // the store's history ends before some file began
  std::size_t commits = 0;  // that were visited
};

// `paths` are files of the commit `tip`. Times are those at which the authors wrote, not those at
// which somebody rebased or merged. Throws Error(rejected, "history_too_large") over a limit, and
// what ObjectStore throws.
[[nodiscard]] FirstCommitsFound find_first_commits(const ObjectStore& store,
                                                   const snapshot::CommitId& tip,
                                                   const std::vector<std::string>& paths,
                                                   const HistoryLimits& limits);

}  // namespace devy::git
