#pragma once
// The maintenance tasks of the mirror, for the table of systems. They work while the mirror is on.
// Values; each task belongs to the thread that runs it.

#include <vector>

#include "core/platform/queue/maintenance_task.hpp"

namespace devy::mirror {

[[nodiscard]] std::vector<queue::Maintenance> maintenance_tasks();

}  // namespace devy::mirror
