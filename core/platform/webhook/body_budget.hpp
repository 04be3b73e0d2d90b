#pragma once
// Decides which bodies of deliveries are kept. Rows are small and always stored; bodies are up to
// 25 MiB, and whoever may sign sends as many as they like. A body is kept for replays and for
// people who ask what came, so none is kept that means nothing to any system, and of each payer
// only so many bytes a day (UTC). Without its body a delivery causes what it causes with it.
//
// The account is read by the statement that stores deliveries and charged at the end of their
// transaction, so that nobody waits for anything else while holding its rows: deliveries that are
// recorded at the same moment may exceed the budget together, by one batch each. Throws what
// pg::Connection throws.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::webhook {

enum class Omission {
  unneeded,     // the event means nothing to any system
  over_budget,  // its payer's bytes of that day were used up
};
[[nodiscard]] std::string_view to_string(Omission omission);
// For people: the rest of "its body was not kept: ".
[[nodiscard]] std::string explain_omission(std::string_view omission);

// GitHub's id of a repository that a system knows. All others pay together: their ids are whatever
// a payload says, and a budget for each would be none.
using Payer = std::int64_t;
inline constexpr Payer unknown_repositories = 0;

// The bytes of a body that was kept.
struct Charge {
  std::uint64_t bytes = 0;
  Payer payer = unknown_repositories;
};

// Commits a transaction that stored the rows of these bodies; charging is its last statement, and
// travels with COMMIT. Throws what Transaction::commit throws.
void commit_charging(pg::Transaction& transaction, std::span<const Charge> charges);

}  // namespace devy::webhook
