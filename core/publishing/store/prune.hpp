#pragma once
// Deletes what publishing need not keep any longer, for `prune`. Throws what pg::Connection throws.

#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::publishing {

// Deletes ended uploads older than the given age, except a blog's last one and those that another
// upload points to; operations that sent commit statuses; revisions of posts that are gone; and
// asset contents that no blog uses any more. Runs in the caller's transaction.
[[nodiscard]] std::vector<queue::PruneCount> prune(pg::Connection& connection,
                                                   const queue::PruneAges& ages);

}  // namespace devy::publishing
