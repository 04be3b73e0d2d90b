#pragma once
// Deletes what is older than it has to be kept, for `prune`. Throws what pg::Connection throws.

#include <cstdint>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

struct PruneOptions {
  base::Duration older_than{};
  base::Duration bodies_older_than{};
  bool is_dry_run = false;
};
struct Pruned {
  std::int64_t uploads = 0, deliveries = 0, bodies = 0, revisions = 0, assets = 0;
  std::int64_t statuses = 0;  // operations that sent commit statuses to GitHub
  [[nodiscard]] std::int64_t all() const {
    return uploads + deliveries + bodies + revisions + assets + statuses;
  }
};
// Deletes ended uploads older than the given age, except a blog's last one and those that another
// upload points to; deliveries, and their bodies sooner; operations that sent commit statuses; and
// asset contents that no blog uses any more.
Pruned prune(pg::Connection& connection, const PruneOptions& options);

}  // namespace devy::publishing
