#pragma once
// Begins the steps of an attempt and ends it (queue.md, rules 3, 4 and 8). Throws Error(conflict,
// "lease_lost") when another worker holds the lease by now; nothing has been changed then.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/error.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/lease.hpp"

namespace devy::queue {

struct StepOptions {
  std::string step;
  // False from the step on that must not be interrupted for a newer operation.
  bool is_interruptible = true;
  std::chrono::milliseconds ttl{30'000};
  std::chrono::milliseconds patience{60'000};
  std::optional<std::string> fetched_revision = std::nullopt;
};
// begin_step() and finish() must not run in one transaction: begin_step() locks the operation,
// while finish() and ingest lock the resource before the operation, so they could deadlock.
enum class StepVerdict { go_on, cancelled, superseded };
[[nodiscard]] StepVerdict begin_step(pg::Connection& connection, const Lease& lease,
                                     const StepOptions& options);

// Says that the attempt has done a part of the work that no later one repeats: crashes and tries
// that came before do not count any more. Call it in the transaction that commits the part, behind
// the fence and the part's own rows; it locks the resource and then the operation.
void advance(pg::Connection& connection, const Lease& lease);

enum class Outcome { completed, failed, retry, cancelled, held, interrupted, dropped };
[[nodiscard]] std::string_view to_string(Outcome outcome);

struct AttemptResult {
  Outcome outcome = Outcome::completed;
  std::optional<std::string> revision = std::nullopt;  // the revision that was actually fetched
  std::string error_code = {}, error_text = {}, error_hint = {};
  // The time to wait before the next attempt; used by retry and interrupted.
  std::optional<std::chrono::milliseconds> delay = std::nullopt;
  // Dropped: the operation that it was dropped for.
  std::optional<OperationId> pointer = std::nullopt;
  // Completed: the time that the answer to an outbound operation told, by the source's clock. An
  // event from before it is dropped.
  std::optional<base::TimePoint> event_at = std::nullopt;
  // Interrupted: for how long it may be given back without a new step (queue.stalled_max); the
  // runner sets it.
  std::optional<std::chrono::milliseconds> stalled_max = std::nullopt;
  bool operator==(const AttemptResult&) const = default;
};
// Frees the lease and writes the state of the operation. Returns the state it is in now: a retry
// may end as cancelled, failed or verified. Throws Error(stopped, "cancel_requested") when an
// operation is to be completed that a person has asked to stop: roll back, then finish it as
// cancelled.
State finish(pg::Connection& connection, const Lease& lease, const AttemptResult& result);

}  // namespace devy::queue
