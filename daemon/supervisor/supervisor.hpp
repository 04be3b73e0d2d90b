#pragma once
// The daemon's first process. It keeps one child of each single role and as many workers as the
// amount of work requires, and passes on the signals of the service manager and the operator. It is
// single-threaded around poll(2); it uses no database and parses no untrusted input, so that it
// survives whatever happens to its children (architecture.md, "Processes").
//
//   SIGTERM, SIGINT  drain: nothing new begins, what runs may end within daemon.drain_time, then is
//                    given back; a second one gives back at once
//   SIGHUP           read the configuration again; a broken one changes nothing

#include <functional>
#include <map>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/descriptor.hpp"
#include "daemon/settings.hpp"
#include "daemon/supervisor/child_set.hpp"
#include "daemon/supervisor/restart_backoff.hpp"
#include "daemon/supervisor/systemd.hpp"
#include "daemon/supervisor/worker_counters.hpp"

namespace devy::daemon {

// A role with one process, and the sockets that it serves. They are listed in the order of
// starting.
struct Single {
  std::string role;
  std::vector<base::Descriptor> sockets;
};

class Supervisor {
 public:
  // `reload` reads the settings again; when it throws, nothing changes. Borrows `systemd` and
  // `clock`.
  Supervisor(Settings settings, std::function<Settings()> reload, std::vector<Single> singles,
             const Systemd& systemd, const base::Clock& clock);

  // Runs until a signal ends it. Returns the exit status. Throws Error(internal) when the system
  // has no descriptors or processes left at the very start.
  [[nodiscard]] int run();

 private:
  enum class Phase { starting, running, draining, stopping };

  void wait();
  void handle_signals();
  void handle_reports();
  void handle_report(ChildProcess& child, const Report& report);
  void handle_work_report(ChildProcess& worker, const Report& report);
  void end_step(ChildProcess& worker);
  void handle_queue_report(const Report& report);
  void handle_counts(const Report& report);
  void handle_child_exits();
  void handle_child_exit(const ChildExit& exit);

  void keep_singles();
  void keep_workers();
  void keep_runners();
  void keep_runners_of(const std::string& lane);
  void kill_faulty(const std::vector<ChildProcess*>& processes,
                   const std::vector<WorkerScaling::Kill>& faults);
  void start(const std::string& role, const std::vector<base::Descriptor>& sockets);
  void send_numbers();

  void reload();
  void begin_drain();
  void stop_all(std::chrono::milliseconds grace);
  void go_on_draining();

  void tell_service_manager();
  [[nodiscard]] bool is_ready() const;
  [[nodiscard]] std::string status_line() const;
  [[nodiscard]] std::int64_t count_workers(bool is_busy) const;

  Settings settings_;
  std::function<Settings()> reload_;
  std::vector<Single> singles_;
  const Systemd& systemd_;
  const base::Clock& clock_;
  base::Descriptor signals_;
  ChildSet children_;

  Phase phase_ = Phase::starting;
  int exit_status_ = 0;
  bool is_reloading_ = false, is_reload_successful_ = true;
  base::MonotonicTime drain_until_{};
  std::map<std::string, RestartBackoff> backoffs_;
  WorkerCounters counters_;
  Report queue_, listener_, web_;  // the most recent reports
  std::string status_sent_;
  base::MonotonicTime watchdog_sent_at_{}, numbers_at_{};
};

}  // namespace devy::daemon
