#pragma once
// Figures about the queue, for `queue stats` and `doctor`. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

struct StateCount {
  std::string state;
  std::int64_t count = 0;
};
struct QueueStats {
  std::vector<StateCount> states;  // only states that occur
  std::optional<std::int64_t> oldest_waiting_ms;
  std::int64_t finished = 0;  // within the time window
  // The latency from when the resource began to wait for the operation, or for one that it
  // superseded, to its completion. Operations that a person had to approve are left out.
  std::optional<double> mean_ms, p50_ms, p99_ms, p9999_ms;
  double over_five_minutes_share = 0;
  std::optional<std::string> paused_until, pause_reason;
  std::int64_t running = 0, expired_leases = 0;
};
// The figures of one lane; `running` and `expired_leases` count all lanes.
[[nodiscard]] QueueStats queue_stats(pg::Connection& connection, base::Duration window,
                                     std::string_view lane = work_lane);

}  // namespace devy::queue
