#pragma once
// The daemon's first process: keeps one child of each single role and as many workers as the work
// wants, and passes on what the service manager and the operator say by signals. Single-threaded
// around poll(2); talks to no database and parses nothing hostile, so that it outlives whatever
// happens below it (architecture.md, "Processes").
//
//   SIGTERM, SIGINT  drain: nothing new begins, what runs may end within daemon.drain_time, then is
//                    given back; a second one gives back at once
//   SIGHUP           read the configuration again; a broken one changes nothing

#include <functional>
#include <map>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/descriptor.hpp"
#include "daemon/crew.hpp"
#include "daemon/restart_pace.hpp"
#include "daemon/settings.hpp"
#include "daemon/systemd.hpp"
#include "daemon/tally.hpp"

namespace devy::daemon {

// The roles of which there is one process each, and the sockets it serves; in the order of
// starting.
struct Single {
  std::string role;
  std::vector<base::Descriptor> sockets;
};

class Supervisor {
 public:
  // `reload` reads the settings anew; what it throws leaves everything as it is. Borrows `systemd`
  // and `clock`.
  Supervisor(Settings settings, std::function<Settings()> reload, std::vector<Single> singles,
             const Systemd& systemd, const base::Clock& clock);

  // Until a signal ends it. Returns the exit status. Throws Error(internal) when the system has no
  // descriptors or processes left at the very start.
  [[nodiscard]] int run();

 private:
  enum class Phase { starting, running, draining, stopping };

  void wait();
  void take_signals();
  void take_reports();
  void take_report(Member& member, const Report& report);
  void take_work_report(Member& worker, const Report& report);
  void end_step(Member& worker);
  void take_queue_report(const Report& report);
  void take_upkeep_report(const Report& report);
  void take_departures();
  void take_departure(const Departure& departure);

  void keep_singles();
  void keep_workers();
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
  Crew crew_;

  Phase phase_ = Phase::starting;
  int exit_status_ = 0;
  bool is_reloading_ = false, is_reload_successful_ = true;
  base::MonotonicTime drain_until_{};
  std::map<std::string, RestartPace> paces_;
  Tally tally_;
  Report queue_, listener_;  // what was last heard
  std::string told_status_;
  base::MonotonicTime told_watchdog_at_{}, numbers_at_{};
};

}  // namespace devy::daemon
