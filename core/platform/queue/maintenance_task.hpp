#pragma once
// Work that a system does without anybody asking: reconciling, sweeping, cleaning. The daemon's
// process `maintenance` runs each task in threads of its own (daemon/maintenance); any number of
// daemons share the work through the database.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::queue {

// The counts of tasks since the last report, by names of the system's own; they become metrics, as
// those of base/process_counts.hpp do.
using MaintenanceCounts = std::map<std::string, std::int64_t>;

class MaintenanceTask {
 public:
  virtual ~MaintenanceTask() = default;
  // Does one piece of work; false when nothing was due. Called from one thread. Throws
  // Error(stopped), what pg::Connection throws, and Error(config): the task is tried again later.
  [[nodiscard]] virtual bool run(pg::Connection& connection, MaintenanceCounts& counts,
                                 const std::stop_token& stop) = 0;
};

// A row of the table of systems.
struct Maintenance {
  std::string name;
  // The number of threads that run it; 0 where the configuration leaves it off.
  std::function<std::uint32_t(const config::Config&)> threads;
  // Makes the task of one thread. It borrows the configuration.
  std::function<std::unique_ptr<MaintenanceTask>(const config::Config&)> make;
};

// One entry for short tasks that can share a thread and a session: each runs in its turn. A task
// that throws keeps none of the others from running; the first error is thrown at the end of the
// round.
[[nodiscard]] Maintenance in_one_thread(std::string name, std::vector<Maintenance> tasks);

}  // namespace devy::queue
