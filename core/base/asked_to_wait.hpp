#pragma once
// An error of a server that is there, but wants to be asked again later and has said when (HTTP's
// Retry-After). Whoever plans the next try knows from it how long to wait. A value; any thread.

#include <chrono>
#include <utility>

#include "core/base/error.hpp"

namespace devy::base {

class AskedToWait : public Error {
 public:
  AskedToWait(Error error, std::chrono::seconds wait) : Error(std::move(error)), wait_(wait) {}

  // As the server said it: bound it before use.
  [[nodiscard]] std::chrono::seconds wait() const { return wait_; }

 private:
  std::chrono::seconds wait_;
};

}  // namespace devy::base
