#include "core/platform/queue/maintenance_task.hpp"

#include <exception>
#include <utility>

namespace devy::queue {
namespace {

class InTurn final : public MaintenanceTask {
 public:
  explicit InTurn(std::vector<std::unique_ptr<MaintenanceTask>> tasks) : tasks_(std::move(tasks)) {}

  bool run(pg::Connection& connection, MaintenanceCounts& counts,
           const std::stop_token& stop) override {
    bool has_done_any = false;
    std::exception_ptr first_error;
    for (const auto& task : tasks_) {
      // A task that has broken the session leaves nothing for the next one to work with.
      if (stop.stop_requested() || !connection.is_usable()) break;
      try {
        has_done_any = task->run(connection, counts, stop) || has_done_any;
      } catch (...) {
        if (!first_error) first_error = std::current_exception();
      }
    }
    if (first_error) std::rethrow_exception(first_error);
    return has_done_any;
  }

 private:
  std::vector<std::unique_ptr<MaintenanceTask>> tasks_;
};

}  // namespace

Maintenance in_one_thread(std::string name, std::vector<Maintenance> tasks) {
  Maintenance all;
  all.name = std::move(name);
  all.threads = [](const config::Config&) { return 1U; };
  all.make = [tasks = std::move(tasks)](const config::Config& config) {
    std::vector<std::unique_ptr<MaintenanceTask>> made;
    for (const auto& task : tasks)
      if (task.threads(config) > 0) made.push_back(task.make(config));
    return std::make_unique<InTurn>(std::move(made));
  };
  return all;
}

}  // namespace devy::queue
