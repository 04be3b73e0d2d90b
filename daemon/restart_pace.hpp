#pragma once
// When a process of a role may be started again after some have failed: at once after a life of
// some length, else later each time, so that a crash loop costs little. Several that fail together
// count as one, and a role whose processes do their work begins anew: one upload that kills its
// workers must not hold back all others. Pure; one thread.

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
    if (now - started_at >= restart_calm) return worked();
    // Its like, started before the last one failed, tells nothing new.
    if (failures_ > 0 && started_at < failed_at_) return;
    failures_ = std::min(failures_ + 1, 10);
    failed_at_ = now;
    may_start_at_ = now + std::min(restart_pause_max, restart_pause * (1 << (failures_ - 1)));
  }
  // One of them has done what it is there for.
  void worked() { failures_ = 0; }
  [[nodiscard]] bool may_start(base::MonotonicTime now) const { return now >= may_start_at_; }

 private:
  int failures_ = 0;
  base::MonotonicTime failed_at_{}, may_start_at_{};
};

}  // namespace devy::daemon
