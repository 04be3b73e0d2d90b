#pragma once
// The rest of an hourly share of requests, as each response of GitHub tells it. Pure; any
// thread.

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/http/message.hpp"

namespace devy::github {

struct Budget {
  std::string resource;  // "core", "search", "graphql"
  std::int64_t quota = 0, remaining = 0;
  base::TimePoint reset_at{};
};

// Returns nothing when the response does not tell, or tells what cannot be.
[[nodiscard]] std::optional<Budget> budget_of(const http::Response& response);

}  // namespace devy::github
