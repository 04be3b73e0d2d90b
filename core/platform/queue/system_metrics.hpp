#pragma once
// The measurements of one system, for the daemon's metrics: what platform/queue cannot count
// because it knows no system. Owned by the admin process; one thread.

#include "core/platform/base/metrics_text.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/health.hpp"
#include "core/platform/queue/maintenance_task.hpp"

namespace devy::queue {

class SystemMetrics {
 public:
  virtual ~SystemMetrics() = default;
  // Asks the database, about once a second. `span` is the time in which operations ended since the
  // last call. Cheap at any number of finished operations. Throws what pg::Connection throws.
  virtual void measure(pg::Connection& connection, const FinishedSpan& span) = 0;
  // Writes what was measured since this process began.
  virtual void write(base::MetricsText& text) const = 0;
  // Writes what this daemon's maintenance tasks and operations have counted.
  virtual void write_counts(base::MetricsText& text, const MaintenanceCounts& counts) const = 0;
};

}  // namespace devy::queue
