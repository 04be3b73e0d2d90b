#pragma once
// Decides which bodies of deliveries are kept. Rows are small and always stored; bodies are up to
// 25 MiB, and whoever may sign sends as many as they like. A body is kept for replays and for
// people who ask what came, so none is kept that means nothing to any system, and of each payer
// only so many bytes a day (UTC). Without its body a delivery causes what it causes with it.
//
// The account is read before deliveries are stored and charged at the end of their transaction, so
// that nobody waits for anything else while holding its rows: deliveries that are recorded at the
// same moment may exceed the budget together, by one batch each. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
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

struct Body {
  std::uint64_t bytes = 0;
  Payer payer = unknown_repositories;
  bool is_needed = true;
  bool is_paid = false;  // it was charged when it came, and is only stored again
};

// One result for each body, in order; nothing: it is kept. Of several bodies of one payer the first
// ones are kept, as far as they fit.
[[nodiscard]] std::vector<std::optional<Omission>> judge_bodies(pg::Connection& connection,
                                                                std::span<const Body> bodies,
                                                                std::uint64_t budget_bytes);

// Charges for bodies that were kept. Their rows were stored in this transaction, of which this is
// the last statement.
void charge_bodies(pg::Connection& connection, std::span<const Body> bodies);

}  // namespace devy::webhook
