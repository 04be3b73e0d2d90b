#pragma once
// Leases: the exclusive right to work on one operation, how it is claimed and how it is renewed
// (queue.md, rules 2, 3 and 6). A Lease is a value that names its fence; only the database decides
// whether it still holds.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

// The position of an operation in the queue's order.
struct QueuePosition {
  std::int64_t priority = 0;
  std::string run_at;  // as the database writes it
  std::int64_t arrival = 0;
};

struct Lease {
  OperationId operation;
  ResourceId resource = 0;
  std::int64_t fence = 0;
  // The holder; needed as well because a fence number is reused after the loss of a primary.
  std::string worker;
  std::string kind;
  std::optional<std::string> step;              // the step that an earlier attempt had reached
  std::optional<std::string> fetched_revision;  // the revision that an earlier attempt had found
  std::optional<std::string> announced_revision;
  int attempt = 0, max_attempts = 0;
  bool is_forced = false, is_approved = false;
  // Time the request was sent + ttl − margin, by our monotonic clock.
  base::MonotonicTime trusted_until;
  QueuePosition place;
  // Its owner, when the claim had to go from owner to owner: the next such search begins behind it.
  std::optional<std::string> after_owner;
};

struct ClaimOptions {
  std::string worker;  // "host/pid.starttime/n": see rescue.hpp
  std::chrono::milliseconds ttl{30'000};
  std::string lane{work_lane};
  // The kinds that the worker knows: no other is claimed. Absent: any kind.
  std::optional<std::vector<std::string>> kinds = std::nullopt;
  // Limit per owner in the lane; an owner's further operations wait while those of others can run.
  int owner_running_max = 2;
  // `--here`: claim this operation, whatever its lane, or nothing.
  std::optional<OperationId> only = std::nullopt;
  // The claim searches from this position on, and from the front of the queue only when nothing is
  // due behind it.
  std::optional<QueuePosition> from = std::nullopt;
  // A search that has to go from owner to owner begins behind this one.
  std::optional<std::string> after_owner = std::nullopt;
};

// The claim cursor: remembers where one worker claimed last. The front of a fast queue holds many
// rows of finished operations that a claim would have to skip. But retries and more urgent
// operations that have arrived since also stand there, so the position is forgotten after a moment.
// One thread.
class ClaimCursor {
 public:
  // Takes the position from `claimed`, the result of a claim that began at `now`.
  void note(const std::optional<Lease>& claimed, base::MonotonicTime now);
  [[nodiscard]] std::optional<QueuePosition> place(base::MonotonicTime now) const;
  [[nodiscard]] const std::optional<std::string>& after_owner() const { return after_owner_; }

 private:
  std::optional<QueuePosition> place_;
  std::optional<std::string> after_owner_;
  base::MonotonicTime front_seen_at_{};
};

// Claims one operation in one statement, one round trip and a transaction of its own; returns
// nothing when none may run. What a gate holds back (gate.hpp) is never claimed. The transaction
// commits without waiting for the disk (synchronous_commit off), so nothing else may be part of it.
[[nodiscard]] std::optional<Lease> claim(pg::Connection& connection, const base::Clock& clock,
                                         const ClaimOptions& options);

// The time until an operation of the lane falls due or a gate of its operations opens, or less;
// nothing when neither will happen by itself. For idle runners.
[[nodiscard]] std::optional<std::chrono::milliseconds> next_due(pg::Connection& connection,
                                                                std::string_view lane);

// The first statement of every transaction that writes on behalf of the operation. Throws
// Error(conflict, "lease_lost").
void fence(pg::Connection& connection, const Lease& lease, std::chrono::milliseconds ttl);

struct Beat {
  bool is_held = false;              // false: the lease is lost, so the worker must stop
  bool is_cancel_requested = false;  // a person asked for the operation to stop
};
// Renews the lease; call it from a second connection every third of the ttl. Never waits for a
// fenced transaction of the same lease: that transaction has renewed the lease itself, and keeps
// rescue from taking it until it ends.
[[nodiscard]] Beat heartbeat(pg::Connection& connection, const Lease& lease,
                             std::chrono::milliseconds ttl);

}  // namespace devy::queue
