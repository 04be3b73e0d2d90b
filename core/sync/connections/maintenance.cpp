#include "core/platform/base/clock.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/connections/system.hpp"
#include "core/sync/store/figures_store.hpp"

namespace devy::connections {
namespace {

constexpr std::chrono::seconds look_interval{10};
constexpr std::chrono::hours tidy_interval{1};
constexpr int connections_max = 50;  // that one turn records operations for
constexpr int rows_max = 500;        // that one transaction archives or deletes

class CarryOn final : public queue::MaintenanceTask {
 public:
  explicit CarryOn(const config::Config& config) : settings_(config.sync) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    const auto recorded =
        sync::record_due_connections(connection, settings_.verify_every.count(), connections_max);
    if (recorded > 0) queue::wake_workers(connection);
    const bool is_more = recorded == connections_max;
    if (!is_more) next_at_ = now + look_interval;
    return is_more;
  }

 private:
  const config::Sync& settings_;
  base::MonotonicTime next_at_{};
};

class Tidy final : public queue::MaintenanceTask {
 public:
  explicit Tidy(const config::Config& config) : settings_(config.sync) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts& counts,
           const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    const auto archived =
        settings_.archive_after.count() > 0
            ? sync::archive_tasks(connection, settings_.archive_after.count(), rows_max)
            : 0;
    const auto pruned = sync::prune_versions(connection, rows_max);
    if (archived > 0) counts["sync_archived"] += archived;
    if (pruned > 0) counts["sync_versions_pruned"] += pruned;
    const bool is_more = archived == rows_max || pruned >= rows_max;
    if (!is_more) next_at_ = now + tidy_interval;
    return is_more;
  }

 private:
  const config::Sync& settings_;
  base::MonotonicTime next_at_{};
};

template <class Task>
queue::Maintenance maintenance_task(const char* name) {
  return {.name = name,
          .threads = [](const config::Config& config) { return config.sync.enabled ? 1U : 0U; },
          .make = [](const config::Config& config) -> std::unique_ptr<queue::MaintenanceTask> {
            return std::make_unique<Task>(config);
          }};
}

}  // namespace

std::vector<queue::Maintenance> maintenance_tasks() {
  auto all = queue::in_one_thread("carry connections on and tidy sync",
                                  {maintenance_task<CarryOn>("carry connections on"),
                                   maintenance_task<Tidy>("archive tasks and prune versions")});
  all.threads = [](const config::Config& config) { return config.sync.enabled ? 1U : 0U; };
  return {all};
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  return sync::subjects_of(connection, operations);
}

}  // namespace devy::connections
