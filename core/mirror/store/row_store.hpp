#pragma once
// Rows of the mirror as JSON, for people who look something up without SQL. Throws what
// pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

struct ShownRow {
  std::string key;    // the number, name or id by which people know it
  std::string state;  // open, closed; "gone" and its like for what was deleted
  std::string title;
  std::optional<base::TimePoint> changed_at, replicated_at;
  bool is_settled = false;
  json::Json document;  // all columns, and the labels, assignees and reviewers beside them
};

// `what` is issue, pull, label, milestone, hook or files (of the pull request `key`). Without a key
// those that changed last come first.
[[nodiscard]] std::vector<ShownRow> show_rows(pg::Connection& connection,
                                              std::int64_t repository_id, std::string_view what,
                                              const std::optional<std::string>& key, int limit);

}  // namespace devy::mirror
