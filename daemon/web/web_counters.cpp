#include "daemon/web/web_counters.hpp"

namespace devy::daemon {

using std::chrono::seconds;

void WebCounters::count(std::string_view route, int status, std::chrono::microseconds took) {
  const std::lock_guard lock(mutex_);
  ++numbers_.requests[{std::string(route), std::to_string(status / 100) + "xx"}];
  numbers_.durations[std::string(route)] += took;
}

void WebCounters::count_refusal(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  ++numbers_.refused[std::string(reason)];
}

void WebCounters::count_login(bool is_let_in) {
  const std::lock_guard lock(mutex_);
  ++numbers_.logins[is_let_in ? "ok" : "refused"];
}

void WebCounters::count_poll(bool has_changed, base::MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  ++numbers_.polls[has_changed ? "changed" : "unchanged"];
  if (now - second_begun_ >= seconds(1)) {
    polls_before_ = now - second_begun_ < seconds(2) ? polls_now_ : 0;
    polls_now_ = 0;
    second_begun_ = now;
  }
  ++polls_now_;
}

std::uint32_t WebCounters::polls_per_second(base::MonotonicTime now) const {
  const std::lock_guard lock(mutex_);
  const auto since = now - second_begun_;
  if (since < seconds(1)) return polls_before_;
  return since < seconds(2) ? polls_now_ : 0;
}

WebNumbers WebCounters::numbers() const {
  const std::lock_guard lock(mutex_);
  return numbers_;
}

}  // namespace devy::daemon
