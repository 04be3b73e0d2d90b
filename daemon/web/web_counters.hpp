#pragma once
// Counts requests and refusals of the role web, for metrics, and the polls of live parts, by which
// browsers are told how often to ask. Any thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "core/platform/base/clock.hpp"

namespace devy::daemon {

struct WebNumbers {
  // By route and class of status: {"/operations", "2xx"}.
  std::map<std::pair<std::string, std::string>, std::int64_t> requests;
  std::map<std::string, std::chrono::microseconds> durations;  // by route
  std::map<std::string, std::int64_t> refused;                 // by reason
  std::map<std::string, std::int64_t> polls;                   // by result: changed, unchanged
  std::map<std::string, std::int64_t> logins;                  // by result: ok, refused
};

class WebCounters {
 public:
  void count(std::string_view route, int status, std::chrono::microseconds took);
  void count_refusal(std::string_view reason);
  void count_login(bool is_let_in);
  void count_poll(bool has_changed, base::MonotonicTime now);
  // Polls in the last whole second.
  [[nodiscard]] std::uint32_t polls_per_second(base::MonotonicTime now) const;
  [[nodiscard]] WebNumbers numbers() const;

 private:
  mutable std::mutex mutex_;  // guards the members below
  WebNumbers numbers_;
  base::MonotonicTime second_begun_{};
  std::uint32_t polls_now_ = 0, polls_before_ = 0;
};

}  // namespace devy::daemon
