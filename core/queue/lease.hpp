#pragma once
// The right to work on one operation: claimed, renewed, lost (queue.md, rules 2, 3 and 6). A Lease
// is a value that names its fence; the database alone decides whether it still holds.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/operation.hpp"

namespace devy::queue {

// Where an operation stands in line.
struct LinePlace {
  std::int64_t priority = 0;
  std::string run_at;  // as the database writes it
  std::int64_t arrival = 0;
};

struct Lease {
  OperationId operation;
  ResourceId resource = 0;
  std::int64_t fence = 0;
  std::string worker;  // the holder; the fence alone is given again after a lost primary
  std::string kind;
  std::optional<std::string> step;              // where an earlier attempt stood
  std::optional<std::string> fetched_revision;  // what an earlier attempt had found
  std::optional<std::string> announced_revision;
  int attempt = 0, max_attempts = 0;
  bool is_forced = false, is_approved = false;
  base::MonotonicTime trusted_until;  // request sent + ttl − margin, our monotonic clock
  LinePlace place;
};

struct ClaimOptions {
  std::string worker;  // "host/pid.starttime/n": see rescue.hpp
  std::chrono::milliseconds ttl{30'000};
  int limit = 1;
  int owner_running_max = 2;  // beyond it an owner's operations wait while others' can run
  std::optional<OperationId> only = std::nullopt;  // `--here`: this one or nothing
  Direction direction = Direction::inbound;
  // Look from there on, and at the front of the line only when nothing is due from there.
  std::optional<LinePlace> from = std::nullopt;
};

// Remembers for one worker where it has claimed last. At the front of a line that moves fast there
// is much to be passed over that has gone; but there, too, stand the retries and the more urgent
// ones that came since: so it is forgotten after a moment. One thread.
class LineMemory {
 public:
  // Of `claimed`, begun at `now`.
  void note(const std::vector<Lease>& claimed, base::MonotonicTime now);
  [[nodiscard]] std::optional<LinePlace> place(base::MonotonicTime now) const;

 private:
  std::optional<LinePlace> place_;
  base::MonotonicTime front_seen_at_{};
};

// One statement, one round trip, a transaction of its own: it is committed without waiting for the
// disk, and so would be whatever else its transaction held.
[[nodiscard]] std::vector<Lease> claim(pg::Connection& connection, const base::Clock& clock,
                                       const ClaimOptions& options);

// The first statement of every transaction that writes on behalf of the operation.
// Throws Error(conflict, "lease_lost").
void fence(pg::Connection& connection, const Lease& lease, std::chrono::milliseconds ttl);

struct Beat {
  bool is_held = false;              // false: the lease is lost, stop
  bool is_cancel_requested = false;  // a person wants it to stop
};
// Renews the lease; run from a second connection every third of the ttl. Never waits for a fenced
// transaction of the same lease: that has renewed it itself and holds off rescue until it ends.
[[nodiscard]] Beat heartbeat(pg::Connection& connection, const Lease& lease,
                             std::chrono::milliseconds ttl);

}  // namespace devy::queue
