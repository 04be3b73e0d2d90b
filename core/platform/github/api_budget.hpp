#pragma once
// The rest of GitHub's hourly shares of requests: one table for all daemons, written from every
// answer. Whoever has time leaves a part of a share to others. Throws what pg::Connection throws.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/github/budget.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::github {

// The budget that requests count against when GitHub does not say otherwise.
inline constexpr const char* core_budget = "core";

void note_budget(pg::Connection& connection, const std::string& credential, const Budget& budget);

// Returns how long nothing may be asked that leaves a part of the share to others; zero: it may be
// asked now. `reserve` is that part, 0 … 1.
[[nodiscard]] std::chrono::milliseconds budget_pause(pg::Connection& connection,
                                                     const std::string& credential, double reserve);

struct KnownBudget {
  std::int64_t quota = 0, remaining = 0;
  base::TimePoint reset_at{};
};
// A credential's share of this hour, as far as it is known.
[[nodiscard]] std::optional<KnownBudget> find_budget(pg::Connection& connection,
                                                     const std::string& credential);

struct LowBudget {
  std::string credential;  // the limit's name: "token", "installation/12", "none"
  std::int64_t quota = 0, remaining = 0;
  base::TimePoint reset_at{};
};
// Those of which no more than that part is left now.
[[nodiscard]] std::vector<LowBudget> low_budgets(pg::Connection& connection, double reserve);

}  // namespace devy::github
