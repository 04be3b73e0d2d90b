#pragma once
// Rights in projects, tasks and comments, in the API and on pages: private projects
// are their members' to see; members add tasks and comments; a task is changed by its author or an
// admin, a comment by its author. Operators may all. One thread a connection; throws what
// pg::Connection throws.

#include <string>

#include "core/platform/pg/connection.hpp"
#include "core/sync/store/project_store.hpp"
#include "core/sync/store/task_list.hpp"
#include "core/sync/store/viewer_store.hpp"

namespace devy::daemon {

struct SyncRights {
  bool sees = false, adds = false, administers = false;
};
[[nodiscard]] SyncRights rights_in(pg::Connection& connection, const sync::Project& project,
                                   const sync::Viewer& viewer);
[[nodiscard]] bool may_edit(const sync::Task& task, const SyncRights& rights,
                            const sync::Viewer& viewer);
[[nodiscard]] bool may_edit(const sync::Comment& comment, const sync::Viewer& viewer);

// A project, task or comment that the viewer sees, with his rights. Throw Error(not_found) for what
// is not there and for what is not his to see, which nobody can tell apart.
struct SeenProject {
  sync::Project project;
  SyncRights rights;
};
struct SeenTask {
  sync::Task task;
  SyncRights rights;
};
struct SeenComment {
  sync::Comment comment;
  SyncRights rights;
};
[[nodiscard]] SeenProject seen_project(pg::Connection& connection, const std::string& address,
                                       const sync::Viewer& viewer);
[[nodiscard]] SeenTask seen_task(pg::Connection& connection, const std::string& id,
                                 const sync::Viewer& viewer);
[[nodiscard]] SeenComment seen_comment(pg::Connection& connection, const std::string& id,
                                       const sync::Viewer& viewer);

}  // namespace devy::daemon
