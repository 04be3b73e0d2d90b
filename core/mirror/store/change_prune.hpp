#pragma once
// What the mirror has deleted when it is old, for the table of systems. Values; any thread.

#include <vector>

#include "core/platform/queue/prune.hpp"

namespace devy::mirror {

// Changes in the feed, after mirror.change_keep. Readers that are further behind are told so.
[[nodiscard]] std::vector<queue::Prunable> prunable_records();

}  // namespace devy::mirror
