#pragma once
// Deleting what is older than it has to be kept: the shape of what a system deletes, for `prune`.

#include <cstdint>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"

namespace devy::queue {

struct PruneAges {
  base::Duration older_than{};
  base::Duration bodies_older_than{};
};

struct PruneCount {
  std::string name;  // of the field in JSON: "uploads"
  std::int64_t count = 0;
  std::string text;  // after the number, for people: "revisions of deleted posts"
};

}  // namespace devy::queue
