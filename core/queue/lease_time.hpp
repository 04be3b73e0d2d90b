#pragma once
// How long a lease may be trusted, and its length as SQL wants it. Internal to core/queue; pure.

#include <chrono>

#include "core/base/clock.hpp"

namespace devy::queue {

// A tenth for what lies between the server's clock reading and our noticing that time is up.
[[nodiscard]] inline base::MonotonicTime trusted_until(base::MonotonicTime sent_at,
                                                       std::chrono::milliseconds ttl) {
  return sent_at + ttl - ttl / 10;
}

[[nodiscard]] inline double seconds_of(std::chrono::milliseconds duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace devy::queue
