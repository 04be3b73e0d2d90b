#pragma once
// The metrics of gists that the database knows, and the counts of scans.

#include <memory>

#include "core/platform/queue/system_metrics.hpp"

namespace devy::gists {

[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();

}  // namespace devy::gists
