#pragma once
// Ends operations that nobody will ever run: claim leaves those of a kind that a program does not
// know to other programs, so one of a kind that is gone would wait for ever. Throws what
// pg::Connection throws.

#include <cstdint>
#include <string>
#include <vector>

#include "core/platform/queue/maintenance_task.hpp"

namespace devy::queue {

// The maintenance task, on in every daemon. Each hour it cancels what has been due for longer than
// queue.stalled_max and is of none of these kinds: a day is longer than an upgrade of all machines
// takes, during which an older daemon does not know the newest kinds. A pause stops it. It counts
// "unknown_kinds".
[[nodiscard]] Maintenance end_unknown_kinds(std::vector<std::string> kinds);

}  // namespace devy::queue
