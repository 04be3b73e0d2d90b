#pragma once
// When a process that keeps ending may be started again: at once after a life of some length, else
// later each time, so that a crash loop costs little. Pure; one thread.

#include <algorithm>
#include <chrono>

#include "core/base/clock.hpp"

namespace devy::daemon {

inline constexpr std::chrono::milliseconds restart_pause{200};  // doubled with each early end
inline constexpr std::chrono::milliseconds restart_pause_max{30'000};
inline constexpr std::chrono::seconds restart_calm{10};  // a life this long begins the count anew

class RestartPace {
 public:
  void failed(base::MonotonicTime started_at, base::MonotonicTime now) {
    failures_ = now - started_at >= restart_calm ? 0 : std::min(failures_ + 1, 10);
    if (failures_ > 0)
      may_start_at_ = now + std::min(restart_pause_max, restart_pause * (1 << (failures_ - 1)));
  }
  [[nodiscard]] bool may_start(base::MonotonicTime now) const { return now >= may_start_at_; }

 private:
  int failures_ = 0;
  base::MonotonicTime may_start_at_{};
};

}  // namespace devy::daemon
