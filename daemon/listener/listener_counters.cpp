#include "daemon/listener/listener_counters.hpp"

namespace devy::daemon {
namespace {

// GitHub has some sixty events; a forger of names would have more.
constexpr std::size_t names_max = 256;

}  // namespace

void ListenerCounters::count_delivery(const std::string& event, const std::string& verdict,
                                      base::TimePoint at) {
  const std::lock_guard lock(mutex_);
  auto& counts = numbers_.deliveries;
  const std::pair name(event, verdict);
  if (counts.size() < names_max || counts.contains(name)) ++counts[name];
  else ++counts[{"other", verdict}];
  numbers_.last_delivery_seconds =
      std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

void ListenerCounters::count_refusal(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  ++numbers_.refused[reason];
}

void ListenerCounters::count_request(std::chrono::microseconds duration) {
  const std::lock_guard lock(mutex_);
  ++numbers_.requests;
  numbers_.duration += duration;
}

ListenerNumbers ListenerCounters::numbers() const {
  const std::lock_guard lock(mutex_);
  return numbers_;
}

}  // namespace devy::daemon
