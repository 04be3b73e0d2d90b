#include "daemon/maintenance/maintenance.hpp"

#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/platform/base/log.hpp"
#include "core/platform/base/pause.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/pg/sqlstate_class.hpp"
#include "core/platform/queue/backlog.hpp"
#include "core/platform/queue/prune_pass.hpp"
#include "core/platform/queue/statistics.hpp"
#include "core/platform/queue/unknown_kinds.hpp"
#include "core/platform/webhook/lost_deliveries.hpp"
#include "core/systems.hpp"

namespace devy::daemon {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds report_interval{1'000};
constexpr milliseconds look_interval{500};  // when nothing is due
constexpr milliseconds trouble_pause{5'000};

// The counts of all threads since the previous report.
class SharedCounts {
 public:
  void add(const queue::MaintenanceCounts& counts) {
    const std::scoped_lock lock(mutex_);
    for (const auto& [name, count] : counts)
      counts_[name] += count;
  }
  // Returns the counts, with those of the process, and begins anew.
  [[nodiscard]] queue::MaintenanceCounts reset() {
    const std::scoped_lock lock(mutex_);
    auto counts = std::exchange(counts_, {});
    for (const auto& [name, count] : base::reset_counts())
      counts[name] += count;
    return counts;
  }

 private:
  std::mutex mutex_;
  queue::MaintenanceCounts counts_;
};

using OnRetry = std::function<void(std::string_view sqlstate_class)>;

// The loop of one thread: it runs its task while anything is due, and pauses when nothing is or the
// database is unavailable.
void run_periodically(const ChildSetup& setup, const queue::Maintenance& entry,
                      SharedCounts& shared, const OnRetry& on_retry, const std::stop_token& stop) {
  const auto task = entry.make(setup.config);
  std::optional<pg::Connection> connection;
  while (!stop.stop_requested()) {
    milliseconds pause{0};
    queue::MaintenanceCounts counts;
    try {
      if (!connection || !connection->is_usable()) {
        connection.reset();
        connection.emplace(
            pg::Connection::open(setup.conninfo, setup.config.database, "maintenance"));
      }
      if (!task->run(*connection, counts, stop)) pause = look_interval;
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::stopped)
        base::log::warning("maintenance interrupted",
                           {{"task", entry.name}, {"error", error.text()}});
      if (const auto sqlstate_class = pg::sqlstate_class(error.code()); !sqlstate_class.empty())
        on_retry(sqlstate_class);
      connection.reset();
      pause = trouble_pause;
    }
    shared.add(counts);
    if (pause.count() > 0) base::pause_for(stop, pause);
  }
}

// The tasks of every system, and the platform's own.
std::vector<queue::Maintenance> all_tasks() {
  std::vector<queue::Maintenance> tasks;
  for (const auto& system : systems::table())
    tasks.insert(tasks.end(), system.maintenance.begin(), system.maintenance.end());
  tasks.push_back(webhook::find_lost_deliveries(systems::subscribers()));
  std::vector<std::string> kinds;
  for (const auto* kind : systems::kinds_by_name())
    kinds.push_back(kind->name);
  tasks.push_back(queue::in_one_thread("queue", {queue::count_backlog(), queue::count_minutes(),
                                                 queue::prune_maintenance(systems::prunables()),
                                                 queue::end_unknown_kinds(std::move(kinds))}));
  return tasks;
}

void report(SupervisorLink& link, const queue::MaintenanceCounts& counts) {
  Report report{"counts"};
  for (const auto& [name, count] : counts)
    report.fields[name] = std::to_string(count);
  link.report(report);
}

}  // namespace

int run_maintenance(SupervisorLink& link) {
  const auto& setup = link.setup();
  const auto leave = link.drain();
  SharedCounts counts;
  const OnRetry on_retry = [&](std::string_view sqlstate_class) {
    link.report({"database_retry", {{"class", std::string(sqlstate_class)}}});
  };
  const auto tasks = all_tasks();
  std::vector<std::jthread> threads;
  for (const auto& task : tasks)
    for (std::uint32_t n = 0; n < task.threads(setup.config); ++n)
      threads.emplace_back([&] { run_periodically(setup, task, counts, on_retry, leave); });
  link.report({"ready"});
  while (!leave.stop_requested()) {
    base::pause_for(leave, report_interval);
    report(link, counts.reset());
  }
  return 0;
}

}  // namespace devy::daemon
