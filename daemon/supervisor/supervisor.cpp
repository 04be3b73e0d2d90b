#include "daemon/supervisor/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/systems.hpp"
#include "daemon/exit_status.hpp"
#include "daemon/log_settings.hpp"
#include "daemon/roles.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

constexpr milliseconds loop_interval{250};       // everything is checked at least this often
constexpr std::chrono::seconds silence_max{30};  // every single role reports once a second
constexpr milliseconds numbers_interval{1'000};
constexpr milliseconds stop_grace{10'000};  // to give back what runs
constexpr milliseconds stop_now_grace{3'000};
// A process that only serves; its threads reserve address space they never use.
constexpr std::uint64_t single_memory_bytes_max = 1024 * config::mebibyte;

base::Descriptor open_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD})
    sigaddset(&set, number);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  base::Descriptor signals(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (signals.get() < 0)
    throw Error(ErrorKind::internal,
                std::string("unable to wait for signals: ") + std::strerror(errno));
  return signals;
}

// A drain takes as long as it takes, as long as this loop moves.
std::string extended_timeout() {
  constexpr std::chrono::microseconds more = std::chrono::seconds(15);
  return "EXTEND_TIMEOUT_USEC=" + std::to_string(more.count());
}

std::vector<int> numbers_of(const std::vector<base::Descriptor>& descriptors) {
  std::vector<int> numbers;
  numbers.reserve(descriptors.size());
  for (const auto& descriptor : descriptors)
    numbers.push_back(descriptor.get());
  return numbers;
}

}  // namespace

Supervisor::Supervisor(Settings settings, std::function<Settings()> reload,
                       std::vector<Single> singles, const Systemd& systemd,
                       const base::Clock& clock)
    : settings_(std::move(settings)),
      reload_(std::move(reload)),
      singles_(std::move(singles)),
      systemd_(systemd),
      clock_(clock),
      signals_(open_signals()),
      children_(clock) {}

int Supervisor::run() {
  while (phase_ != Phase::stopping || !children_.processes().empty()) {
    if (phase_ == Phase::starting || phase_ == Phase::running) {
      keep_singles();
      keep_workers();
      keep_runners();
    } else {
      go_on_draining();
    }
    send_numbers();
    tell_service_manager();
    wait();
    handle_signals();
    handle_reports();
    handle_child_exits();
  }
  base::log::info("daemon stopped", {{"status", exit_status_}});
  return exit_status_;
}

void Supervisor::wait() {
  std::vector<pollfd> waiting{{signals_.get(), POLLIN, 0}};
  children_.add_outputs(waiting);
  static_cast<void>(poll(waiting.data(), waiting.size(), static_cast<int>(loop_interval.count())));
}

void Supervisor::handle_signals() {
  signalfd_siginfo signal{};
  while (read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
    if (signal.ssi_signo == SIGCHLD) {
      base::fault_point("before_child_reap");
      continue;
    }
    base::log::info(
        "signal received",
        {{"signal", sigabbrev_np(static_cast<int>(signal.ssi_signo))}, {"pid", signal.ssi_pid}});
    if (signal.ssi_signo == SIGHUP) reload();
    else if (phase_ == Phase::draining || phase_ == Phase::stopping) stop_all(stop_now_grace);
    else begin_drain();
  }
}

// ---- who should be there

void Supervisor::start(const std::string& role, const std::vector<base::Descriptor>& sockets) {
  if (!backoffs_[role].may_start(clock_.monotonic_now())) return;
  const auto numbers = numbers_of(sockets);
  const auto memory = runs_operations(role) ? settings_.config.limits.worker_memory_bytes_max
                                            : single_memory_bytes_max;
  try {
    children_.start({role, {.memory_bytes_max = memory}, numbers},
                    to_report(child_setup(settings_, role)));
  } catch (const Error& error) {
    // No process or descriptor is available: the existing processes continue.
    base::log::error("process not started", {{"role", role}, {"error", error.text()}});
    const auto now = clock_.monotonic_now();
    backoffs_[role].failed(now, now);
  }
}

void Supervisor::keep_singles() {
  const auto now = clock_.monotonic_now();
  for (const auto& single : singles_) {
    auto* child = children_.find(single.role);
    if (child == nullptr) start(single.role, single.sockets);
    else if (now - child->heard_at > silence_max) children_.kill(*child, "silent");
  }
}

void Supervisor::keep_workers() {
  std::vector<ChildProcess*> workers;
  std::vector<WorkerView> views;
  for (auto& child : children_.processes()) {
    if (child.role != "worker" || !child.kill_cause.empty()) continue;
    workers.push_back(&child);
    views.push_back(child.work);
  }
  const auto now = clock_.monotonic_now();
  const auto& config = settings_.config;
  const auto scaling = decide_worker_scaling(views, config.workers, queue_.number("waiting"), now);
  kill_faulty(workers, scaling.kill);
  for (const auto place : scaling.to_stop)
    children_.dismiss(*workers[place], "drain", now + config.workers.wall_clock);
  for (std::uint32_t n = 0; n < scaling.start; ++n)
    start("worker", {});
}

void Supervisor::kill_faulty(const std::vector<ChildProcess*>& processes,
                             const std::vector<WorkerScaling::Kill>& faults) {
  for (const auto& [place, fault] : faults) {
    auto& child = *processes[place];
    const char* cause = fault == Fault::stall ? "stall" : "wall_clock";
    base::log::error("worker killed", {{"cause", cause},
                                       {"role", child.role},
                                       {"pid", child.handle.pid()},
                                       {"operation", child.operation},
                                       {"step", child.step}});
    children_.kill(child, cause);
  }
}

// The lanes besides `work` have a fixed number of processes each: they wait for other servers, and
// more of them would not make those answer sooner.
void Supervisor::keep_runners() {
  for (const auto& lane : systems::runner_lanes(settings_.config))
    keep_runners_of(lane);
}

void Supervisor::keep_runners_of(const std::string& lane) {
  const auto role = runner_role(lane);
  std::vector<ChildProcess*> runners;
  std::vector<WorkerView> views;
  std::uint32_t present = 0;
  for (auto& child : children_.processes()) {
    if (child.role != role || !child.kill_cause.empty()) continue;
    runners.push_back(&child);
    views.push_back(child.work);
    if (!child.is_leaving) ++present;
  }
  kill_faulty(runners, find_faults(views, clock_.monotonic_now()));
  for (; present < runners_of(settings_.config, lane); ++present)
    start(role, {});
}

// Sends the children's counters to the process that serves metrics; nothing is sent while the
// previous ones are not acknowledged.
void Supervisor::send_numbers() {
  const auto now = clock_.monotonic_now();
  auto* admin = children_.find("admin");
  if (admin == nullptr || admin->owes_answer || now < numbers_at_) return;
  numbers_at_ = now + numbers_interval;
  Report numbers{"numbers",
                 {{"workers_busy", std::to_string(count_workers(true))},
                  {"workers_idle", std::to_string(count_workers(false))},
                  {"is_reload_successful", is_reload_successful_ ? "1" : "0"},
                  {"is_draining", phase_ == Phase::draining ? "1" : "0"},
                  {"is_ready", is_ready() ? "1" : "0"}}};
  counters_.write(numbers);
  for (const auto& [key, value] : listener_.fields)
    numbers.fields["listener." + key] = value;
  for (const auto& [key, value] : web_.fields)
    numbers.fields["web." + key] = value;
  admin->owes_answer = true;
  static_cast<void>(admin->handle.send(to_frame(numbers)));
}

// ---- orders from outside

void Supervisor::reload() {
  if (phase_ == Phase::draining || phase_ == Phase::stopping) return;
  const auto since_start = clock_.monotonic_now().time_since_epoch();
  const auto microseconds =
      std::chrono::duration_cast<std::chrono::microseconds>(since_start).count();
  systemd_.notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
  is_reloading_ = true;
  try {
    settings_ = reload_();
  } catch (const Error& error) {
    is_reload_successful_ = false;
    base::log::error("configuration not reloaded", {{"error", error.text()}});
    return;
  }
  is_reload_successful_ = true;
  base::fault_point("during_reload");
  configure_log(settings_.config.log);
  // Every process gets a successor with the new settings; sockets stay open, so no client is
  // refused.
  const auto kill_at = clock_.monotonic_now() + settings_.config.workers.wall_clock;
  for (auto& child : children_.processes())
    if (!child.is_leaving) children_.dismiss(child, "drain", kill_at);
  base::log::info("configuration reloaded");
}

void Supervisor::begin_drain() {
  phase_ = Phase::draining;
  systemd_.notify("STOPPING=1\nSTATUS=stopping\n" + extended_timeout());
  const auto now = clock_.monotonic_now();
  drain_until_ = now + settings_.config.daemon.drain_time;
  for (auto& child : children_.processes())
    if (child.role != "admin") children_.dismiss(child, "drain", drain_until_ + stop_grace);
  base::fault_point("during_drain");
  base::log::info("draining", {{"running", count_workers(true)}});
}

void Supervisor::stop_all(milliseconds grace) {
  drain_until_ = base::MonotonicTime::max();
  const auto kill_at = clock_.monotonic_now() + grace;
  for (auto& child : children_.processes())
    if (child.role != "admin") children_.dismiss(child, "stop", kill_at);
}

void Supervisor::go_on_draining() {
  if (clock_.monotonic_now() >= drain_until_) {
    base::log::warning("drain time exceeded", {{"running", count_workers(true)}});
    stop_all(stop_grace);
  }
  bool has_others = false;
  for (const auto& child : children_.processes())
    has_others |= child.role != "admin";
  if (has_others) return;
  // Health was served until now.
  phase_ = Phase::stopping;
  for (auto& child : children_.processes())
    if (!child.is_leaving) children_.dismiss(child, "stop", clock_.monotonic_now() + stop_grace);
}

// ---- messages to the service manager

bool Supervisor::is_ready() const {
  for (const auto& single : singles_) {
    bool has_one = false;
    for (const auto& child : children_.processes())
      has_one |= child.role == single.role && !child.is_leaving && child.is_ready;
    if (!has_one) return false;
  }
  for (const auto& child : children_.processes())
    if (child.role == "worker" && !child.is_leaving && child.is_ready)
      return queue_.number("is_up") == 1;
  return false;
}

std::int64_t Supervisor::count_workers(bool is_busy) const {
  std::int64_t count = 0;
  for (const auto& child : children_.processes())
    count += child.role == "worker" && child.work.is_busy == is_busy ? 1 : 0;
  return count;
}

std::string Supervisor::status_line() const {
  std::string line = std::to_string(count_workers(true)) + " running, " +
                     std::to_string(queue_.number("waiting")) + " queued, " +
                     std::to_string(count_workers(false)) + " idle workers";
  if (queue_.number("is_up") != 1) line += "; the database unavailable";
  if (const auto webhook = listener_.number("last_delivery_seconds"); webhook > 0)
    line += "; last webhook " +
            std::to_string(
                std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch())
                    .count() -
                webhook) +
            "s ago";
  if (phase_ == Phase::draining) line = "draining: " + line;
  return line;
}

void Supervisor::tell_service_manager() {
  const auto now = clock_.monotonic_now();
  const bool may_be_ready = phase_ == Phase::starting || is_reloading_;
  if (phase_ != Phase::draining && may_be_ready && is_ready()) {
    if (phase_ == Phase::starting) base::log::info("daemon ready");
    phase_ = Phase::running;
    is_reloading_ = false;
    systemd_.notify("READY=1");
  }
  if (const auto status = status_line(); status != status_sent_) {
    status_sent_ = status;
    systemd_.notify("STATUS=" + status);
  }
  if (phase_ == Phase::draining && now >= watchdog_sent_at_) systemd_.notify(extended_timeout());
  // This loop is all there is to watch: it reaps, and it kills children that fall silent.
  if (now < watchdog_sent_at_) return;
  if (const auto interval = systemd_.watchdog()) {
    systemd_.notify("WATCHDOG=1");
    watchdog_sent_at_ = now + *interval / 3;
  } else {
    watchdog_sent_at_ = now + std::chrono::seconds(5);
  }
}

}  // namespace devy::daemon
