#pragma once
// The metrics of publishing (reliability.md): push to visible, changed posts, unsent statuses, and
// what reconciling found.

#include <memory>

#include "core/platform/queue/system_metrics.hpp"

namespace devy::upload {

[[nodiscard]] std::unique_ptr<queue::SystemMetrics> make_metrics();

}  // namespace devy::upload
