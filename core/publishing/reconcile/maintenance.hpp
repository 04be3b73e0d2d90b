#pragma once
// The maintenance of publishing, for the table of systems: asking remotes for their tips, comparing
// posts with their trees, and sending commit statuses that nothing would send.

#include <vector>

#include "core/platform/queue/maintenance_task.hpp"

namespace devy::reconcile {

[[nodiscard]] std::vector<queue::Maintenance> maintenance_tasks();

}  // namespace devy::reconcile
