#pragma once
// Which commit a publish writes to which blog, for the statements that write it. A value; any
// thread.

#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"

namespace devy::publishing {

struct PublishTarget {
  base::BlogId blog;
  base::UploadId upload;
  std::string commit;
  base::TimePoint committed_at;  // the date of a new post when nothing else gives one
  std::string origin;
  bool is_pinned = false;  // reconcile skips the blog until the next push
  bool is_repair = false;  // what somebody has altered is put back first
  // The remote's tip, where it has a skip marker and an older commit is published.
  std::optional<std::string> skipped_tip = {};
};

}  // namespace devy::publishing
