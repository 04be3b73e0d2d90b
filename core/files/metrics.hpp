#pragma once
// The metrics of files that the database knows: contents by state. What the role web counts of
// uploads and downloads it reports itself.

#include <memory>

#include "core/platform/queue/system_metrics.hpp"

namespace devy::files {

[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();

}  // namespace devy::files
