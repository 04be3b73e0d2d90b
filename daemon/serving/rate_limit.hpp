#pragma once
// Token buckets by name: a bucket fills at a rate per minute and holds a sixth of a minute's
// tokens. The number of names is limited; when all are in use, further names share one bucket. Any
// thread.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/platform/base/clock.hpp"

namespace devy::daemon {

class RateLimit {
 public:
  // A rate of 0 means no limit.
  explicit RateLimit(std::uint32_t per_minute, std::size_t names_max = 10'000);

  // Takes `tokens` tokens, even below zero. Returns nothing when one was available; else the number
  // of seconds until one is available again.
  [[nodiscard]] std::optional<int> take(const std::string& name, base::MonotonicTime now,
                                        double tokens = 1);

 private:
  struct Bucket {
    double tokens = 0;
    base::MonotonicTime filled_at;
  };
  [[nodiscard]] Bucket& bucket(const std::string& name, base::MonotonicTime now);
  void fill(Bucket& bucket, base::MonotonicTime now) const;

  const double per_second_, burst_;
  const std::size_t names_max_;
  std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  Bucket shared_;
};

}  // namespace devy::daemon
