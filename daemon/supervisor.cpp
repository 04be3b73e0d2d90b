#include "daemon/supervisor.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/fault_point.hpp"
#include "core/base/log.hpp"
#include "daemon/exit_status.hpp"
#include "daemon/log_settings.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

constexpr milliseconds turn{250};                // at least so often everything is looked at
constexpr std::chrono::seconds silence_max{30};  // a single role says something every second
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
      crew_(clock) {}

int Supervisor::run() {
  while (phase_ != Phase::stopping || !crew_.members().empty()) {
    if (phase_ == Phase::starting || phase_ == Phase::running) {
      keep_singles();
      keep_workers();
    } else {
      go_on_draining();
    }
    send_numbers();
    tell_service_manager();
    wait();
    take_signals();
    take_reports();
    take_departures();
  }
  base::log::info("daemon stopped", {{"status", exit_status_}});
  return exit_status_;
}

void Supervisor::wait() {
  std::vector<pollfd> waiting{{signals_.get(), POLLIN, 0}};
  crew_.add_outputs(waiting);
  static_cast<void>(poll(waiting.data(), waiting.size(), static_cast<int>(turn.count())));
}

void Supervisor::take_signals() {
  signalfd_siginfo signal{};
  while (read(signals_.get(), &signal, sizeof signal) == sizeof signal) {
    if (signal.ssi_signo == SIGCHLD) {
      base::fault_point("D5");
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
  if (!paces_[role].may_start(clock_.monotonic_now())) return;
  const auto numbers = numbers_of(sockets);
  const auto memory =
      role == "worker" ? settings_.config.limits.worker_memory_bytes_max : single_memory_bytes_max;
  try {
    crew_.start({role, {.memory_bytes_max = memory}, numbers},
                to_report(child_setup(settings_, role)));
  } catch (const Error& error) {
    // No process or descriptor to be had: what is there goes on.
    base::log::error("process not started", {{"role", role}, {"error", error.text()}});
    const auto now = clock_.monotonic_now();
    paces_[role].failed(now, now);
  }
}

void Supervisor::keep_singles() {
  const auto now = clock_.monotonic_now();
  for (const auto& single : singles_) {
    auto* member = crew_.find(single.role);
    if (member == nullptr) start(single.role, single.sockets);
    else if (now - member->heard_at > silence_max) crew_.kill(*member, "silent");
  }
}

void Supervisor::keep_workers() {
  std::vector<Member*> workers;
  std::vector<WorkerView> views;
  for (auto& member : crew_.members()) {
    if (member.role != "worker" || !member.kill_cause.empty()) continue;
    workers.push_back(&member);
    views.push_back(member.work);
  }
  const auto now = clock_.monotonic_now();
  const auto& config = settings_.config;
  const auto staffing = decide_staffing(views, config.workers, queue_.number("waiting"), now);
  for (const auto& [place, fault] : staffing.kill) {
    auto& worker = *workers[place];
    const char* cause = fault == Fault::stall ? "stall" : "wall_clock";
    base::log::error("worker killed", {{"cause", cause},
                                       {"pid", worker.child.pid()},
                                       {"upload", worker.operation},
                                       {"step", worker.step}});
    crew_.kill(worker, cause);
  }
  for (const auto place : staffing.let_go)
    crew_.dismiss(*workers[place], "drain", now + config.workers.wall_clock);
  for (std::uint32_t n = 0; n < staffing.start; ++n)
    start("worker", {});
}

// What the children have counted, for the one that serves metrics; never more than it has taken.
void Supervisor::send_numbers() {
  const auto now = clock_.monotonic_now();
  auto* admin = crew_.find("admin");
  if (admin == nullptr || admin->owes_answer || now < numbers_at_) return;
  numbers_at_ = now + numbers_interval;
  Report numbers{"numbers",
                 {{"workers_busy", std::to_string(count_workers(true))},
                  {"workers_idle", std::to_string(count_workers(false))},
                  {"is_reload_successful", is_reload_successful_ ? "1" : "0"},
                  {"is_draining", phase_ == Phase::draining ? "1" : "0"},
                  {"is_ready", is_ready() ? "1" : "0"}}};
  tally_.write(numbers);
  for (const auto& [key, value] : listener_.fields)
    numbers.fields["listener." + key] = value;
  admin->owes_answer = true;
  static_cast<void>(admin->child.send(to_frame(numbers)));
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
  base::fault_point("D6");
  configure_log(settings_.config.log);
  // Everyone gets a successor with the new settings; sockets stay open, so nobody is refused.
  const auto kill_at = clock_.monotonic_now() + settings_.config.workers.wall_clock;
  for (auto& member : crew_.members())
    if (!member.is_leaving) crew_.dismiss(member, "drain", kill_at);
  base::log::info("configuration reloaded");
}

void Supervisor::begin_drain() {
  phase_ = Phase::draining;
  systemd_.notify("STOPPING=1\nSTATUS=stopping\n" + extended_timeout());
  const auto now = clock_.monotonic_now();
  drain_until_ = now + settings_.config.daemon.drain_time;
  for (auto& member : crew_.members())
    if (member.role != "admin") crew_.dismiss(member, "drain", drain_until_ + stop_grace);
  base::fault_point("D7");
  base::log::info("draining", {{"running", count_workers(true)}});
}

void Supervisor::stop_all(milliseconds grace) {
  drain_until_ = base::MonotonicTime::max();
  const auto kill_at = clock_.monotonic_now() + grace;
  for (auto& member : crew_.members())
    if (member.role != "admin") crew_.dismiss(member, "stop", kill_at);
}

void Supervisor::go_on_draining() {
  if (clock_.monotonic_now() >= drain_until_) {
    base::log::warning("drain time is over", {{"running", count_workers(true)}});
    stop_all(stop_grace);
  }
  bool has_others = false;
  for (const auto& member : crew_.members())
    has_others |= member.role != "admin";
  if (has_others) return;
  // Health was served to the end.
  phase_ = Phase::stopping;
  for (auto& member : crew_.members())
    if (!member.is_leaving) crew_.dismiss(member, "stop", clock_.monotonic_now() + stop_grace);
}

// ---- words for the service manager

bool Supervisor::is_ready() const {
  for (const auto& single : singles_) {
    bool has_one = false;
    for (const auto& member : crew_.members())
      has_one |= member.role == single.role && !member.is_leaving && member.is_ready;
    if (!has_one) return false;
  }
  for (const auto& member : crew_.members())
    if (member.role == "worker" && !member.is_leaving && member.is_ready)
      return queue_.number("is_up") == 1;
  return false;
}

std::int64_t Supervisor::count_workers(bool is_busy) const {
  std::int64_t count = 0;
  for (const auto& member : crew_.members())
    count += member.role == "worker" && member.work.is_busy == is_busy ? 1 : 0;
  return count;
}

std::string Supervisor::status_line() const {
  std::string line = std::to_string(count_workers(true)) + " running, " +
                     std::to_string(queue_.number("waiting")) + " queued, " +
                     std::to_string(count_workers(false)) + " idle workers";
  if (queue_.number("is_up") != 1) line += "; the database is away";
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
  if (const auto status = status_line(); status != told_status_) {
    told_status_ = status;
    systemd_.notify("STATUS=" + status);
  }
  if (phase_ == Phase::draining && now >= told_watchdog_at_) systemd_.notify(extended_timeout());
  // This loop is all there is to watch: it reaps, and it kills children that fall silent.
  if (now < told_watchdog_at_) return;
  if (const auto interval = systemd_.watchdog()) {
    systemd_.notify("WATCHDOG=1");
    told_watchdog_at_ = now + *interval / 3;
  } else {
    told_watchdog_at_ = now + std::chrono::seconds(5);
  }
}

}  // namespace devy::daemon
