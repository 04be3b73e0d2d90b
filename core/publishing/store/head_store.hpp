#pragma once
// The head of a blog: the commit that it shows, and what belongs to that. The caller owns the
// fenced transaction; move_head() runs in its pipeline. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/publish_target.hpp"

namespace devy::publishing {

struct HeadUpdate {
  std::optional<std::string> name, description;
  std::string settings_json;
  std::optional<std::string> link_digest;  // empty: the next upload checks all links
};
void move_head(pg::Connection& connection, const PublishTarget& target, const HeadUpdate& update);

// The head of a blog, and the settings in effect at that commit.
struct HeadState {
  std::optional<std::string> commit, origin, pinned_commit, link_digest;
  std::optional<base::TimePoint> at;  // of the last publish, by the database's clock
  std::string settings_json;
  // Size of the last fetch of the repository with every file.
  std::optional<std::int64_t> pack_bytes;
  bool was_gone = false;                             // RepositoryStanding::was_gone
  std::optional<base::TimePoint> committed_at = {};  // of the commit, where it is still known
  std::optional<std::string> skipped_tip = {};       // ReconcileSchedule::skipped_tip
};
[[nodiscard]] HeadState head_state(pg::Connection& connection, const base::BlogId& blog);

struct HeadCounts {
  std::int64_t posts = 0;  // posts whose file is in error are not counted
  std::int64_t file_errors = 0;
};
[[nodiscard]] HeadCounts head_counts(pg::Connection& connection, const base::BlogId& blog);

}  // namespace devy::publishing
