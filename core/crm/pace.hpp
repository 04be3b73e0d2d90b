#pragma once
// Keeps requests apart, so that no two seconds have more than the plan allows. One thread.

#include <chrono>
#include <cstdint>
#include <deque>

#include "core/platform/base/clock.hpp"

namespace devy::crm {

class Pace {
 public:
  static constexpr std::chrono::seconds window{2};

  explicit Pace(std::uint32_t requests_a_window) : requests_(requests_a_window) {}

  // How long to wait before the next request; zero: it may be sent now.
  [[nodiscard]] std::chrono::milliseconds wait(base::MonotonicTime now) {
    while (!sent_.empty() && now - sent_.front() >= window)
      sent_.pop_front();
    if (sent_.size() < requests_) return std::chrono::milliseconds(0);
    return std::chrono::ceil<std::chrono::milliseconds>(sent_.front() + window - now);
  }
  void note(base::MonotonicTime sent_at) { sent_.push_back(sent_at); }

 private:
  const std::uint32_t requests_;
  std::deque<base::MonotonicTime> sent_;  // at most requests_, none older than the window
};

}  // namespace devy::crm
