#pragma once
// The metrics of the mirror: open scans, uncertain rows, rows that audits found wrong, and
// what settling and audits have begun.

#include <memory>

#include "core/platform/queue/system_metrics.hpp"

namespace devy::mirror {

[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();

}  // namespace devy::mirror
