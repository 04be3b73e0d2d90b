#pragma once
// Recording operations (queue.md, rule 1), and the acts of people on recorded ones. Each call is
// one statement under the resource's row lock; run it inside the caller's transaction when more
// belongs to it (an upload's own row), else it commits by itself. Throws what pg::Connection
// throws.

#include <optional>
#include <string>

#include "core/pg/connection.hpp"
#include "core/queue/operation.hpp"

namespace devy::queue {

struct NewOperation {
  OperationId id;  // from Random::uuid()
  ResourceId resource = 0;
  std::string kind;  // "upload"
  Source source = Source::operator_;
  std::optional<std::string> event_id;      // GitHub's delivery GUID
  std::optional<base::TimePoint> event_at;  // by the source's own clock
  std::optional<std::string> revision;      // as announced; a hint
  std::string variant;                      // what besides the revision decides the result
  bool is_forced = false;
  int priority = 100;  // lower first
  int max_attempts = 12;
  std::optional<std::string> idempotency_key;  // the same key gives the same operation back
  std::string requested_by, reason;
  Direction direction = Direction::inbound;
};

struct Ingested {
  OperationId id;
  State state = State::received;       // verified, duplicate, dropped or disabled
  std::optional<OperationId> pointer;  // what it duplicates or was dropped for
  bool is_new = true;                  // false: the idempotency key was known
};

[[nodiscard]] Ingested ingest(pg::Connection& connection, const NewOperation& operation);

// Finds or makes the resource.
[[nodiscard]] ResourceId ensure_resource(pg::Connection& connection, const std::string& kind,
                                         const std::string& key, const std::string& owner);
void set_enabled(pg::Connection& connection, ResourceId resource, bool is_enabled);

// Throws Error(conflict) when it has already ended, Error(not_found).
// The state afterwards: cancelled, or still running (asked to stop).
State cancel(pg::Connection& connection, const OperationId& id, bool is_forced,
             const std::string& reason);

struct ReplayOptions {
  bool is_forced = false;      // a rollback: put it over what is newer
  bool is_from_start = false;  // forget the step and the revision it had found
  int extra_attempts = 12;
  std::string requested_by, reason;
};
struct Replayed {
  State state = State::verified;  // or dropped, for `pointer`
  std::optional<OperationId> pointer;
};
// Throws Error(conflict) when it has not ended, or its resource is switched off.
Replayed replay(pg::Connection& connection, const OperationId& id, const ReplayOptions& options);
// Throws Error(conflict) when it is not held.
void approve(pg::Connection& connection, const OperationId& id, const std::string& requested_by,
             const std::string& reason);

// Pause and resume everything, or one resource. Nothing running is stopped.
void pause(pg::Connection& connection, std::optional<ResourceId> resource,
           const std::string& reason);
void resume(pg::Connection& connection, std::optional<ResourceId> resource);

// A hint to waiting workers, after commit (rule 7). Never throws: the poll is the promise.
void wake_workers(pg::Connection& connection) noexcept;

}  // namespace devy::queue
