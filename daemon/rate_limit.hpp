#pragma once
// Token buckets by name: so many a minute, a sixth of that at once. Holds a bounded number of
// names; when all of them are in use, further ones share one bucket. Any thread.

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/base/clock.hpp"

namespace devy::daemon {

class RateLimit {
 public:
  // 0: no limit.
  explicit RateLimit(std::uint32_t per_minute, std::size_t names_max = 10'000);

  // Takes so many tokens, also below zero; nothing when there was one, else how many seconds until
  // there is one again.
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
