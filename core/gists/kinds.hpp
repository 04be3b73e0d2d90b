#pragma once
// Gists as the table of systems knows them: their kinds of operations, how their subjects are
// called, and what records scans without anybody asking. Values; any thread.

#include <map>
#include <string>
#include <vector>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/maintenance_task.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::gists {

[[nodiscard]] std::vector<queue::Kind> operation_kinds();
// Opens routines, records the scans that are due, and notes those that failed.
[[nodiscard]] std::vector<queue::Maintenance> maintenance_tasks();
// Visits and routines that are old.
[[nodiscard]] std::vector<queue::Prunable> prunable_records();
// "gists of alice", by the operation's id. Throws what pg::Connection throws.
[[nodiscard]] std::map<std::string, std::string> subjects(
    pg::Connection& connection, const std::vector<std::string>& operations);

}  // namespace devy::gists
