#pragma once
// Dates for posts that have none in their file or its name: those of the files' first commits,
// which git::Clone finds. It is asked only when there is such a post; a post that was dated so
// keeps its date. One thread.

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/store/publish_store.hpp"

namespace devy::upload {

struct Dating {
  std::unordered_map<std::string, base::TimePoint> first_commits;  // by path, of writes
  // The source of the date of a write that has none of these.
  plan::DateSource undated = plan::DateSource::commit;
  struct Other {
    base::PostId post;
    base::TimePoint first_commit_at;
  };
  std::vector<Other> others;  // posts that are not written otherwise
  bool settles = false;       // nothing is pending any more
  std::vector<snapshot::FileError> warnings;

  [[nodiscard]] std::optional<base::TimePoint> find(const std::string& path) const;
};

struct DatingOptions {
  // The head's commit: new posts are looked for from then on first.
  std::optional<git::Since> head = {};
  // Asks also for posts that have an upload's date for good: a replay is the repair.
  bool asks_for_all = false;
  // A folder of this disk may have less history than its remote, which is no fault of it.
  bool is_local = false;
};

// Throws Error(stopped). Any other failure is a warning.
[[nodiscard]] Dating find_dates(const git::Clone& clone, const plan::PublishPlan& plan,
                                const std::vector<plan::KnownPost>& known,
                                const DatingOptions& options, const git::OnProgress& on_progress);

}  // namespace devy::upload
