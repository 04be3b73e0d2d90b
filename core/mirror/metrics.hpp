#pragma once
// The metrics of the mirror: open scans, uncertain rows, and what settling has begun.

#include <memory>

#include "core/platform/queue/system_metrics.hpp"

namespace devy::mirror {

[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();

}  // namespace devy::mirror
