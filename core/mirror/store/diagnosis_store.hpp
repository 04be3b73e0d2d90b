#pragma once
// Figures about mirrored repositories that `doctor` judges. Throws what pg::Connection throws.

#include <chrono>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::mirror {

struct Condition {
  std::string full_name;  // of the repository
  bool is_private = false;
  bool is_unheard = false;     // no delivery has ever come
  bool has_lost_hook = false;  // a hook of ours was there, and none is active any more
  bool is_unread = false;      // a list was never read to its end, and none is being read
  bool is_stale = false;       // a list was not read to its end for that long
};
// One of each mirrored repository, by name.
[[nodiscard]] std::vector<Condition> conditions(pg::Connection& connection,
                                                std::chrono::hours stale_after);

// Targets that GitHub has refused for want of rights within a day, and has not given since.
[[nodiscard]] std::vector<std::string> refused_targets(pg::Connection& connection);

}  // namespace devy::mirror
