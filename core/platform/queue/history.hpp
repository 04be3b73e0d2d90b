#pragma once
// The history of one operation of any kind: its attempts and its events, as values and as cli.md's
// JSON. Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

struct AttemptRow {
  int number = 0;
  std::string worker;
  base::TimePoint started_at;
  std::optional<base::TimePoint> ended_at;
  std::optional<std::string> outcome, step, error_code, error_text, error_hint;
  int repeats = 0;  // equal interruptions right before it, which have no rows of their own
  std::optional<base::TimePoint> repeated_since;
};
// In the order in which they began.
[[nodiscard]] std::vector<AttemptRow> list_attempts(pg::Connection& connection,
                                                    const OperationId& id);

struct EventRow {
  int seq = 0, attempt = 0;
  base::TimePoint at;
  std::string state;
  std::optional<std::string> step;
  std::optional<std::string> code, message, reason, by, pointer;
};
// Those that were added since `after`, at most 10 000. What an operation takes back that is
// interrupted again and again (operation_merge_interruption) may be added anew under an earlier
// seq.
[[nodiscard]] std::vector<EventRow> list_events(
    pg::Connection& connection, const OperationId& id,
    const std::optional<EventRow>& after = std::nullopt);

// Null where there is neither a code nor a message.
[[nodiscard]] json::Json error_json(const std::optional<std::string>& code,
                                    const std::optional<std::string>& message,
                                    const std::optional<std::string>& hint);
// Those behind a seq, for pages that append; what was added anew under an earlier one is left out.
[[nodiscard]] std::vector<EventRow> list_events_behind(pg::Connection& connection,
                                                       const OperationId& id, int seq);

[[nodiscard]] json::Json attempt_json(const AttemptRow& attempt);
[[nodiscard]] json::Json event_json(const EventRow& event);

}  // namespace devy::queue
