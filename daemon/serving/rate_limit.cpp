#include "daemon/serving/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace devy::daemon {
namespace {

constexpr double burst_min = 10;

}  // namespace

RateLimit::RateLimit(std::uint32_t per_minute, std::size_t names_max)
    : per_second_(per_minute / 60.0),
      burst_(std::max(burst_min, per_minute / 6.0)),
      names_max_(names_max),
      shared_{burst_, {}} {}

void RateLimit::fill(Bucket& bucket, base::MonotonicTime now) const {
  const std::chrono::duration<double> passed = now - bucket.filled_at;
  bucket.tokens = std::min(burst_, bucket.tokens + passed.count() * per_second_);
  bucket.filled_at = now;
}

RateLimit::Bucket& RateLimit::bucket(const std::string& name, base::MonotonicTime now) {
  if (const auto found = buckets_.find(name); found != buckets_.end()) return found->second;
  if (buckets_.size() >= names_max_) {
    // A full bucket holds no more information than a new one.
    for (auto it = buckets_.begin(); it != buckets_.end();) {
      fill(it->second, now);
      it = it->second.tokens >= burst_ ? buckets_.erase(it) : std::next(it);
    }
  }
  if (buckets_.size() >= names_max_) return shared_;
  return buckets_.emplace(name, Bucket{burst_, now}).first->second;
}

std::optional<int> RateLimit::take(const std::string& name, base::MonotonicTime now,
                                   double tokens) {
  if (per_second_ == 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  auto& mine = bucket(name, now);
  fill(mine, now);
  if (mine.tokens < 1) return static_cast<int>(std::ceil((1 - mine.tokens) / per_second_));
  mine.tokens -= tokens;
  return std::nullopt;
}

}  // namespace devy::daemon
