#pragma once
// GitHub's rate limits: when a refused request may be repeated. The primary limit counts requests
// per hour and states its reset time; secondary limits come unannounced, with or without
// retry-after. Pure; any thread.

#include <chrono>
#include <optional>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::github {

// An Error of kind busy, code rate_limited. No request may be made before its time.
class LimitReached : public base::Error {
 public:
  LimitReached(base::TimePoint not_before, bool is_primary);
  [[nodiscard]] base::TimePoint not_before() const { return not_before_; }
  [[nodiscard]] bool is_primary() const { return is_primary_; }

 private:
  base::TimePoint not_before_;
  bool is_primary_;
};

// The pause when a secondary limit names none: a minute, doubled with each consecutive refusal.
inline constexpr std::chrono::seconds secondary_pause{60};
// Longer than any of GitHub's limits lasts; a later time named by a server is not believed.
inline constexpr std::chrono::seconds pause_max{3'900};

struct Limit {
  base::TimePoint not_before;
  bool is_primary = false;
};
// Returns nothing when the response is no refusal because of a limit. `refusals` is the number of
// consecutive refusals before it.
[[nodiscard]] std::optional<Limit> limit_of(const http::Response& response, base::TimePoint now,
                                            int refusals);

}  // namespace devy::github
