#pragma once
// Time: the only place that asks the operating system for it. One of the three test seams. Leases
// and due times use the database's clock (queue.md, rule 6); this clock is for display, for local
// timers, and for parsing "1h ago".

#include <chrono>

namespace devy::base {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;
using MonotonicTime = std::chrono::steady_clock::time_point;

// Any thread may call a Clock.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  [[nodiscard]] virtual MonotonicTime monotonic_now() const = 0;
};

// Lives for the whole process.
[[nodiscard]] const Clock& system_clock();

}  // namespace devy::base
