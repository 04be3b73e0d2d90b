#pragma once
// Reads for the page of the queue, besides the health: each kind's times, what is held back and by
// what, and which errors ended operations. At the same cost whatever there is. Throws what
// pg::Connection throws. A session, so one thread at a time.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/statistics.hpp"

namespace devy::web {

struct KindFigures {
  std::string kind;
  std::int64_t failed = 0;         // in 24 hours
  queue::Histogram wait{}, run{};  // of what completed in the last hour
};

// A gate that is closed, or an API that must not be called yet.
struct ClosedGate {
  std::string name, what, reason;
  base::TimePoint not_before;
};

struct ErrorFigures {
  std::string code;
  std::int64_t count = 0;  // among the newest that failed (operations_looked_at_max)
  base::TimePoint last_at;
};

struct QueueState {
  std::vector<KindFigures> kinds;
  std::vector<ClosedGate> gates;     // at most 50
  std::vector<ErrorFigures> errors;  // at most 20, the most frequent first
};
[[nodiscard]] QueueState read_queue_state(pg::Connection& connection);

}  // namespace devy::web
