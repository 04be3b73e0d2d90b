#pragma once
// The supervisor's child processes: starts them, reads their reports, asks them to leave, kills and
// reaps them. Never blocks on any of them. Knows nothing of their work except the names of the
// roles.
//
// Must be used from one thread; the children die with that thread. The destructor kills those still
// running.

#include <poll.h>

#include <list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/process/child.hpp"
#include "daemon/supervisor/report.hpp"
#include "daemon/supervisor/worker_scaling.hpp"

namespace devy::daemon {

struct ChildProcess {
  std::string role;
  process::Child handle;
  base::MonotonicTime started_at{}, heard_at{};
  bool is_ready = false;    // has reported that it is ready
  bool is_leaving = false;  // was asked to leave
  // It is killed at this time unless it has exited by then.
  std::optional<base::MonotonicTime> kill_at{};
  std::string kill_cause{};  // why it was killed: stall, wall_clock, silent, slow_to_leave
  bool owes_answer = false;  // has not acknowledged the last counters it was sent
  WorkerView work{};         // set for workers only
  std::string operation{}, step{};
  base::MonotonicTime step_since{};
  std::int64_t fetched_bytes = 0;  // in the current step
};

struct ChildExit {
  std::string role, operation, step;
  std::string ending;  // as text: "exit status 0", "killed by signal 9 (Killed)"
  std::string cause;   // left, failed, out_of_memory, crashed, or a kill_cause
  base::MonotonicTime started_at{};
  bool was_leaving = false;
  // False when it ended well, or because it was asked to.
  [[nodiscard]] bool is_failure() const { return cause != "exited" && !was_leaving; }
  // The number after "exit status" in `ending`.
  [[nodiscard]] std::optional<int> status() const;
};

struct ChildSpec {
  std::string role;
  process::ChildLimits limits;
  std::span<const int> sockets;
};

class ChildSet {
 public:
  explicit ChildSet(const base::Clock& clock) : clock_(clock) {}

  // Throws Error(internal) when no process can be started.
  ChildProcess& start(const ChildSpec& spec, const Report& setup);
  // Adds the descriptors on which child processes may report, for poll(2).
  void add_outputs(std::vector<pollfd>& waiting) const;

  struct Heard {
    ChildProcess* child;
    Report report;
  };
  // Returns the reports received so far. A child that sends an invalid report is killed.
  [[nodiscard]] std::vector<Heard> listen();
  // Kills the children whose time is up, and removes and returns those that have ended.
  [[nodiscard]] std::vector<ChildExit> reap();

  // Asks it to leave with the order "drain" or "stop"; it is killed at `kill_at`.
  void dismiss(ChildProcess& child, const char* order, base::MonotonicTime kill_at);
  void kill(ChildProcess& child, std::string cause);

  [[nodiscard]] std::list<ChildProcess>& processes() { return processes_; }
  [[nodiscard]] const std::list<ChildProcess>& processes() const { return processes_; }
  // Returns the process of that role that is not leaving; null when there is none.
  [[nodiscard]] ChildProcess* find(std::string_view role);

 private:
  const base::Clock& clock_;
  std::list<ChildProcess> processes_;
};

}  // namespace devy::daemon
