#pragma once
// Records many operations in one statement, each exactly as ingest() would (ingest.hpp), in the
// order given. It finds or makes their resources and locks them in one order. Run it inside the
// caller's transaction when more belongs to it. Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::queue {

struct BatchEntry {
  OperationId id;  // from Random::uuid()
  std::string kind;
  std::string resource_kind, resource_key;  // the resource is made when it does not exist
  // Absent: the owner of the resource. A resource that is made gets it, too.
  std::optional<std::string> owner = std::nullopt;
  std::string lane{work_lane};
  Direction direction = Direction::inbound;
  // As in NewOperation.
  std::optional<std::string> event_id = std::nullopt;
  std::optional<base::TimePoint> event_at = std::nullopt;
  std::optional<std::string> revision = std::nullopt;
  std::string variant = {};
  bool is_forced = false;
  int priority = 100;
  int max_attempts = 12;
  std::optional<std::string> idempotency_key = std::nullopt;
};

struct BatchOptions {
  Source source = Source::webhook;
  std::string requested_by = {}, reason = {};
  // False: an entry whose resource another session has locked, or is making now, comes back as busy
  // and nothing of it is recorded. Pass it again with true, which waits.
  bool waits_for_locks = true;
};

struct BatchIngested {
  bool is_busy = false;
  std::optional<Ingested> ingested = std::nullopt;  // unless busy
};

// One answer for each entry, in their order.
[[nodiscard]] std::vector<BatchIngested> ingest_batch(pg::Connection& connection,
                                                      const std::vector<BatchEntry>& entries,
                                                      const BatchOptions& options);

}  // namespace devy::queue
