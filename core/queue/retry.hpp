#pragma once
// When a failed attempt is tried again. Pure; any thread (Random aside).

#include <chrono>

#include "core/base/error.hpp"
#include "core/base/random.hpp"

namespace devy::queue {

// 5 s · 2ⁿ ± 20 %, at most 60 s for the first five attempts, so that the five-minute promise can
// hold; then doubling up to an hour. `attempt` counts from 1.
[[nodiscard]] std::chrono::milliseconds retry_delay(int attempt, base::Random& random);

}  // namespace devy::queue
