#include "core/platform/base/pause.hpp"

#include <condition_variable>
#include <mutex>

namespace devy::base {

void pause_for(const std::stop_token& stop, std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  never_notified.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace devy::base
