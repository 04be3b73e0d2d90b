#pragma once
// Pauses of the whole queue, of a kind of operations, or of one resource: what waits goes on
// waiting, what runs goes on to its end. What is paused by its kind or resource is out of the line,
// so that a claim costs the same however much that is. Throws what pg::Connection throws.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

// `reason` says who and why, for people. A later pause takes the place of an earlier one.
void pause(pg::Connection& connection, std::optional<ResourceId> resource,
           const std::string& reason);
void resume(pg::Connection& connection, std::optional<ResourceId> resource);

// All waiting operations of the kind are changed in one statement: of a long backlog that may take
// longer than a page's statements may, so it allows itself a minute. Within a transaction.
void pause_kind(pg::Connection& connection, const std::string& kind, const std::string& reason);
void resume_kind(pg::Connection& connection, const std::string& kind);

struct PausedKind {
  std::string kind, reason;
  base::TimePoint since;
};
[[nodiscard]] std::vector<PausedKind> paused_kinds(pg::Connection& connection);

struct Pause {
  bool is_whole_queue = false;
  std::optional<base::TimePoint> since;
  std::optional<base::TimePoint> until;  // absent: until somebody resumes it
  std::string reason;
  std::string kind = {};  // of a pause of that kind; else empty
};
// The pause that holds back operations of the resource, and of the kind where one is given: the
// whole queue's before the kind's before its own.
[[nodiscard]] std::optional<Pause> pause_of(pg::Connection& connection, ResourceId resource,
                                            const std::string& kind = {});
// The pause that holds back this operation; nothing when it does not wait.
[[nodiscard]] std::optional<Pause> pause_of(pg::Connection& connection,
                                            const base::OperationId& operation);
// {"whole_queue", "kind", "since", "until", "reason"}; until is null when somebody has to resume
// it, kind unless all operations of it are paused.
[[nodiscard]] json::Json pause_json(const std::optional<Pause>& pause);
// "paused since 2026-11-30T20:37:21.000Z: by ann@host, moving the disk"; of the whole queue "the
// queue is paused …", of a kind "kind upload is paused …".
[[nodiscard]] std::string pause_text(const Pause& pause);

}  // namespace devy::queue
