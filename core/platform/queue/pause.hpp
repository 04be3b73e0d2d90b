#pragma once
// Pauses of the whole queue or of one resource: what waits goes on waiting, what runs goes on to
// its end. Throws what pg::Connection throws.

#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/operation.hpp"

namespace devy::queue {

// `reason` says who and why, for people. A later pause takes the place of an earlier one.
void pause(pg::Connection& connection, std::optional<ResourceId> resource,
           const std::string& reason);
void resume(pg::Connection& connection, std::optional<ResourceId> resource);

struct Pause {
  bool is_whole_queue = false;
  std::optional<base::TimePoint> since;
  std::optional<base::TimePoint> until;  // absent: until somebody resumes it
  std::string reason;
};
// The pause that holds back operations of the resource: the whole queue's before its own.
[[nodiscard]] std::optional<Pause> pause_of(pg::Connection& connection, ResourceId resource);
// {"whole_queue", "since", "until", "reason"}; until is null when somebody has to resume it.
[[nodiscard]] json::Json pause_json(const std::optional<Pause>& pause);
// "paused since 2026-11-30T20:37:21.000Z: by ann@host, moving the disk"; of the whole queue "the
// queue is paused …".
[[nodiscard]] std::string pause_text(const Pause& pause);

}  // namespace devy::queue
