#pragma once
// Batches of operations, and a queue in which 20 000 of them are held back by owner gates: the bulk
// writes of a few credentials, each at its limit. Throws what pg::Connection throws.

#include <string_view>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/batch.hpp"

namespace devy::bench {

// Operations of kind "bench" on `count` repositories, whose keys are numbers from `from` on.
[[nodiscard]] std::vector<queue::BatchEntry> batch(int from, int count, std::string_view lane);

// Records them in the lane, on resources from number `from` on, and closes the gates.
void make_gated(pg::Connection& session, std::string_view lane, int from);

// The time of each of `count` claims, in milliseconds, each of an operation that has just been
// recorded and may run.
[[nodiscard]] std::vector<double> claims_of_newest(pg::Connection& session, std::string_view lane,
                                                   int count);

}  // namespace devy::bench
