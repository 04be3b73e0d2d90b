#pragma once
// GitHub's rate limits: when a refused request may be made again. The primary limit counts requests
// an hour and names its reset; secondary ones come unannounced, with retry-after or without a word.
// Pure; any thread.

#include <chrono>
#include <optional>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/http/transport.hpp"

namespace devy::github {

// Kind busy, code rate_limited. Nothing may be asked before that time.
class LimitReached : public base::Error {
 public:
  LimitReached(base::TimePoint not_before, bool is_primary);
  [[nodiscard]] base::TimePoint not_before() const { return not_before_; }

 private:
  base::TimePoint not_before_;
};

// Where a secondary limit says nothing: a minute, doubled with each refusal in a row.
inline constexpr std::chrono::seconds secondary_pause{60};
// Longer than any limit of GitHub's lasts; a server that names a later time is not believed.
inline constexpr std::chrono::seconds pause_max{3'900};

struct Limit {
  base::TimePoint not_before;
  bool is_primary = false;
};
// Nothing: the response is no refusal for a limit's sake. `refusals`: of limits in a row before it.
[[nodiscard]] std::optional<Limit> limit_of(const http::Response& response, base::TimePoint now,
                                            int refusals);

}  // namespace devy::github
