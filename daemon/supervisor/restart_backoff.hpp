#pragma once
// Restart backoff of a role: when one of its processes may be started again after failures. It
// restarts at once after a process that lived long enough, and with growing delays otherwise, so
// that a crash loop costs little. Processes that fail together count as one failure, and a process
// that completes work resets the count: one upload that kills its workers must not delay all
// others. Pure; one thread.

#include <algorithm>
#include <chrono>

#include "core/platform/base/clock.hpp"

namespace devy::daemon {

inline constexpr std::chrono::milliseconds restart_pause{200};  // doubled with each early exit
inline constexpr std::chrono::milliseconds restart_pause_max{30'000};
// A process that lives this long resets the count.
inline constexpr std::chrono::seconds restart_calm{10};

class RestartBackoff {
 public:
  void failed(base::MonotonicTime started_at, base::MonotonicTime now) {
    if (now - started_at >= restart_calm) return worked();
    // A process started before the last failure gives no new evidence.
    if (failures_ > 0 && started_at < failed_at_) return;
    failures_ = std::min(failures_ + 1, 10);
    failed_at_ = now;
    may_start_at_ = now + std::min(restart_pause_max, restart_pause * (1 << (failures_ - 1)));
  }
  // A process of the role has done its work, so the count is reset.
  void worked() { failures_ = 0; }
  [[nodiscard]] bool may_start(base::MonotonicTime now) const { return now >= may_start_at_; }

 private:
  int failures_ = 0;
  base::MonotonicTime failed_at_{}, may_start_at_{};
};

}  // namespace devy::daemon
