#pragma once
// Long backlogs of waiting operations, and how long the queue's questions take beside them: a
// claim, an idle look, the health. Throws what pg::Connection throws.

#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"

namespace devy::bench {

struct BacklogFigure {
  std::string name;
  double value = 0, wanted = 0;
  const char* unit = "ms";
};

// Fills the queue with 10, 10 000 and `waiting` operations, then with most of them of one owner,
// then with most of them paused, and measures each `probes` times. The queue is not empty
// afterwards.
[[nodiscard]] std::vector<BacklogFigure> backlog_figures(pg::Connection& session, long waiting,
                                                         int probes);

[[nodiscard]] double quantile(std::vector<double> values, double share);

}  // namespace devy::bench
