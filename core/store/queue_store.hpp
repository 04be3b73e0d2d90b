#pragma once
// Figures about the queue and its upkeep, for `queue stats`, `doctor` and `prune`.

#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct StateCount {
  std::string state;
  std::int64_t count = 0;
};
struct QueueStats {
  std::vector<StateCount> states;  // those that occur
  std::optional<std::int64_t> oldest_waiting_ms;
  std::int64_t finished = 0;  // within the window
  // From when the resource began to wait for it, or for what it superseded, to its completion; but
  // for those that a person had to approve.
  std::optional<double> mean_ms, p50_ms, p99_ms, p9999_ms;
  double over_five_minutes_share = 0;
  std::optional<std::string> paused_until, pause_reason;
  std::int64_t running = 0, expired_leases = 0;
};
[[nodiscard]] QueueStats queue_stats(pg::Connection& connection, base::Duration window);

struct PruneOptions {
  base::Duration older_than{};
  base::Duration bodies_older_than{};
  bool is_dry_run = false;
};
struct Pruned {
  std::int64_t uploads = 0, deliveries = 0, bodies = 0, revisions = 0, assets = 0;
  std::int64_t statuses = 0;  // operations that told GitHub of commits
  [[nodiscard]] std::int64_t all() const {
    return uploads + deliveries + bodies + revisions + assets + statuses;
  }
};
// Ended uploads older than the age go, but never a blog's last one or what another points to;
// deliveries, and sooner their bodies; what told GitHub of commits; and the files that no blog uses
// any more.
Pruned prune(pg::Connection& connection, const PruneOptions& options);

}  // namespace devy::store
