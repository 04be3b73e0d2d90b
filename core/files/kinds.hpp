#pragma once
// Files as the table of systems knows them: their kinds of operations, how their subjects are
// called, and what records operations without anybody asking. Values; any thread.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/maintenance_task.hpp"

namespace devy::files {

[[nodiscard]] std::vector<queue::Kind> operation_kinds();
// Records the clean-up and the scrubbing of this node.
[[nodiscard]] std::vector<queue::Maintenance> maintenance_tasks();
// "files of node a", "content 0123456789ab", by the operation's id. Throws what pg::Connection
// throws.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::files
