#pragma once
// Long histories of operations that have ended: how long a claim takes beside them, and how long it
// takes to prune them. Throws what pg::Connection throws.

#include <vector>

#include "core/platform/pg/connection.hpp"
#include "tests/bench/backlog.hpp"

namespace devy::bench {

// Measures `probes` claims without a history and as many beside `rows` operations that have ended.
// Needs a queue that is empty, with resources; it is not empty afterwards.
[[nodiscard]] std::vector<BacklogFigure> claims_beside_history(pg::Connection& session, long rows,
                                                               int probes);

// Prunes 20 000 of the 80 000 uploads of 10 000 blogs, as maintenance does. Needs a queue that is
// empty; it is not empty afterwards.
[[nodiscard]] std::vector<BacklogFigure> prune_figures(pg::Connection& session);

}  // namespace devy::bench
