#pragma once
// The state of the queue, for a daemon to report every second and at every scrape: at the same cost
// whatever waits and has finished. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

struct QueueHealth {
  // Operations that could begin now, among the first waiting_counted_max of the lane that are due.
  std::int64_t waiting = 0;
  std::int64_t running = 0;  // of all lanes
  std::int64_t expired_leases = 0;
  double oldest_waiting_seconds = 0;  // of the lane, since it was due; 0: none is
  bool is_paused = false;
  bool takes_writes = false;
};
// More than a daemon starts workers at once.
inline constexpr int waiting_counted_max = 100;
[[nodiscard]] QueueHealth queue_health(pg::Connection& connection,
                                       std::string_view lane = work_lane);

struct StateOfKind {
  std::string kind, state;
  std::int64_t count = 0;
};
// Operations that have not ended. Up to open_counted_max that wait are counted; of more, the count
// that maintenance has made last is returned (backlog.hpp).
inline constexpr int open_counted_max = 100;
[[nodiscard]] std::vector<StateOfKind> count_open_operations(pg::Connection& connection);

// A span of time in which operations ended. It ends a few seconds ago, so that no transaction that
// is still under way can be missed. Without `from` it is empty: it says where to begin.
struct FinishedSpan {
  std::optional<std::string> from;  // as the database writes times
  std::string to;
};
[[nodiscard]] FinishedSpan finished_span(pg::Connection& connection,
                                         const std::optional<std::string>& from);
[[nodiscard]] std::vector<StateOfKind> count_finished(pg::Connection& connection,
                                                      const FinishedSpan& span);

struct LeaseRow {
  std::string worker, operation, kind, state;
  std::optional<std::string> step;
  int attempt = 0;
  base::TimePoint since, expires_at;
  bool is_expired = false;
};
// The leases that are held now, by worker.
[[nodiscard]] std::vector<LeaseRow> list_leases(pg::Connection& connection);

}  // namespace devy::queue
