#pragma once
// A reader of the mirror's feed of changes who looks every two milliseconds or so: when the change
// that a delivery made to an issue was visible. It has a session and a thread of its own. For the
// benchmarks only.

#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "core/platform/base/clock.hpp"

namespace devy::bench {

class ChangeWatcher {
 public:
  explicit ChangeWatcher(const std::string& conninfo);

  [[nodiscard]] std::size_t count() const;
  // By the GUID of the delivery. Stops watching.
  [[nodiscard]] std::map<std::string, base::TimePoint> seen();

 private:
  void watch(const std::string& conninfo, const std::stop_token& stop);

  mutable std::mutex mutex_;
  std::map<std::string, base::TimePoint> seen_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace devy::bench
