#pragma once
// The oracle's questions that only the machine can answer: what lies on disk, what a daemon's
// processes hold, and where a planted secret turned up. Reads /proc; changes nothing. Any thread.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace devy::testing {

// I8: what is left in folders of clones since before `oldest_kept`, and what git leaves behind.
[[nodiscard]] std::vector<std::string> leftovers(const std::vector<std::string>& folders,
                                                 std::chrono::system_clock::time_point oldest_kept);
// I8: children of these processes, and theirs, that ended and were never reaped.
[[nodiscard]] std::vector<std::string> zombies(const std::vector<pid_t>& daemons);

// Those of the service's unit, for each daemon with all of its children.
struct MachineLimits {
  std::uint64_t resident_bytes_max = 1024ULL << 20U;  // MemoryMax
  std::size_t processes_max = 128;     // TasksMax, of which these are the main threads
  std::size_t descriptors_max = 4096;  // LimitNOFILE, each process
};
// I13.
[[nodiscard]] std::vector<std::string> beyond_limits(const std::vector<pid_t>& daemons,
                                                     const MachineLimits& limits);

// What a daemon and all of its children hold now.
struct Usage {
  std::uint64_t resident_bytes = 0;
  std::uint64_t proportional_bytes = 0;  // shared pages divided among those who share them
  std::uint64_t largest_bytes = 0;       // resident, of one process
  std::size_t descriptors = 0, threads = 0, processes = 0;
};
[[nodiscard]] Usage usage_of(pid_t daemon);

// I10: which of the secrets (a line each) is in one of these files, or in any process's arguments.
[[nodiscard]] std::vector<std::string> told_secrets(const std::string& secrets,
                                                    const std::vector<std::string>& files);

}  // namespace devy::testing
