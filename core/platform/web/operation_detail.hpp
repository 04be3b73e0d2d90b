#pragma once
// Everything that a page shows of one operation of any kind, its history apart
// (queue/history.hpp). Throws what pg::Connection throws. A session, so one thread at a time.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/queue/pause.hpp"
#include "core/platform/web/operation_list.hpp"

namespace devy::web {

// So many are named of the operations that point to one.
inline constexpr int pointing_max = 20;

struct Pointer {
  std::string id, kind, state;
  std::string
      relation;  // superseded by, duplicate of, dropped for; of the other direction: supersedes, …
};

struct OperationDetail {
  OperationLine line;
  queue::ResourceId resource = 0;
  std::string lane, direction;
  int priority = 0, replays = 0;
  std::optional<std::string> error_hint, requested_by, reason, cancel_reason, event_id;
  std::optional<std::string> announced_revision, fetched_revision;
  std::optional<base::TimePoint> event_at, waiting_since, cancel_requested_at;
  std::optional<std::string> worker;  // while it runs
  std::optional<base::TimePoint> lease_expires_at;
  bool is_enabled = true;             // the resource's
  bool is_resource_paused = false;    // by an operator or by an owner's limit
  std::optional<queue::Pause> pause;  // what holds it back while it waits
  std::vector<Pointer> points_to, pointed_to_by;
};

// Nothing when there is no such operation. `id` is a whole id.
[[nodiscard]] std::optional<OperationDetail> find_detail(pg::Connection& connection,
                                                         const std::string& id);

}  // namespace devy::web
