#include "core/gists/kinds.hpp"

#include "core/gists/scanning/scan_handler.hpp"
#include "core/gists/store/figures_store.hpp"
#include "core/gists/store/scan_store.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::gists {
namespace {

constexpr std::chrono::seconds turn_interval{1};
constexpr int turn_users_max = 50;        // scans that a turn records
constexpr int routine_users_max = 1'000;  // users that a turn gives to a routine

class RecordScans final : public queue::MaintenanceTask {
 public:
  explicit RecordScans(const config::Config& config) : settings_(config.gists) {}

  bool run(pg::Connection& connection, queue::MaintenanceCounts&, const std::stop_token&) override {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at_) return false;
    const auto settled = settle_scans(connection, settings_, turn_users_max);
    const auto filled =
        settings_.every.count() > 0 ? fill_routine(connection, settings_, routine_users_max) : 0;
    const auto recorded = record_due_scans(connection, turn_users_max);
    if (recorded > 0) queue::wake_workers(connection);
    const bool is_more =
        settled == turn_users_max || filled == routine_users_max || recorded == turn_users_max;
    if (!is_more) next_at_ = now + turn_interval;
    return is_more;
  }

 private:
  const config::Gists& settings_;
  base::MonotonicTime next_at_{};
};

}  // namespace

std::vector<queue::Kind> operation_kinds() {
  return {scanning::scan_operation_kind()};
}

std::vector<queue::Maintenance> maintenance_tasks() {
  return {{.name = "scan gists",
           .threads = [](const config::Config& config) { return config.gists.enabled ? 1U : 0U; },
           .make = [](const config::Config& config) -> std::unique_ptr<queue::MaintenanceTask> {
             return std::make_unique<RecordScans>(config);
           }}};
}

std::vector<queue::Prunable> prunable_records() {
  return {prunable_visits()};
}

std::map<std::string, std::string> subjects(pg::Connection& connection,
                                            const std::vector<std::string>& operations) {
  std::map<std::string, std::string> found;
  for (const auto& [id, login] : logins_of(connection, operations))
    found.emplace(id, "gists of " + login);
  return found;
}

}  // namespace devy::gists
