#pragma once
// Computes until when a lease may be trusted, and writes its length as SQL expects it. Internal to
// core/queue; pure.

#include <chrono>

#include "core/platform/base/clock.hpp"

namespace devy::queue {

// A tenth of the lease is the margin for the time between the server's reading of its clock and our
// noticing that the lease has expired.
[[nodiscard]] inline base::MonotonicTime trusted_until(base::MonotonicTime sent_at,
                                                       std::chrono::milliseconds ttl) {
  return sent_at + ttl - ttl / 10;
}

[[nodiscard]] inline double seconds_of(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace devy::queue
