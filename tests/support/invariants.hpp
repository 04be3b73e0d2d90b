#pragma once
// What must hold of the queue's tables at any moment between two transactions (queue.md,
// "Invariants"), as SQL that shares nothing with the product's.

#include <string>
#include <vector>

namespace devy::testing {

// One line for each invariant that does not hold: its name and how many rows break it.
[[nodiscard]] std::vector<std::string> broken_queue_invariants(const std::string& conninfo);

}  // namespace devy::testing
