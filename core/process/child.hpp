#pragma once
// A child process of this very program, with a pipe to its stdin and one from its stdout. Hostile
// bytes are handled in children, which may be killed (architecture.md, "Processes").
//
// The program is /proc/self/exe, spawned (never forked without exec) with `--devy-child=<role>` as
// its only argument: no secret is ever on a command line or in the environment. The child sets its
// own limits first thing (run_child_role) and dies with its parent.
// Move-only; one thread at a time. The destructor kills and reaps.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace devy::process {

struct ChildLimits {
  std::uint64_t memory_bytes_max = 0;  // RLIMIT_AS; 0: none
  std::uint64_t cpu_seconds_max = 0;   // RLIMIT_CPU for the whole life; 0: none
};

enum class ReadResult { data, end, timed_out };

class Child {
 public:
  // Throws Error(internal) when the process cannot be started.
  [[nodiscard]] static Child spawn(std::string_view role, const ChildLimits& limits);
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  // Frames: 4-byte length (native order), then that many bytes. send() returns false when the child
  // is gone. receive() reads one frame of at most `bytes_max`, throwing Error(internal) beyond it.
  [[nodiscard]] bool send(std::string_view frame);
  [[nodiscard]] ReadResult receive(std::string& frame, std::size_t bytes_max,
                                   std::chrono::milliseconds timeout);
  // No more input for the child.
  void close_input();
  void kill() noexcept;
  // Waits for the end and says how it ended: "exit status 3", "killed by signal 9 (Killed)".
  [[nodiscard]] std::string wait();
  [[nodiscard]] pid_t pid() const { return pid_; }
  // CPU time the child has used so far.
  [[nodiscard]] std::chrono::milliseconds cpu_time() const;

 private:
  Child() = default;
  void close_all() noexcept;
  pid_t pid_ = -1;
  int input_ = -1, output_ = -1;
};

// A child's side of the frames: stdin and stdout.
class Parent {
 public:
  // Nothing at end of input.
  [[nodiscard]] std::optional<std::string> receive(std::size_t bytes_max);
  void send(std::string_view frame);
};

// The roles this program can play as a child. register_role() is called once a role before main's
// work begins; run_child_role() is the first thing main() does: it returns nothing when this process
// is not a child, else the exit status after the role has run under its limits.
using Role = std::function<int(Parent&)>;
void register_role(std::string name, Role role);
[[nodiscard]] std::optional<int> run_child_role(int argc, char** argv);

}  // namespace devy::process
