#pragma once
// The state of publishing, for a daemon to report every second and at every scrape: cheap at any
// number of finished uploads. Throws what pg::Connection throws.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/health.hpp"

namespace devy::publishing {

struct UnsentStatuses {
  std::int64_t count = 0;     // of commits, to GitHub
  double oldest_seconds = 0;  // since its upload was recorded; 0: none is unsent
};
[[nodiscard]] UnsentStatuses unsent_statuses(pg::Connection& connection);

struct CompletedUpload {
  // From when the blog began to wait for it to when readers could see it; nothing where a person
  // had to approve it.
  std::optional<double> visible_seconds;
  std::int64_t created = 0, updated = 0, renamed = 0, deleted = 0;  // posts
};
[[nodiscard]] std::vector<CompletedUpload> completed_uploads(pg::Connection& connection,
                                                             const queue::FinishedSpan& span);

// "username/slug" of the blogs that uploads are about, by the operation's id.
[[nodiscard]] std::map<std::string, std::string> blogs_of_operations(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::publishing
