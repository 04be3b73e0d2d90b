#pragma once
// Records operations (queue.md, rule 1) and carries out what people ask for on recorded ones. Each
// call is one statement under the resource's row lock. Run it inside the caller's transaction when
// more belongs to it (an upload's own row); outside a transaction it commits by itself. Throws what
// pg::Connection throws.

#include <optional>
#include <string>

#include "core/platform/base/error.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

struct NewOperation {
  OperationId id;  // from Random::uuid()
  ResourceId resource = 0;
  std::string kind;  // "upload"
  Source source = Source::operator_;
  std::optional<std::string> event_id;      // GitHub's delivery GUID
  std::optional<base::TimePoint> event_at;  // by the clock of the source
  std::optional<std::string> revision;      // as the source announced it; only a hint
  std::string variant;                      // whatever besides the revision determines the result
  bool is_forced = false;
  int priority = 100;  // a lower number runs first
  int max_attempts = 12;
  // A second call with the same key returns the same operation.
  std::optional<std::string> idempotency_key;
  std::string requested_by, reason;
  Direction direction = Direction::inbound;
  std::string lane{work_lane};
  // The owner whose share and gate count; absent: the resource's.
  std::optional<std::string> owner = std::nullopt;
};

struct Ingested {
  OperationId id;
  State state = State::received;       // verified, duplicate, dropped or disabled
  std::optional<OperationId> pointer;  // the operation that it duplicates or was dropped for
  bool is_new = true;                  // false: the idempotency key was already known
};

[[nodiscard]] Ingested ingest(pg::Connection& connection, const NewOperation& operation);

// Reads the row of a function that records one operation, as operation_ingest() returns it: for the
// functions of systems that record an operation with rows of their own.
[[nodiscard]] Ingested read_ingested(const pg::Row& row);

// Returns the resource, after creating it when it does not exist yet.
[[nodiscard]] ResourceId ensure_resource(pg::Connection& connection, const std::string& kind,
                                         const std::string& key, const std::string& owner);
void set_enabled(pg::Connection& connection, ResourceId resource, bool is_enabled);

// Returns the state afterwards: cancelled, or still running with a stop requested. Throws
// Error(conflict) when the operation has already ended, Error(not_found) when there is none.
State cancel(pg::Connection& connection, const OperationId& id, bool is_forced,
             const std::string& reason);

struct ReplayOptions {
  bool is_forced = false;      // a rollback: it may replace a newer one
  bool is_from_start = false;  // the saved step and revision are discarded
  int extra_attempts = 12;
  std::string requested_by, reason;
};
// Throws Error(conflict), and has changed no row, when the operation has not ended or its resource
// is disabled ("operation_conflict"), or a newer one goes before it ("newer_upload").
void replay(pg::Connection& connection, const OperationId& id, const ReplayOptions& options);
// The error that replay() would throw now; nothing when it would replay. Changes nothing.
[[nodiscard]] std::optional<base::Error> replay_obstacle(pg::Connection& connection,
                                                         const OperationId& id,
                                                         const ReplayOptions& options);
// The errors of cancel() and of approve() below for an operation in that state; nothing when they
// would act.
[[nodiscard]] std::optional<base::Error> cancel_obstacle(const OperationId& id, State state);
[[nodiscard]] std::optional<base::Error> approve_obstacle(const OperationId& id, State state);
// Throws Error(conflict) when the operation is not held.
void approve(pg::Connection& connection, const OperationId& id, const std::string& requested_by,
             const std::string& reason);

// Notifies waiting workers; call it after the commit (rule 7). Never throws: a lost notification
// does no harm, because workers also poll.
void wake_workers(pg::Connection& connection) noexcept;

}  // namespace devy::queue
