#pragma once
// Running whole programs and measuring them: wall time, and the memory of the process tree. For the
// benchmarks only. One thread.

#include <functional>
#include <string>
#include <vector>

namespace devy::bench {

struct Measured {
  int status = 0;
  double seconds = 0;
  double process_mib = 0;  // the largest resident set that one process of the tree reached
  double tree_mib = 0;     // the largest sum of proportional set sizes, sampled
};

struct Command {
  std::vector<std::string> arguments;
  std::vector<std::string> environment = {};  // NAME=value, added to this process's own
  std::string input_file = {};
  std::string output_file = "/dev/null";
  bool samples_memory = false;
};

// Throws std::runtime_error when the program cannot be started or fails.
Measured run(const Command& command);
// The median of `times` runs by wall time; `prepare` goes before each, unmeasured.
Measured median_of(int times, const std::function<Command(int)>& prepare);

// What a process and all below it have used of the processors so far, those that have ended too.
[[nodiscard]] double cpu_seconds(int pid);
[[nodiscard]] double seconds_of(const std::function<void()>& work);

}  // namespace devy::bench
