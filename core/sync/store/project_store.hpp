#pragma once
// Projects and their members: what people and programs read of them, and the acts of
// core/sync/projects.sql. Whether one may, the callers ask (role_in, is_visible). Values; throws
// what pg::Connection throws, Error(not_found) for what is not there, and Error(conflict) with a
// code of its own where that is said.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

struct Project {
  std::string id, account_id;
  std::string owner, slug, title;  // its address is "owner/slug"
  bool is_private = false;
  std::string conflict, on_task_delete;  // github or local, close or leave
  std::int64_t open_tasks = 0, connections = 0;
  base::TimePoint created_at{};

  [[nodiscard]] std::string address() const { return owner + "/" + slug; }
};

// By "owner/slug", or by its id.
[[nodiscard]] std::optional<Project> find_project(pg::Connection& connection,
                                                  const std::string& address);
// Throws Error(not_found, "project_unknown").
[[nodiscard]] Project need_project(pg::Connection& connection, const std::string& address);

// The one who looks: nothing is nobody in particular.
struct Viewer {
  std::optional<std::string> account_id = {};
  bool sees_all = false;  // an operator, or the command line
};
// By their addresses, behind `after`: those that the viewer sees, and with `is_own` those alone in
// which he has a role.
[[nodiscard]] std::vector<Project> list_projects(pg::Connection& connection, const Viewer& viewer,
                                                 bool is_own, const std::string& after, int limit);
[[nodiscard]] bool is_visible(pg::Connection& connection, const Project& project,
                              const Viewer& viewer);
// "admin" or "member"; empty: none.
[[nodiscard]] std::string role_in(pg::Connection& connection, const Project& project,
                                  const std::string& account_id);

struct NewProject {
  std::string account_id, slug, title;  // an empty title is the slug
  bool is_private = false;
};
// Returns its id. Throws Error(conflict, "project_taken"), Error(usage, "project_slug").
std::string add_project(pg::Connection& connection, const NewProject& project);

// An absent value stays as it is.
struct ProjectChange {
  std::optional<std::string> title, conflict, on_task_delete;
  std::optional<bool> is_private;
};
void edit_project(pg::Connection& connection, const std::string& id, const ProjectChange& change);
// Throws Error(conflict, "project_connected") while a repository is connected.
void delete_project(pg::Connection& connection, const std::string& id);

struct Member {
  std::string account_id, username, role;
  bool is_owner = false;
};
// The owner first, then by their names.
[[nodiscard]] std::vector<Member> list_members(pg::Connection& connection, const std::string& id);
void set_member(pg::Connection& connection, const std::string& id, const std::string& account_id,
                const std::string& role);
// False: he was none.
bool remove_member(pg::Connection& connection, const std::string& id,
                   const std::string& account_id);

}  // namespace devy::sync
