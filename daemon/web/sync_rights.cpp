#include "daemon/web/sync_rights.hpp"

#include "core/platform/base/error.hpp"

namespace devy::daemon {
namespace {

[[noreturn]] void throw_unseen() {
  throw base::Error(base::ErrorKind::not_found, "unable to show it: there is no such thing", "",
                    "not_found");
}

SyncRights rights_in_project(pg::Connection& connection, const std::string& id,
                             const sync::Viewer& viewer) {
  const auto project = sync::find_project(connection, id);
  if (!project) throw_unseen();
  return rights_in(connection, *project, viewer);
}

}  // namespace

SyncRights rights_in(pg::Connection& connection, const sync::Project& project,
                     const sync::Viewer& viewer) {
  if (viewer.sees_all) return {true, true, true};
  SyncRights rights;
  rights.sees = sync::is_visible(connection, project, viewer);
  if (!viewer.account_id) return rights;
  const auto role = sync::role_in(connection, project, *viewer.account_id);
  rights.adds = rights.sees && !role.empty();
  rights.administers = rights.sees && role == "admin";
  return rights;
}

bool may_edit(const sync::Task& task, const SyncRights& rights, const sync::Viewer& viewer) {
  if (rights.administers) return true;
  return rights.adds && viewer.account_id && task.author.account_id == *viewer.account_id;
}

bool may_edit(const sync::Comment& comment, const sync::Viewer& viewer) {
  if (viewer.sees_all) return true;
  return viewer.account_id && comment.author.account_id == *viewer.account_id;
}

SeenProject seen_project(pg::Connection& connection, const std::string& address,
                         const sync::Viewer& viewer) {
  auto project = sync::find_project(connection, address);
  if (!project) throw_unseen();
  const auto rights = rights_in(connection, *project, viewer);
  if (!rights.sees) throw_unseen();
  return {*std::move(project), rights};
}

SeenTask seen_task(pg::Connection& connection, const std::string& id, const sync::Viewer& viewer) {
  auto task = sync::find_task(connection, id);
  if (!task) throw_unseen();
  const auto rights = rights_in_project(connection, task->project_id, viewer);
  if (!rights.sees) throw_unseen();
  return {*std::move(task), rights};
}

SeenComment seen_comment(pg::Connection& connection, const std::string& id,
                         const sync::Viewer& viewer) {
  auto comment = sync::find_comment(connection, id);
  if (!comment) throw_unseen();
  const auto rights = rights_in_project(connection, comment->project_id, viewer);
  if (!rights.sees) throw_unseen();
  return {*std::move(comment), rights};
}

}  // namespace devy::daemon
