#include "daemon/healer.hpp"

#include <condition_variable>
#include <functional>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/github/access.hpp"
#include "core/pg/connection.hpp"
#include "core/pg/sqlstate_class.hpp"
#include "core/store/status_store.hpp"
#include "core/upload/missed_deliveries.hpp"
#include "core/upload/remote_tokens.hpp"
#include "core/upload/status_runner.hpp"
#include "core/upload/upkeep.hpp"

namespace devy::daemon {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds report_interval{1'000};
constexpr milliseconds look_interval{500};  // when nothing is due
constexpr milliseconds trouble_pause{5'000};
constexpr milliseconds sweep_interval{60'000};

using Turn = std::function<bool(pg::Connection&, upload::UpkeepCounts&, const std::stop_token&)>;

// What the threads have counted since somebody looked.
class SharedCounts {
 public:
  void add(const upload::UpkeepCounts& counts) {
    const std::scoped_lock lock(mutex_);
    counts_.asked += counts.asked;
    counts_.failed += counts.failed;
    counts_.missed += counts.missed;
    counts_.verified += counts.verified;
    counts_.drifted += counts.drifted;
    counts_.undelivered += counts.undelivered;
  }
  [[nodiscard]] upload::UpkeepCounts take() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(counts_, {});
  }

 private:
  std::mutex mutex_;
  upload::UpkeepCounts counts_;
};

void wait_for(const std::stop_token& stop, milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  never_notified.wait_for(lock, stop, time, [] { return false; });
}

using OnRetry = std::function<void(std::string_view sqlstate_class)>;

// One thread's life: a turn while anything is due, a pause when nothing is or the database is away.
void keep_turning(const ChildSetup& setup, const Turn& turn, SharedCounts& shared,
                  const OnRetry& on_retry, const std::stop_token& stop) {
  std::optional<pg::Connection> connection;
  while (!stop.stop_requested()) {
    milliseconds pause{0};
    upload::UpkeepCounts counts;
    try {
      if (!connection || !connection->is_usable()) {
        connection.reset();
        connection.emplace(pg::Connection::open(setup.conninfo, setup.config.database, "healer"));
      }
      if (!turn(*connection, counts, stop)) pause = look_interval;
    } catch (const base::Error& error) {
      if (error.kind() != base::ErrorKind::stopped)
        base::log::warning("upkeep interrupted", {{"error", error.text()}});
      if (const auto sqlstate_class = pg::sqlstate_class(error.code()); !sqlstate_class.empty())
        on_retry(sqlstate_class);
      connection.reset();
      pause = trouble_pause;
    }
    shared.add(counts);
    if (pause.count() > 0) wait_for(stop, pause);
  }
}

// With a child of the thread's own, from the first turn on.
Turn ask_remotes(const config::Config& config) {
  return [&config, asker = std::shared_ptr<repository::TipAsker>()](
             pg::Connection& connection, auto& counts, const auto& stop) mutable {
    // Shared by the copies of this function, of which one thread has the last.
    if (!asker) asker = std::make_shared<repository::TipAsker>(upload::remote_tokens(config));
    return upload::reconcile_next(connection, config, *asker, counts, stop);
  };
}

// Statuses that nothing would send: their operation failed, or could not be enqueued.
Turn sweep_statuses() {
  return [next_at = base::MonotonicTime{}](pg::Connection& connection, auto&, const auto&) mutable {
    const auto now = base::system_clock().monotonic_now();
    if (now < next_at) return false;
    next_at = now + sweep_interval;
    const auto swept = store::sweep_statuses(connection);
    if (swept > 0) base::log::info("commit statuses enqueued again", {{"repositories", swept}});
    return false;
  };
}

// The credentials are read when the first turn comes: what is wrong with them is said then, and at
// each later turn.
Turn look_for_missed(const config::Config& config) {
  return [&config, access = std::shared_ptr<github::Access>()](
             pg::Connection& connection, auto& counts, const auto& stop) mutable {
    if (!access) access = std::make_shared<github::Access>(config, base::system_clock());
    return upload::look_for_missed_deliveries(connection, config, *access, counts, stop);
  };
}

void report(SupervisorLink& link, const upload::UpkeepCounts& counts) {
  link.report({"upkeep",
               {{"asked", std::to_string(counts.asked)},
                {"failed", std::to_string(counts.failed)},
                {"missed", std::to_string(counts.missed)},
                {"verified", std::to_string(counts.verified)},
                {"drifted", std::to_string(counts.drifted)},
                {"undelivered", std::to_string(counts.undelivered)}}});
}

}  // namespace

int run_healer(SupervisorLink& link) {
  const auto& setup = link.setup();
  const auto& config = setup.config;
  const auto leave = link.drain();
  SharedCounts counts;
  const OnRetry on_retry = [&](std::string_view sqlstate_class) {
    link.report({"database_retry", {{"class", std::string(sqlstate_class)}}});
  };
  std::vector<std::jthread> threads;
  const auto start = [&](const Turn& turn) {
    threads.emplace_back([&, turn] { keep_turning(setup, turn, counts, on_retry, leave); });
  };
  if (config.reconcile.every.count() > 0)
    for (std::uint32_t n = 0; n < config.reconcile.at_once; ++n)
      start(ask_remotes(config));
  if (config.verify.every.count() > 0)
    start([&config](auto& connection, auto& counted, const auto& stop) {
      return upload::verify_next(connection, config, counted, stop);
    });
  if (config.github.statuses && config.github.has_credentials()) {
    threads.emplace_back(
        [&] { upload::keep_sending_statuses(setup.conninfo, config, leave, on_retry); });
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
