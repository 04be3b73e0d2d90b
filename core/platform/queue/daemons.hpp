#pragma once
// The daemons that work on this database, as each says of itself; for people only. Throws what
// pg::Connection throws.

#include <chrono>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::queue {

struct DaemonRow {
  std::string name, version, state;  // ready, starting, draining
  base::TimePoint started_at, seen_at;
  std::int64_t workers = 0, busy = 0;
  bool is_lost = false;  // has not been heard of for daemon_silence_max
};
inline constexpr std::chrono::seconds daemon_silence_max{60};
// Those heard of within a day.
[[nodiscard]] std::vector<DaemonRow> list_daemons(pg::Connection& connection);
// Records that this one lives; forgets those that have been silent for a day.
void note_daemon(pg::Connection& connection, const DaemonRow& daemon);
void forget_daemon(pg::Connection& connection, const std::string& name);

}  // namespace devy::queue
