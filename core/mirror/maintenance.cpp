#include "core/mirror/maintenance.hpp"

#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/store/settle_store.hpp"
#include "core/mirror/verify/audit_handler.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::mirror {
namespace {

constexpr std::chrono::seconds look_interval{5};
// Rows that events wrote wait longer than what people ask for.
constexpr int settle_priority = 150;

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
      record_settling(connection, due);
      ++counts["mirror_settled"];
    }
    return false;
  }

 private:
  static void record_settling(pg::Connection& connection, const ListToSettle& due) {
    const auto repository = find_repository(connection, due.repository_id);
    const auto* list = scan::find_list(due.list);
    if (!repository || list == nullptr) return;
    scan::Request request;
    request.source = queue::Source::reconcile;
    request.priority = settle_priority;
    request.since = due.since;
    pg::Transaction transaction(connection);
    scan::record_scan(connection, *repository, *list, "all", request);
    transaction.commit();
    queue::wake_workers(connection);
  }

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
  auto both = queue::in_one_thread(
      "settle and audit the mirror",
      {task<Settle>("settle the mirror", [](const config::Mirror&) { return true; }),
       task<RecordAudits>("audit the mirror", [](const config::Mirror& mirror) {
         return mirror.audit_every.count() > 0;
       })});
  both.threads = [](const config::Config& config) { return config.mirror.enabled ? 1U : 0U; };
  return {both};
}

}  // namespace devy::mirror
