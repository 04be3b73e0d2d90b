#pragma once
// The error of a server that responds, but asks to be called again later and says when (HTTP's
// Retry-After). The code that schedules the next try reads the waiting time from it. A value; any
// thread.

#include <chrono>
#include <utility>

#include "core/platform/base/error.hpp"

namespace devy::base {

class AskedToWait : public Error {
 public:
  AskedToWait(Error error, std::chrono::seconds wait) : Error(std::move(error)), wait_(wait) {}

  // The time as the server stated it; limit it before use.
  [[nodiscard]] std::chrono::seconds wait() const { return wait_; }

 private:
  std::chrono::seconds wait_;
};

}  // namespace devy::base
