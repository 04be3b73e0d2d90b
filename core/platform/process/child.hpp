#pragma once
// A child process that runs this same program, with a pipe to its stdin and one from its stdout.
// Untrusted bytes are parsed in children, which may be killed (architecture.md, "Processes").
//
// The program is /proc/self/exe, spawned (never forked without exec) with `--devy-child=<role>` as
// its only argument and an environment of a few harmless names: no secret is ever on a command line
// or in the environment. The child sets its own limits first (run_child_role) and dies with its
// parent: precisely, with the *thread* that spawned it, which therefore has to outlive it.
// Move-only; one thread at a time. The destructor kills and reaps the child.

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

#include "core/platform/process/confinement.hpp"

namespace devy::process {

struct ChildLimits {
  std::uint64_t memory_bytes_max = 0;  // RLIMIT_AS; 0: none
  std::uint64_t cpu_seconds_max = 0;   // RLIMIT_CPU for the whole life; 0: none
};

// Limit for the descriptors that are handed to a child.
inline constexpr std::size_t child_descriptors_max = 64;

// How long send() waits for a child that reads nothing, before the child is killed.
inline constexpr std::chrono::seconds child_send_timeout{60};
// Limit for the output that send() collects from a child that is not yet ready to read.
inline constexpr std::size_t child_backlog_bytes_max = std::size_t{256} * 1024 * 1024;
// The exit status of a role that has reached its memory limit.
inline constexpr int child_out_of_memory = 71;

enum class ReadResult { data, end, timed_out };

class Child {
 public:
  // The child inherits `descriptors` (listening sockets) in this order: see Parent::descriptors().
  // Throws Error(internal) when the process cannot be started.
  [[nodiscard]] static Child spawn(std::string_view role, const ChildLimits& limits,
                                   std::span<const int> descriptors = {});
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  // Frames: a 4-byte length (native order), then that many bytes. send() returns false when the
  // child is gone; it collects the child's output meanwhile, so that two large frames never block
  // each other. receive() reads one frame of at most `bytes_max` and throws Error(internal) beyond
  // it; a part of a frame that has arrived before a timeout is kept for the next call.
  [[nodiscard]] bool send(std::string_view frame);
  [[nodiscard]] ReadResult receive(std::string& frame, std::size_t bytes_max,
                                   std::chrono::milliseconds timeout);
  // Closes the child's input.
  void close_input();
  void kill() noexcept;
  // Closes both pipes, waits for the child to end and describes its end: "exit status 3", "killed
  // by signal 9 (Killed)". A second call returns the same text.
  [[nodiscard]] std::string wait();
  // Returns the same text, or nothing while the child lives.
  [[nodiscard]] std::optional<std::string> try_wait();
  [[nodiscard]] pid_t pid() const { return pid_; }
  // The descriptor for poll(2): readable when receive() may have something. It is -1 after the
  // child's end.
  [[nodiscard]] int output() const { return output_; }
  // CPU time that the child has used so far; after wait() that of its whole life.
  [[nodiscard]] std::chrono::milliseconds cpu_time() const;

 private:
  Child() = default;
  void close_output() noexcept;
  void end() noexcept;
  [[nodiscard]] std::optional<std::string> reap(int options);
  bool read_some();
  bool read_frame(std::string& frame, std::size_t bytes_max);

  pid_t pid_ = -1;  // -1 once reaped
  int input_ = -1, output_ = -1;
  std::string backlog_;  // read from the child, but not yet returned
  std::string ending_;
  std::chrono::milliseconds ended_cpu_{0};
};

// The child's side of the frames. Frames use descriptors of their own; stdin is empty and stdout
// goes to stderr, so a stray print cannot break a frame. It ends the process when the parent is
// gone.
class Parent {
 public:
  Parent(int input, int output) : input_(input), output_(output) {}
  // The descriptors that the parent passed on; the role owns them. They are closed on exec.
  [[nodiscard]] const std::vector<int>& descriptors() const { return descriptors_; }
  void set_descriptors(std::vector<int> descriptors) { descriptors_ = std::move(descriptors); }
  // The descriptor for poll(2): readable when receive() has something, or the parent is gone.
  [[nodiscard]] int input() const { return input_; }
  // Returns nothing at end of input, and for a frame over `bytes_max`.
  [[nodiscard]] std::optional<std::string> receive(std::size_t bytes_max);
  void send(std::string_view frame);

 private:
  int input_, output_;
  std::vector<int> descriptors_;
};

// The roles that this program can run as a child. register_role() is called once per role before
// main's work begins. run_child_role() is the first call of main(): it returns nothing when this
// process is not a child; otherwise it runs the role, confined and under its limits, and returns
// its exit status.
using Role = std::function<int(Parent&)>;
void register_role(std::string name, Role role, Confinement confinement = Confinement::none);
[[nodiscard]] std::optional<int> run_child_role(int argc, char** argv);

}  // namespace devy::process
