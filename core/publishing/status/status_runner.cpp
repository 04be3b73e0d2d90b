#include "core/publishing/status/status_runner.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>

#include "core/platform/base/log.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/publishing/status/commit_status.hpp"

namespace devy::status {
namespace {

constexpr int operations_max = 1'000;  // of one call; the rest is due at the next
constexpr std::chrono::seconds trouble_pause{30};
// Beside the worker of the same process, whose name ends in 0.
constexpr int place = 1;

// False: it could not be done, and why is in the log.
bool run(const std::string& conninfo, const config::Config& config,
         const queue::RunnerObserver& observer, const std::function<void(queue::Runner&)>& act) {
  try {
    StatusHandler handler(config, base::system_clock());
    queue::RunnerOptions options{queue::worker_name(place), conninfo, config.database, config.queue,
                                 observer};
    options.lane = queue::github_lane;
    queue::Runner runner(options, base::system_clock(), base::system_random());
    runner.add_handler(publishing::status_kind, handler);
    act(runner);
    return true;
  } catch (const base::Error& error) {
    base::log::warning("commit statuses not sent",
                       {{"error", error.text()}, {"hint", error.hint()}});
    return false;
  }
}

bool is_wanted(const config::Config& config) {
  return config.github.statuses && config.github.has_credentials();
}

}  // namespace

void send_due_statuses(const std::string& conninfo, const config::Config& config,
                       const std::stop_token& stop) {
  if (!is_wanted(config)) return;
  run(conninfo, config, {}, [&](queue::Runner& runner) { runner.run_all(stop, operations_max); });
}

void keep_sending_statuses(const std::string& conninfo, const config::Config& config,
                           const std::stop_token& stop,
                           const std::function<void(std::string_view)>& on_database_retry) {
  if (!is_wanted(config)) return;
  queue::RunnerObserver observer;
  observer.on_database_retry = on_database_retry;
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested())
    if (!run(conninfo, config, observer, [&](queue::Runner& runner) { runner.run_forever(stop); }))
      never_notified.wait_for(lock, stop, trouble_pause, [] { return false; });
}

}  // namespace devy::status
