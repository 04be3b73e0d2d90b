#pragma once
// Steps and ends of an attempt (queue.md, rules 3, 4 and 8). Throws Error(conflict, "lease_lost")
// when the lease is another's by now: then nothing was changed.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/error.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/lease.hpp"

namespace devy::queue {

struct StepOptions {
  std::string step;
  bool is_interruptible = true;  // false from the step on that must not give way to a newer one
  std::chrono::milliseconds ttl{30'000};
  std::chrono::milliseconds patience{60'000};
  std::optional<std::string> fetched_revision = std::nullopt;
};
// Never in one transaction with finish(): a step locks the operation, finish() the resource before
// it, and ingest the other way round.
enum class StepVerdict { go_on, cancelled, superseded };
[[nodiscard]] StepVerdict begin_step(pg::Connection& connection, const Lease& lease,
                                     const StepOptions& options);

enum class Outcome { completed, failed, retry, cancelled, held, interrupted, dropped };
[[nodiscard]] std::string_view to_string(Outcome outcome);

struct Ending {
  Outcome outcome = Outcome::completed;
  std::optional<std::string> revision = std::nullopt;  // what was really fetched
  std::string error_code = {}, error_text = {}, error_hint = {};
  // retry and interrupted: when to try again
  std::optional<std::chrono::milliseconds> delay = std::nullopt;
  std::optional<OperationId> pointer = std::nullopt;  // dropped: for which operation
  bool operator==(const Ending&) const = default;
};
// Frees the lease and settles the operation; returns the state it is in now (a retry may end as
// cancelled, failed or verified). Throws Error(stopped, "cancel_requested") when completing what a
// person has asked to stop: roll back, then finish as cancelled.
State finish(pg::Connection& connection, const Lease& lease, const Ending& ending);

}  // namespace devy::queue
