#pragma once
// A clock that a test moves by hand. One thread.

#include "core/base/clock.hpp"

namespace devy::testing {

class HandClock final : public base::Clock {
 public:
  explicit HandClock(base::TimePoint start = base::TimePoint(std::chrono::seconds(1'700'000'000)))
      : now_(start) {}
  [[nodiscard]] base::TimePoint now() const override { return now_; }
  [[nodiscard]] base::MonotonicTime monotonic_now() const override {
    return base::MonotonicTime(now_.time_since_epoch());
  }
  void pass(base::Duration time) { now_ += time; }

 private:
  base::TimePoint now_;
};

}  // namespace devy::testing
