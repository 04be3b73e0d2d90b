#pragma once
// The routes of the API of projects and tasks with their handlers. Any thread.

#include <vector>

#include "daemon/web/sync_api.hpp"

namespace devy::daemon {

[[nodiscard]] std::vector<SyncRoute> sync_project_routes();
[[nodiscard]] std::vector<SyncRoute> sync_connection_routes();
[[nodiscard]] std::vector<SyncRoute> sync_task_routes();
[[nodiscard]] std::vector<SyncRoute> sync_comment_routes();
// Versions, operations and states of tasks.
[[nodiscard]] std::vector<SyncRoute> sync_record_routes();

}  // namespace devy::daemon
