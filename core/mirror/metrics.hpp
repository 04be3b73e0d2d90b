#pragma once
// The metrics of the mirror: open scans, uncertain rows, rows that audits found wrong, how late
// rows follow deliveries, what became of documents, what settling and audits have begun; and what
// is left of GitHub's budgets.

#include <memory>

#include "core/platform/queue/system_metrics.hpp"

namespace devy::mirror {

[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();

}  // namespace devy::mirror
