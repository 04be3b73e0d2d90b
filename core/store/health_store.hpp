#pragma once
// What a daemon tells about the queue, every second and at every scrape: cheap at any number of
// finished operations. And the daemons themselves. Throws what pg::Connection throws.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct QueueHealth {
  std::int64_t waiting =
      0;  // inbound ones that could begin now; counted no further than waiting_counted_max
  std::int64_t running = 0;
  std::int64_t expired_leases = 0;
  double oldest_waiting_seconds = 0;  // since it was due; 0: none is
  std::int64_t unsent_statuses = 0;   // of commits, to GitHub
  double oldest_unsent_seconds = 0;   // since its upload was recorded
  bool is_paused = false;
  bool takes_writes = false;
};
inline constexpr std::int64_t waiting_counted_max = 1'000;
[[nodiscard]] QueueHealth queue_health(pg::Connection& connection);

// Of the states that are not terminal: those are as few as there are resources.
struct OpenState {
  std::string state;
  std::int64_t count = 0;
};
[[nodiscard]] std::vector<OpenState> count_open_operations(pg::Connection& connection);

struct Finished {
  std::string state;
  // From when the blog began to wait for it to when readers could see it; only of a completed
  // upload, and nothing where a person had to approve it.
  std::optional<double> visible_seconds;
  std::int64_t created = 0, updated = 0, renamed = 0, deleted = 0;  // posts
};
// What finished after `mark` and at least a few seconds ago, so that no transaction still under way
// can be missed, and the next mark. Without a mark: nothing, and where to begin.
struct FinishedSince {
  std::string mark;
  std::vector<Finished> finished;
};
[[nodiscard]] FinishedSince finished_since(pg::Connection& connection,
                                           const std::optional<std::string>& mark);

// ---- daemons

struct DaemonRow {
  std::string name, version, state;  // ready, starting, draining
  base::TimePoint started_at, seen_at;
  std::int64_t workers = 0, busy = 0;
  bool is_lost = false;  // has not been heard of for daemon_silence_max
};
inline constexpr std::chrono::seconds daemon_silence_max{60};
// Those heard of within a day.
[[nodiscard]] std::vector<DaemonRow> list_daemons(pg::Connection& connection);
// Writes down that this one lives; forgets those that have been silent for a day.
void note_daemon(pg::Connection& connection, const DaemonRow& daemon);
void forget_daemon(pg::Connection& connection, const std::string& name);

struct LeaseRow {
  std::string worker, operation, kind, state;
  std::optional<std::string> step, blog;
  int attempt = 0;
  base::TimePoint since, expires_at;
  bool is_expired = false;
};
// Who runs what now.
[[nodiscard]] std::vector<LeaseRow> list_leases(pg::Connection& connection);

}  // namespace devy::store
