#pragma once
// Computes when a failed attempt is tried again. Pure (except for the Random it is given); any
// thread.

#include <chrono>

#include "core/platform/base/error.hpp"
#include "core/platform/base/random.hpp"

namespace devy::queue {

// The delay is 5 s · 2ⁿ ± 20 %, at most 60 s for the first five attempts so that the five-minute
// promise can hold; after that it doubles up to one hour. `attempt` counts from 1.
[[nodiscard]] std::chrono::milliseconds retry_delay(int attempt, base::Random& random);

}  // namespace devy::queue
