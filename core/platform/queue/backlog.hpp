#pragma once
// The maintenance task that counts a long backlog, whole, once a minute: health and metrics, which
// are read each second, count only a short one themselves (health.hpp).

#include <chrono>

#include "core/platform/queue/maintenance_task.hpp"

namespace devy::queue {

inline constexpr std::chrono::seconds backlog_counted_every{60};

[[nodiscard]] Maintenance count_backlog();

}  // namespace devy::queue
