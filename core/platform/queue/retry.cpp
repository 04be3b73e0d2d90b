#include "core/platform/queue/retry.hpp"

#include <algorithm>
#include <cmath>

namespace devy::queue {
namespace {

constexpr double first_seconds = 5;
constexpr double early_seconds_max = 60;  // for the first five attempts
constexpr int early_attempts = 5;
constexpr double late_seconds_max = 3600;
constexpr double jitter = 0.2;
constexpr int doublings_max = 20;  // far above the hour; keeps the power finite

}  // namespace

std::chrono::milliseconds retry_delay(int attempt, base::Random& random) {
  const int doublings = std::clamp(attempt - 1, 0, doublings_max);
  const double bound = attempt <= early_attempts ? early_seconds_max : late_seconds_max;
  const double seconds = std::min(std::ldexp(first_seconds, doublings), bound);
  const double spread = std::min(seconds * random.between(1 - jitter, 1 + jitter), bound);
  return std::chrono::milliseconds(std::llround(spread * 1000));
}

}  // namespace devy::queue
