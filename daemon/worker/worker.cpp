#include "daemon/worker/worker.hpp"

#include <unistd.h>

#include <fstream>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/git/private_folder.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/runner.hpp"
#include "core/systems.hpp"

namespace devy::daemon {
namespace {

// A large fetch reports progress thousands of times; the supervisor needs only some of the reports.
constexpr std::chrono::milliseconds progress_interval{250};

std::uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// Decides when a worker leaves. The link's thread and the runner's call it; a claim that is in
// progress when the order to drain arrives is given back by the runner.
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
      base::log::info("worker retired", {{"operations", operations_}, {"grown", is_grown}});
    if (is_draining_ || is_done || is_grown) stop_.request_stop();
  }

 private:
  const config::Workers& settings_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::uint32_t operations_ = 0;  // guarded by mutex_, as all below
  bool is_busy_ = false, is_draining_ = false;
};

// No operation is begun that would soon fill the disk: it waits, which counts as no attempt.
class ScratchGate final : public queue::ClaimGate {
 public:
  ScratchGate(const config::Config& config, const systems::Handlers& handlers)
      : config_(config), handlers_(handlers) {}

  [[nodiscard]] bool is_open(std::string_view kind) override {
    if (!handlers_.needs_scratch(kind)) return true;
    const auto free = git::scratch_free_bytes(config_);
    const bool is_open = free >= config_.limits.scratch_free_bytes_min;
    if (is_open != is_open_)
      base::log::warning(is_open ? "scratch space recovered" : "scratch space exhausted",
                         {{"free_bytes", free}});
    return is_open_ = is_open;
  }

 private:
  const config::Config& config_;
  const systems::Handlers& handlers_;
  bool is_open_ = true;
};

// Reports an operation's progress, but no more often than needed.
class ProgressReports {
 public:
  explicit ProgressReports(SupervisorLink& link) : link_(link) {}

  void tell(const queue::Progress& progress) {
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

// Tells the supervisor what the runner does, and the worker when it may leave.
class WorkerReports final : public queue::RunnerObserver {
 public:
  WorkerReports(SupervisorLink& link, Leaving& leaving) : link_(link), leaving_(leaving) {}

  void on_claimed(const queue::Lease& lease) override {
    leaving_.begin();
    link_.report({"claimed",
                  {{"operation", lease.operation.text()},
                   {"kind", lease.kind},
                   {"attempt", std::to_string(lease.attempt)}}});
  }
  void on_ended(const queue::RunResult& ran) override {
    link_.report(
        {"ended", {{"state", std::string(queue::to_string(ran.state))}, {"code", ran.code}}});
    tell_counts();
    leaving_.end();
  }
  void on_lease_lost() override { link_.report({"lease_lost"}); }
  void on_rescued() override { link_.report({"rescued"}); }
  void on_idle() override { link_.report({"idle"}); }
  void on_database_retry(std::string_view sqlstate_class) override {
    link_.report({"database_retry", {{"class", std::string(sqlstate_class)}}});
  }

 private:
  void tell_counts() {
    Report counts{"counts"};
    for (const auto& [name, count] : base::reset_counts())
      counts.fields[name] = std::to_string(count);
    if (!counts.fields.empty()) link_.report(counts);
  }

  SupervisorLink& link_;
  Leaving& leaving_;
};

}  // namespace

int run_worker(SupervisorLink& link, const std::string& lane) {
  const auto& [config, conninfo] = link.setup();
  const auto swept = git::sweep_abandoned_clones(config);
  if (swept != 0) {
    base::log::info("abandoned clones removed", {{"count", swept}});
    link.report({"swept", {{"count", std::to_string(swept)}}});
  }

  Leaving leaving(config.workers);
  const std::stop_callback on_drain(link.drain(), [&] { leaving.drain(); });
  const std::stop_callback on_stop(link.stop(), [&] { leaving.stop(); });
  ProgressReports progress(link);
  const queue::OnProgress on_progress = [&](const queue::Progress& step) { progress.tell(step); };
  systems::Handlers handlers(lane,
                             {config, base::system_clock(), base::system_random(), on_progress});

  WorkerReports observer(link, leaving);
  ScratchGate gate(config, handlers);
  queue::RunnerOptions options{queue::worker_name(0), conninfo, config.database, config.queue,
                               &observer};
  options.lane = systems::claimed_lane(lane, config);
  options.gate = &gate;
  queue::Runner runner(std::move(options), base::system_clock(), base::system_random());
  handlers.add_to(runner);
  runner.run_forever(leaving.token());
  return 0;
}

}  // namespace devy::daemon
