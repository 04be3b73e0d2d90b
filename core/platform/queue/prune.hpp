#pragma once
// Retention: what is older than it has to be kept is deleted, a bounded batch at a time, each in a
// transaction of its own, so that pruning can stop anywhere and delays nobody. A Prunable is one
// sort of rows; each system brings its own, the platform operations and deliveries (prune_pass.hpp
// runs them). Values; throws what pg::Connection throws.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::queue {

struct PruneAges {
  base::Duration older_than{};
  base::Duration bodies_older_than{};
  base::Duration changes_older_than{};  // changes in a feed
};

// A number of rows that `prune` deletes, as it is shown.
struct PruneName {
  std::string name;  // of the field in JSON: "uploads"
  std::string text;  // after the number, for people: "revisions of deleted posts"
};
using PruneCounts = std::map<std::string, std::int64_t>;  // by name

struct PruneRequest {
  base::Duration older_than{};
  std::string position;  // where the batch before ended; empty: at the oldest row
  int rows_max = 0;      // it looks at no more rows, and deletes no more
};
struct PruneBatch {
  PruneCounts pruned;
  std::int64_t blocked = 0;  // rows that can go only after others: the next pass looks again
  std::string position;
  bool is_last = true;  // nothing that is old enough is left behind the position
};

struct PruneEstimate {
  PruneCounts counts;
  bool is_more = false;  // counting ended at its limit
};

struct Prunable {
  std::string name;  // "operations"; of its row in prune_pass, and the label of its metric
  base::Duration PruneAges::*age = &PruneAges::older_than;
  std::vector<PruneName> names;  // what it counts, in the order in which it is shown
  // Deletes one batch in the caller's transaction.
  std::function<PruneBatch(pg::Connection&, const PruneRequest&)> prune;
  // Counts what passes would delete, and looks at about `rows_max` rows at most. It writes nothing.
  std::function<PruneEstimate(pg::Connection&, const PruneAges&, int rows_max)> estimate;
};

// ---- ended operations, of whatever kind

struct PrunedKind {
  std::string kind;
  PruneName name;
};
// Returns those of the operations that a system's own rows need, whatever their age.
using NeededOperations = std::vector<std::string> (*)(pg::Connection&,
                                                      const std::vector<std::string>& ids);
// Deletes operations with their attempts, events and the rows of their kinds; but never the last of
// a resource, one that a remaining operation points to, or one that a system needs. Operations of
// kinds that no system has any more are counted as "other_operations".
[[nodiscard]] Prunable prunable_operations(std::vector<PrunedKind> kinds,
                                           std::vector<NeededOperations> needed);

}  // namespace devy::queue
