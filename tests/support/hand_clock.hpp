#pragma once
// A clock that a test moves by hand, from one thread; any may ask it, as servers of the test do.

#include <atomic>

#include "core/platform/base/clock.hpp"

namespace devy::testing {

class HandClock final : public base::Clock {
 public:
  explicit HandClock(base::TimePoint start = base::TimePoint(std::chrono::seconds(1'700'000'000)))
      : now_(start) {}
  [[nodiscard]] base::TimePoint now() const override { return now_.load(); }
  [[nodiscard]] base::MonotonicTime monotonic_now() const override {
    return base::MonotonicTime(now().time_since_epoch());
  }
  void pass(base::Duration time) { now_ = now() + time; }

 private:
  std::atomic<base::TimePoint> now_;
};

}  // namespace devy::testing
