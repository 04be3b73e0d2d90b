#pragma once
// The listener's counters for the metrics. Names that come from senders are limited in number. Any
// thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "core/platform/base/clock.hpp"

namespace devy::daemon {

struct ListenerNumbers {
  std::map<std::pair<std::string, std::string>, std::uint64_t> deliveries;  // by event and verdict
  std::map<std::string, std::uint64_t> refused;                             // by reason
  std::uint64_t requests = 0;
  std::chrono::microseconds duration{0};   // sum over all requests
  std::int64_t last_delivery_seconds = 0;  // since 1970
};

class ListenerCounters {
 public:
  void count_delivery(const std::string& event, const std::string& verdict, base::TimePoint at);
  void count_refusal(const std::string& reason);
  void count_request(std::chrono::microseconds duration);
  [[nodiscard]] ListenerNumbers numbers() const;

 private:
  mutable std::mutex mutex_;
  ListenerNumbers numbers_;
};

}  // namespace devy::daemon
