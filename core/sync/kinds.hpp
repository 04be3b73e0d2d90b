#pragma once
// The kinds of operations that sync brings to the platform: `task_sync` and `comment_sync`, each in
// two lanes. What GitHub tells (direction inbound) is lane `work`; what is sent to it (outbound) is
// lane `github`, whose runners alone can open users' tokens. Both are run by one handler, which
// goes by the operation's direction, so that a process that runs one itself runs either. And
// `connection_sync`, the work of connections.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/maintenance_task.hpp"

namespace devy::sync {

[[nodiscard]] std::vector<queue::Kind> operation_kinds();

[[nodiscard]] std::vector<queue::Maintenance> maintenance_tasks();

// "alice/notes#7", "alice/notes in alice/site", by the operation's id. Throws what pg::Connection
// throws.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::sync
