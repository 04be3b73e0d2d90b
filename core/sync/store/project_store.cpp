#include "core/sync/store/project_store.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::sync {
namespace {

using base::Error;
using base::ErrorKind;

constexpr pg::Statement select_project{"select_project", R"sql(
  select p.id, p.account_id, a.username as owner, p.slug, p.title, p.is_private, p.conflict,
         p.on_task_delete, p.created_at,
         (select count(*) from task t
           where t.project_id = p.id and t.state = 'open' and t.deleted_at is null) as open_tasks,
         (select count(*) from project_repository c
           where c.project_id = p.id and c.state <> 'disconnected') as connections
    from project p join account a on a.id = p.account_id
   where p.id::text = $1::text
      or (a.username = split_part($1::text, '/', 1) and p.slug = split_part($1::text, '/', 2)))sql"};

constexpr pg::Statement select_projects{"select_projects", R"sql(
  select p.id, p.account_id, a.username as owner, p.slug, p.title, p.is_private, p.conflict,
         p.on_task_delete, p.created_at,
         (select count(*) from task t
           where t.project_id = p.id and t.state = 'open' and t.deleted_at is null) as open_tasks,
         (select count(*) from project_repository c
           where c.project_id = p.id and c.state <> 'disconnected') as connections
    from project p join account a on a.id = p.account_id
   where (a.username, p.slug) > (split_part($3::text, '/', 1), split_part($3::text, '/', 2))
     and case when $4::boolean then project_role_of(p.id, $1::uuid) is not null
              else $2::boolean or project_is_visible(p.id, $1::uuid) end
   order by a.username, p.slug
   limit $5::integer)sql"};

constexpr pg::Statement select_visible{"select_project_visible", R"sql(
  select project_is_visible($1::uuid, $2::uuid) as is_visible)sql"};

constexpr pg::Statement select_role{"select_project_role", R"sql(
  select coalesce(project_role_of($1::uuid, $2::uuid), '') as role)sql"};

constexpr pg::Statement call_project_add{"project_add", R"sql(
  select project_add($1::uuid, $2::text, $3::text, $4::boolean) as id)sql"};

constexpr pg::Statement call_project_edit{"project_edit", R"sql(
  select project_edit($1::uuid, $2::text, $3::boolean, $4::text, $5::text))sql"};

constexpr pg::Statement call_project_delete{"project_delete", R"sql(
  select project_delete($1::uuid))sql"};

constexpr pg::Statement select_members{"select_project_members", R"sql(
  select p.account_id, a.username, 'admin' as role, true as is_owner
    from project p join account a on a.id = p.account_id where p.id = $1::uuid
  union all
  select m.account_id, a.username, m.role, false
    from project_member m join account a on a.id = m.account_id where m.project_id = $1::uuid
   order by is_owner desc, username)sql"};

constexpr pg::Statement call_member_set{"project_member_set", R"sql(
  select project_member_set($1::uuid, $2::uuid, $3::text))sql"};

constexpr pg::Statement call_member_remove{"project_member_remove", R"sql(
  select project_member_remove($1::uuid, $2::uuid) as was_member)sql"};

Project read_project(const pg::Row& row) {
  Project project;
  project.id = row.text("id");
  project.account_id = row.text("account_id");
  project.owner = row.text("owner");
  project.slug = row.text("slug");
  project.title = row.text("title");
  project.is_private = row.boolean("is_private");
  project.conflict = row.text("conflict");
  project.on_task_delete = row.text("on_task_delete");
  project.open_tasks = row.integer("open_tasks");
  project.connections = row.integer("connections");
  project.created_at = row.time("created_at");
  return project;
}

}  // namespace

std::optional<Project> find_project(pg::Connection& connection, const std::string& address) {
  const auto rows = connection.maybe(select_project, pg::Params(address));
  if (!rows) return std::nullopt;
  return read_project((*rows)[0]);
}

Project need_project(pg::Connection& connection, const std::string& address) {
  auto project = find_project(connection, address);
  if (project) return *std::move(project);
  throw Error(
      ErrorKind::not_found,
      "unable to find project " + base::in_quotes(base::safe_text(address)) + ": there is none",
      "A project is written <user>/<slug>; `devy-upload project list` shows all.",
      "project_unknown");
}

std::vector<Project> list_projects(pg::Connection& connection, const Viewer& viewer, bool is_own,
                                   const std::string& after, int limit) {
  std::vector<Project> projects;
  for (const auto row : connection.query(
           select_projects, pg::Params(viewer.account_id, viewer.sees_all, after, is_own, limit)))
    projects.push_back(read_project(row));
  return projects;
}

bool is_visible(pg::Connection& connection, const Project& project, const Viewer& viewer) {
  return viewer.sees_all ||
         connection.one(select_visible, pg::Params(project.id, viewer.account_id))[0].boolean(
             "is_visible");
}

std::string role_in(pg::Connection& connection, const Project& project,
                    const std::string& account_id) {
  return connection.one(select_role, pg::Params(project.id, account_id))[0].text("role");
}

std::string add_project(pg::Connection& connection, const NewProject& project) {
  try {
    return connection
        .one(call_project_add, pg::Params(project.account_id, project.slug,
                                          project.title.empty() ? project.slug : project.title,
                                          project.is_private))[0]
        .text("id");
  } catch (const Error& error) {
    const auto what = "unable to add project " + base::in_quotes(base::safe_text(project.slug));
    if (error.code() == "23505")
      throw Error(ErrorKind::conflict, what + ": the address is taken", "Choose another slug.",
                  "project_taken");
    if (error.code() == "23514")
      throw Error(ErrorKind::usage, what + ": its address or title is unsuitable",
                  "A slug is lower-case letters, digits and single hyphens, at most 63 "
                  "characters; a title has 1 to 256.",
                  "project_slug");
    throw;
  }
}

void edit_project(pg::Connection& connection, const std::string& id, const ProjectChange& change) {
  try {
    connection.execute(call_project_edit, pg::Params(id, change.title, change.is_private,
                                                     change.conflict, change.on_task_delete));
  } catch (const Error& error) {
    if (error.code() != "23514") throw;
    throw Error(ErrorKind::usage, "unable to edit the project: a value is none of those there are",
                "A title has 1 to 256 characters; conflict is github or local, on_task_delete "
                "close or leave.",
                "project_value");
  }
}

void delete_project(pg::Connection& connection, const std::string& id) {
  try {
    connection.execute(call_project_delete, pg::Params(id));
  } catch (const Error& error) {
    if (error.code() != "DV015") throw;
    throw Error(ErrorKind::conflict,
                "unable to delete the project: it is connected with a repository",
                "Disconnect its repositories first.", "project_connected");
  }
}

std::vector<Member> list_members(pg::Connection& connection, const std::string& id) {
  std::vector<Member> members;
  for (const auto row : connection.query(select_members, pg::Params(id)))
    members.push_back(
        {row.text("account_id"), row.text("username"), row.text("role"), row.boolean("is_owner")});
  return members;
}

void set_member(pg::Connection& connection, const std::string& id, const std::string& account_id,
                const std::string& role) {
  try {
    connection.execute(call_member_set, pg::Params(id, account_id, role));
  } catch (const Error& error) {
    if (error.code() != "23514") throw;
    throw Error(ErrorKind::usage, "unable to add the member: there is no such role",
                "A member is admin or member.", "project_role");
  }
}

bool remove_member(pg::Connection& connection, const std::string& id,
                   const std::string& account_id) {
  return connection.one(call_member_remove, pg::Params(id, account_id))[0].boolean("was_member");
}

}  // namespace devy::sync
