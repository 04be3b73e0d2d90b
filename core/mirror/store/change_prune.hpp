#pragma once
// Deletes changes in the feed after mirror.change_keep. Values; any thread.

#include "core/platform/queue/prune.hpp"

namespace devy::mirror {

// Readers that are further behind are told so.
[[nodiscard]] queue::Prunable prunable_changes();

}  // namespace devy::mirror
