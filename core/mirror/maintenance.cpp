#include "core/mirror/maintenance.hpp"

#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/store/due_store.hpp"
#include "core/mirror/verify/audit_handler.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::mirror {
namespace {

constexpr std::chrono::seconds look_interval{2};
constexpr int lists_max = 100;  // that are taken at a time

// Reads lists with uncertain rows for what changed, and ends scans that nothing ends any more.
class Settle final : public queue::MaintenanceTask {
 public:
  explicit Settle(const config::Config& config) : config_(config) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts& counts,
           const std::stop_token& stop) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    next_at_ = now + look_interval;
    if (const auto failed = fail_abandoned_scans(connection); failed > 0)
      base::log::warning("scans failed that nothing was left to end", {{"scans", failed}});
    if (config_.mirror.settle_every.count() == 0) return false;
    for (const auto& due :
         lists_to_settle(connection, config_.mirror.settle_after, config_.mirror.settle_every)) {
      if (stop.stop_requested()) break;
      scan::record_reading(connection, due, settle_priority);
      ++counts["mirror_settled"];
    }
    return false;
  }

 private:
  const config::Config& config_;
  base::MonotonicTime next_at_{};
};

// Reads lists again: what changed since the last time, and once in a while everything. Deliveries
// get lost, and not every repository has a hook.
class ReadAgain final : public queue::MaintenanceTask {
 public:
  explicit ReadAgain(const config::Config& config) : config_(config) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts& counts,
           const std::stop_token& stop) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    const auto& mirror = config_.mirror;
    const auto due = claim_due_lists(connection, {mirror.rescan_every, mirror.rescan_unhooked_every,
                                                  mirror.full_every, lists_max});
    for (const auto& list : due) {
      if (stop.stop_requested()) break;
      scan::record_reading(connection, list, list.since ? settle_priority : full_scan_priority);
      ++counts["mirror_read_again"];
    }
    if (static_cast<int>(due.size()) == lists_max) return true;
    next_at_ = now + look_interval;
    return false;
  }

 private:
  const config::Config& config_;
  base::MonotonicTime next_at_{};
};

// Has some rows of each repository compared with GitHub.
class RecordAudits final : public queue::MaintenanceTask {
 public:
  explicit RecordAudits(const config::Config& config) : config_(config) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts& counts,
           const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    next_at_ = now + look_interval;
    if (const auto recorded = verify::record_audits(connection, config_.mirror.audit_every);
        recorded > 0)
      counts["mirror_audits"] += recorded;
    return false;
  }

 private:
  const config::Config& config_;
  base::MonotonicTime next_at_{};
};

template <class Task>
queue::Maintenance task(const char* name, bool (*is_on)(const config::Mirror&)) {
  return {.name = name,
          .threads =
              [is_on](const config::Config& config) {
                return config.mirror.enabled && is_on(config.mirror) ? 1U : 0U;
              },
          .make = [](const config::Config& config) -> std::unique_ptr<queue::MaintenanceTask> {
            return std::make_unique<Task>(config);
          }};
}

}  // namespace

std::vector<queue::Maintenance> maintenance_tasks() {
  auto all = queue::in_one_thread(
      "settle, read again and audit the mirror",
      {task<Settle>("settle the mirror", [](const config::Mirror&) { return true; }),
       task<ReadAgain>("read the mirror's lists again", [](const config::Mirror&) { return true; }),
       task<RecordAudits>("audit the mirror", [](const config::Mirror& mirror) {
         return mirror.audit_every.count() > 0;
       })});
  all.threads = [](const config::Config& config) { return config.mirror.enabled ? 1U : 0U; };
  return {all};
}

}  // namespace devy::mirror
