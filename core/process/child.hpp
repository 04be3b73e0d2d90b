#pragma once
// A child process of this very program, with a pipe to its stdin and one from its stdout. Hostile
// bytes are handled in children, which may be killed (architecture.md, "Processes").
//
// The program is /proc/self/exe, spawned (never forked without exec) with `--devy-child=<role>` as
// its only argument and an environment of a few harmless names: no secret is ever on a command line
// or in the environment. The child sets its own limits first thing (run_child_role) and dies with
// its parent: with the *thread* that spawned it, which therefore has to outlive it.
// Move-only; one thread at a time. The destructor kills and reaps.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/process/confinement.hpp"

namespace devy::process {

struct ChildLimits {
  std::uint64_t memory_bytes_max = 0;  // RLIMIT_AS; 0: none
  std::uint64_t cpu_seconds_max = 0;   // RLIMIT_CPU for the whole life; 0: none
};

// Descriptors of ours that a child may have can be this many.
inline constexpr std::size_t child_descriptors_max = 64;

// How long send() waits for a child that takes nothing before it is killed.
inline constexpr std::chrono::seconds child_send_timeout{60};
// What send() may collect of a child's output while the child is not yet ready to read.
inline constexpr std::size_t child_backlog_bytes_max = std::size_t{256} * 1024 * 1024;
// The exit status of a role that ran into its memory limit.
inline constexpr int child_out_of_memory = 71;

enum class ReadResult { data, end, timed_out };

class Child {
 public:
  // `descriptors` (listening sockets) are the child's too, in this order: Parent::descriptors().
  // Throws Error(internal) when the process cannot be started.
  [[nodiscard]] static Child spawn(std::string_view role, const ChildLimits& limits,
                                   std::span<const int> descriptors = {});
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  // Frames: 4-byte length (native order), then that many bytes. send() returns false when the child
  // is gone; it keeps what the child says meanwhile, so two large frames never block each other.
  // receive() reads one frame of at most `bytes_max`, throwing Error(internal) beyond it; what has
  // come of a frame by a time-out is kept for the next call.
  [[nodiscard]] bool send(std::string_view frame);
  [[nodiscard]] ReadResult receive(std::string& frame, std::size_t bytes_max,
                                   std::chrono::milliseconds timeout);
  // No more input for the child.
  void close_input();
  void kill() noexcept;
  // Closes both pipes, waits for the end and says how it ended: "exit status 3",
  // "killed by signal 9 (Killed)". A second call says the same again.
  [[nodiscard]] std::string wait();
  // The same, or nothing while it lives.
  [[nodiscard]] std::optional<std::string> try_wait();
  [[nodiscard]] pid_t pid() const { return pid_; }
  // For poll(2) beside other descriptors: readable when receive() may have something. -1 after its
  // end.
  [[nodiscard]] int output() const { return output_; }
  // CPU time the child has used so far; of its whole life after wait().
  [[nodiscard]] std::chrono::milliseconds cpu_time() const;

 private:
  Child() = default;
  void close_output() noexcept;
  void end() noexcept;
  [[nodiscard]] std::optional<std::string> reap(int options);
  bool read_some();
  bool take_frame(std::string& frame, std::size_t bytes_max);

  pid_t pid_ = -1;  // -1 once reaped
  int input_ = -1, output_ = -1;
  std::string backlog_;  // read from the child, not yet given out
  std::string ending_;
  std::chrono::milliseconds ended_cpu_{0};
};

// A child's side of the frames. They have descriptors of their own: stdin reads nothing and stdout
// goes to stderr, so a stray print cannot break a frame. Ends the process when the parent is gone.
class Parent {
 public:
  Parent(int input, int output) : input_(input), output_(output) {}
  // What the parent handed on; the role owns them. They close on exec.
  [[nodiscard]] const std::vector<int>& descriptors() const { return descriptors_; }
  void set_descriptors(std::vector<int> descriptors) { descriptors_ = std::move(descriptors); }
  // For poll(2): readable when receive() has something, or the parent is gone.
  [[nodiscard]] int input() const { return input_; }
  // Nothing at end of input, and for a frame over `bytes_max`.
  [[nodiscard]] std::optional<std::string> receive(std::size_t bytes_max);
  void send(std::string_view frame);

 private:
  int input_, output_;
  std::vector<int> descriptors_;
};

// The roles this program can play as a child. register_role() is called once a role before main's
// work begins; run_child_role() is the first thing main() does: it returns nothing when this
// process is not a child, else the exit status after the role has run under its limits and without
// what it gives up.
using Role = std::function<int(Parent&)>;
void register_role(std::string name, Role role, Confinement confinement = Confinement::none);
[[nodiscard]] std::optional<int> run_child_role(int argc, char** argv);

}  // namespace devy::process
