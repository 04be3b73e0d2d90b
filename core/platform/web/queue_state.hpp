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

inline constexpr int counted_max = 10'000;

struct KindFigures {
  std::string kind;
  std::int64_t failed = 0;         // in 24 hours
  queue::Histogram wait{}, run{};  // of what completed in the last hour
};

// Stands in the way of operations: a pause, an owner's gate that is closed, or an API that must
// not be called yet. An operator ends all but the last.
enum class GateSort { kind, resource, owner, api };
struct ClosedGate {
  GateSort sort = GateSort::api;
  std::string id;  // the kind, the resource's number, the owner, or the API's name
  std::string name, what, reason;
  std::optional<base::TimePoint> not_before;  // none: until somebody resumes it
};

struct ErrorFigures {
  std::string code;
  std::int64_t count = 0;  // among the newest that failed (operations_looked_at_max)
  base::TimePoint last_at;
};

// How many operations of a kind are in a state that has an end, among those that are looked at.
struct StateCount {
  std::string kind, state;
  std::int64_t count = 0;
};

struct QueueState {
  std::vector<KindFigures> kinds;
  std::vector<ClosedGate> gates;     // at most 50
  std::vector<ErrorFigures> errors;  // at most 20, the most frequent first
  // The newest of the failed ones are counted, and of the other states the newest of all:
  // counted_max of each. is_all_ended: there are no more.
  std::vector<StateCount> ended;
  bool is_all_ended = true;
};
[[nodiscard]] QueueState read_queue_state(pg::Connection& connection);
// Only its gates.
[[nodiscard]] std::vector<ClosedGate> read_gates(pg::Connection& connection);

}  // namespace devy::web
