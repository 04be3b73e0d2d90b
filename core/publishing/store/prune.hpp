#pragma once
// Retention of publishing's records besides its operations, for the table of systems
// (platform/queue/prune.hpp). Throws what pg::Connection throws.

#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::publishing {

// Histories of posts that are gone, each as a whole; and asset contents that no blog uses any more,
// but never within a day of when one was to be used.
[[nodiscard]] std::vector<queue::Prunable> prunables();

// Returns those of the operations that made what blogs show now.
[[nodiscard]] std::vector<std::string> needed_operations(pg::Connection& connection,
                                                         const std::vector<std::string>& ids);

}  // namespace devy::publishing
