#pragma once
// The supervisor's children: started, listened to, told to leave, killed and reaped. Never waits
// for one of them. Knows nothing of what they do but the roles' names.
//
// One thread, which the children die with. The destructor kills who is left.

#include <poll.h>

#include <list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/process/child.hpp"
#include "daemon/report.hpp"
#include "daemon/staffing.hpp"

namespace devy::daemon {

struct Member {
  std::string role;
  process::Child child;
  base::MonotonicTime started_at{}, heard_at{};
  bool is_ready = false;                         // has said that it works
  bool is_leaving = false;                       // was told to
  std::optional<base::MonotonicTime> kill_at{};  // unless it has left by then
  std::string kill_cause{};  // why it was killed: stall, wall_clock, silent, slow_to_leave
  bool owes_answer = false;  // to the last numbers it was sent
  WorkerView work{};         // a worker's
  std::string operation{}, step{};
  base::MonotonicTime step_since{};
  std::int64_t fetched_bytes = 0;  // in this step
};

struct Departure {
  std::string role, operation, step;
  std::string ending;  // "exit status 0", "killed by signal 9 (Killed)"
  std::string cause;   // left, failed, out_of_memory, crashed, or a kill_cause
  base::MonotonicTime started_at{};
  bool was_leaving = false;
  // Ended well, or as it was told.
  [[nodiscard]] bool is_failure() const { return cause != "left" && !was_leaving; }
  // After "exit status".
  [[nodiscard]] std::optional<int> status() const;
};

struct Post {
  std::string role;
  process::ChildLimits limits;
  std::span<const int> sockets;
};

class Crew {
 public:
  explicit Crew(const base::Clock& clock) : clock_(clock) {}

  // Throws Error(internal) when no process can be started.
  Member& start(const Post& post, const Report& setup);
  // For poll(2): where members may say something.
  void add_outputs(std::vector<pollfd>& waiting) const;

  struct Heard {
    Member* member;
    Report report;
  };
  // What they have said so far. Who says nonsense is killed.
  [[nodiscard]] std::vector<Heard> listen();
  // Kills whose time is up, and takes away who has ended.
  [[nodiscard]] std::vector<Departure> reap();

  // Tells it to leave by "drain" or "stop"; it is killed at that time.
  void dismiss(Member& member, const char* order, base::MonotonicTime kill_at);
  void kill(Member& member, std::string cause);

  [[nodiscard]] std::list<Member>& members() { return members_; }
  [[nodiscard]] const std::list<Member>& members() const { return members_; }
  // The one of that role that stays; null: there is none.
  [[nodiscard]] Member* find(std::string_view role);

 private:
  const base::Clock& clock_;
  std::list<Member> members_;
};

}  // namespace devy::daemon
