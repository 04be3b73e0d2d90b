#include "daemon/worker.hpp"

#include <unistd.h>

#include <fstream>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/queue/rescue.hpp"
#include "core/queue/runner.hpp"
#include "core/repository/clone.hpp"
#include "core/repository/private_folder.hpp"
#include "core/store/upload_store.hpp"
#include "core/upload/pipeline.hpp"

namespace devy::daemon {
namespace {

// A large fetch tells of progress thousands of times; the supervisor needs to hear it now and then.
constexpr std::chrono::milliseconds progress_interval{250};

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// When a worker leaves. Told from the link's thread and the runner's; a claim that is on its way
// when the order to drain comes is given back by the runner.
class Leaving {
 public:
  explicit Leaving(const config::Workers& settings) : settings_(settings) {}

  [[nodiscard]] std::stop_token token() const { return stop_.get_token(); }
  void stop() { stop_.request_stop(); }

  void drain() {
    const std::scoped_lock lock(mutex_);
    is_draining_ = true;
    if (!is_busy_) stop_.request_stop();
  }

  void begin() {
    const std::scoped_lock lock(mutex_);
    is_busy_ = true;
  }

  void end() {
    const std::scoped_lock lock(mutex_);
    is_busy_ = false;
    ++operations_;
    const bool is_done = operations_ >= settings_.operations_max;
    const bool is_grown = resident_bytes() > settings_.grown_bytes_max;
    if (!is_draining_ && (is_done || is_grown))
      base::log::info("worker makes room", {{"operations", operations_}, {"grown", is_grown}});
    if (is_draining_ || is_done || is_grown) stop_.request_stop();
  }

 private:
  const config::Workers& settings_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::uint32_t operations_ = 0;  // guarded by mutex_, as all below
  bool is_busy_ = false, is_draining_ = false;
};

// Nothing is begun that would run into a full disk soon: it waits, and counts as no attempt.
class ScratchGate {
 public:
  explicit ScratchGate(const config::Config& config) : config_(config) {}

  [[nodiscard]] bool is_open() {
    const auto free = repository::scratch_free_bytes(config_);
    const bool is_open = free >= config_.limits.scratch_free_bytes_min;
    if (is_open != is_open_)
      base::log::warning(is_open ? "room for clones is back" : "no room for clones",
                         {{"free_bytes", free}});
    return is_open_ = is_open;
  }

 private:
  const config::Config& config_;
  bool is_open_ = true;
};

// Says how far an upload is, not more often than anybody needs.
class ProgressReports {
 public:
  explicit ProgressReports(SupervisorLink& link) : link_(link) {}

  void tell(const upload::Progress& progress) {
    if (!progress.rejected.empty()) {
      Report rejected{"rejected"};
      for (const auto& [reason, count] : progress.rejected)
        rejected.fields[reason] = std::to_string(count);
      link_.report(rejected);
    }
    const auto now = base::system_clock().monotonic_now();
    if (progress.step == step_ && now < next_at_) return;
    step_ = progress.step;
    next_at_ = now + progress_interval;
    link_.report({"progress",
                  {{"step", progress.step},
                   {"done", std::to_string(progress.done)},
                   {"total", std::to_string(progress.total)},
                   {"bytes", std::to_string(progress.bytes)}}});
  }

 private:
  SupervisorLink& link_;
  std::string step_;
  base::MonotonicTime next_at_{};
};

}  // namespace

int run_worker(SupervisorLink& link) {
  const auto& [config, conninfo] = link.setup();
  const auto swept = repository::sweep_abandoned_clones(config);
  if (swept != 0) {
    base::log::info("abandoned clones removed", {{"count", swept}});
    link.report({"swept", {{"count", std::to_string(swept)}}});
  }

  Leaving leaving(config.workers);
  const std::stop_callback on_drain(link.drain(), [&] { leaving.drain(); });
  const std::stop_callback on_stop(link.stop(), [&] { leaving.stop(); });
  ProgressReports progress(link);
  const upload::OnProgress on_progress = [&](const upload::Progress& step) { progress.tell(step); };
  upload::UploadHandler handler(config, base::system_random(), on_progress);

  queue::Watcher watcher;
  watcher.on_claimed = [&](const queue::Lease& lease) {
    leaving.begin();
    link.report({"claimed",
                 {{"operation", lease.operation.text()},
                  {"kind", lease.kind},
                  {"attempt", std::to_string(lease.attempt)}}});
  };
  watcher.on_ended = [&](const queue::Ran& ran) {
    link.report(
        {"ended", {{"state", std::string(queue::to_string(ran.state))}, {"code", ran.code}}});
    leaving.end();
  };
  watcher.on_lease_lost = [&] { link.report({"lease_lost"}); };
  watcher.on_rescued = [&] { link.report({"rescued"}); };
  watcher.on_database_retry = [&](std::string_view sqlstate_class) {
    link.report({"database_retry", {{"class", std::string(sqlstate_class)}}});
  };
  watcher.on_idle = [&] { link.report({"idle"}); };

  ScratchGate gate(config);
  queue::RunnerOptions options{queue::worker_name(0), conninfo, config.database, config.queue,
                               watcher};
  options.may_claim = [&] { return gate.is_open(); };
  queue::Runner runner(std::move(options), base::system_clock(), base::system_random());
  runner.add_handler(store::upload_kind, handler);
  runner.run_forever(leaving.token());
  return 0;
}

}  // namespace devy::daemon
