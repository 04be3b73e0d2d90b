#include "daemon/maintenance/maintenance.hpp"

#include <condition_variable>
#include <functional>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/pg/sqlstate_class.hpp"
#include "core/publishing/reconcile/due_blogs.hpp"
#include "core/publishing/reconcile/missed_deliveries.hpp"
#include "core/publishing/status/status_runner.hpp"
#include "core/publishing/store/status_store.hpp"
#include "core/publishing/upload/remote_tokens.hpp"

namespace devy::daemon {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds report_interval{1'000};
constexpr milliseconds look_interval{500};  // when nothing is due
constexpr milliseconds trouble_pause{5'000};
constexpr milliseconds sweep_interval{60'000};

using MaintenanceTask =
    std::function<bool(pg::Connection&, reconcile::ReconcileCounts&, const std::stop_token&)>;

// The counts of all threads since the previous report.
class SharedCounts {
 public:
  void add(const reconcile::ReconcileCounts& counts) {
    const std::scoped_lock lock(mutex_);
    counts_.asked += counts.asked;
    counts_.failed += counts.failed;
    counts_.missed += counts.missed;
    counts_.verified += counts.verified;
    counts_.drifted += counts.drifted;
    counts_.undelivered += counts.undelivered;
  }
  [[nodiscard]] reconcile::ReconcileCounts take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(counts_, {});
  }

 private:
  std::mutex mutex_;
  reconcile::ReconcileCounts counts_;
};

void wait_for(const std::stop_token& stop, milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  never_notified.wait_for(lock, stop, time, [] { return false; });
}

using OnRetry = std::function<void(std::string_view sqlstate_class)>;

// The loop of one thread: it runs its task while anything is due, and pauses when nothing is or the
// database is unavailable.
void run_periodically(const ChildSetup& setup, const MaintenanceTask& task, SharedCounts& shared,
                      const OnRetry& on_retry, const std::stop_token& stop) {
  std::optional<pg::Connection> connection;
  while (!stop.stop_requested()) {
    milliseconds pause{0};
    reconcile::ReconcileCounts counts;
    try {
      if (!connection || !connection->is_usable()) {
        connection.reset();
        connection.emplace(
            pg::Connection::open(setup.conninfo, setup.config.database, "maintenance"));
      }
      if (!task(*connection, counts, stop)) pause = look_interval;
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::stopped)
        base::log::warning("maintenance interrupted", {{"error", error.text()}});
      if (const auto sqlstate_class = pg::sqlstate_class(error.code()); !sqlstate_class.empty())
        on_retry(sqlstate_class);
      connection.reset();
      pause = trouble_pause;
    }
    shared.add(counts);
    if (pause.count() > 0) wait_for(stop, pause);
  }
}

// Each thread asks remotes through a child process of its own, from the first task on.
MaintenanceTask ask_remotes(const config::Config& config) {
  return [&config, asker = std::shared_ptr<git::TipAsker>()](
             pg::Connection& connection, auto& counts, const auto& stop) mutable {
    // Shared by the copies of this function, of which one thread has the last.
    if (!asker) asker = std::make_shared<git::TipAsker>(upload::remote_tokens(config));
    return reconcile::reconcile_next(connection, config, *asker, counts, stop);
  };
}

// Statuses that nothing would send: their operation failed, or could not be enqueued.
MaintenanceTask sweep_statuses() {
  return [next_at = base::MonotonicTime{}](pg::Connection& connection, auto&, const auto&) mutable {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at) return false;
    next_at = now + sweep_interval;
    const auto swept = publishing::sweep_statuses(connection);
    if (swept > 0) base::log::info("commit statuses enqueued again", {{"repositories", swept}});
    return false;
  };
}

// The credentials are read when the first task runs: errors in them are logged then, and at each
// later task.
MaintenanceTask look_for_missed(const config::Config& config) {
  return [&config, access = std::shared_ptr<github::Access>()](
             pg::Connection& connection, auto& counts, const auto& stop) mutable {
    if (!access) access = std::make_shared<github::Access>(config, base::system_clock());
    return reconcile::look_for_missed_deliveries(connection, config, *access, counts, stop);
  };
}

void report(SupervisorLink& link, const reconcile::ReconcileCounts& counts) {
  link.report({"maintenance",
               {{"asked", std::to_string(counts.asked)},
                {"failed", std::to_string(counts.failed)},
                {"missed", std::to_string(counts.missed)},
                {"verified", std::to_string(counts.verified)},
                {"drifted", std::to_string(counts.drifted)},
                {"undelivered", std::to_string(counts.undelivered)}}});
}

}  // namespace

int run_maintenance(SupervisorLink& link) {
  const auto& setup = link.setup();
  const auto& config = setup.config;
  const auto leave = link.drain();
  SharedCounts counts;
  const OnRetry on_retry = [&](std::string_view sqlstate_class) {
    link.report({"database_retry", {{"class", std::string(sqlstate_class)}}});
  };
  std::vector<std::jthread> threads;
  const auto start = [&](const MaintenanceTask& task) {
    threads.emplace_back([&, task] { run_periodically(setup, task, counts, on_retry, leave); });
  };
  if (config.reconcile.every.count() > 0)
    for (std::uint32_t n = 0; n < config.reconcile.concurrency; ++n)
      start(ask_remotes(config));
  if (config.verify.every.count() > 0)
    start([&config](auto& connection, auto& counted, const auto& stop) {
      return reconcile::verify_next(connection, config, counted, stop);
    });
  if (config.github.statuses && config.github.has_credentials()) {
    threads.emplace_back(
        [&] { status::keep_sending_statuses(setup.conninfo, config, leave, on_retry); });
    start(sweep_statuses());
  }
  if (config.github.has_credentials() && config.github.deliveries_every.count() > 0)
    start(look_for_missed(config));
  link.report({"ready"});
  while (!leave.stop_requested()) {
    wait_for(leave, report_interval);
    report(link, counts.take());
  }
  return 0;
}

}  // namespace devy::daemon
