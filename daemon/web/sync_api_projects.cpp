#include "core/platform/http/server/query.hpp"
#include "core/platform/web/login_store.hpp"
#include "core/sync/store/task_document.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/sync_api_answer.hpp"
#include "daemon/web/sync_api_body.hpp"
#include "daemon/web/sync_api_routes.hpp"
#include "daemon/web/sync_rights.hpp"

namespace devy::daemon {
namespace {

using json::Json;

Json whole_project_json(SyncCall& call, const sync::Project& project) {
  auto document = sync::project_json(project);
  document.set("members", json::json_array(sync::list_members(call.connection, project.id),
                                           sync::member_json));
  document.set("repositories", json::json_array(sync::list_connections(call.connection, project.id),
                                                sync::connection_json));
  return document;
}

std::string address_in_path(const SyncCall& call) {
  return call.request.path_values[0] + "/" + call.request.path_values[1];
}

// The project that the path names, if the caller administers it; the answer that refuses him.
std::variant<sync::Project, http::Response> administered(SyncCall& call) {
  auto seen = seen_project(call.connection, address_in_path(call), call.viewer);
  if (!seen.rights.administers)
    return sync_refusal(403, {"forbidden", "only admins of the project may do that", ""});
  return std::move(seen.project);
}

http::Response list_api_projects(SyncCall& call) {
  const auto wish = read_page_wish(call.request);
  const auto projects =
      sync::list_projects(call.connection, call.viewer, false, wish.cursor, wish.limit);
  const bool is_more = std::cmp_equal(projects.size(), wish.limit);
  return json_answer(
      200, Json::object({{"projects", json::json_array(projects, sync::project_json)},
                         {"cursor", is_more ? Json(projects.back().address()) : Json()}}));
}

http::Response add_api_project(SyncCall& call) {
  const auto body = read_sync_body(call.request, {"slug", "title", "is_private"});
  const auto slug = body.text("slug");
  pg::Transaction transaction(call.connection);
  const auto id = sync::add_project(
      call.connection, {*call.viewer.account_id, slug, body.maybe_text("title").value_or(slug),
                        body.maybe_boolean("is_private").value_or(false)});
  note_sync_act(call, "project.add", call.viewer.username + "/" + slug);
  transaction.commit();
  return json_answer(201, whole_project_json(call, sync::need_project(call.connection, id)));
}

http::Response show_api_project(SyncCall& call) {
  const auto seen = seen_project(call.connection, address_in_path(call), call.viewer);
  return json_answer(200, whole_project_json(call, seen.project));
}

http::Response edit_api_project(SyncCall& call) {
  auto found = administered(call);
  if (auto* refused = std::get_if<http::Response>(&found)) return std::move(*refused);
  const auto& project = std::get<sync::Project>(found);
  const auto body =
      read_sync_body(call.request, {"title", "is_private", "conflict", "on_task_delete"});
  pg::Transaction transaction(call.connection);
  sync::edit_project(call.connection, project.id,
                     {.title = body.maybe_text("title"),
                      .conflict = body.maybe_text("conflict"),
                      .on_task_delete = body.maybe_text("on_task_delete"),
                      .is_private = body.maybe_boolean("is_private")});
  note_sync_act(call, "project.edit", project.address());
  transaction.commit();
  return json_answer(200,
                     whole_project_json(call, sync::need_project(call.connection, project.id)));
}

http::Response delete_api_project(SyncCall& call) {
  auto found = administered(call);
  if (auto* refused = std::get_if<http::Response>(&found)) return std::move(*refused);
  const auto& project = std::get<sync::Project>(found);
  pg::Transaction transaction(call.connection);
  sync::delete_project(call.connection, project.id);
  note_sync_act(call, "project.delete", project.address());
  transaction.commit();
  return no_content_answer();
}

http::Response set_api_member(SyncCall& call) {
  auto found = administered(call);
  if (auto* refused = std::get_if<http::Response>(&found)) return std::move(*refused);
  const auto& project = std::get<sync::Project>(found);
  const auto body = read_sync_body(call.request, {"role"});
  const auto role = body.maybe_text("role").value_or("member");
  if (role != "member" && role != "admin")
    return sync_refusal(422, {"field_invalid",
                              "there is no such role",
                              "Say member or admin.",
                              {{"role", "there is no such role"}}});
  const auto& username = call.request.path_values[2];
  const auto account = sync::accounts_named(call.connection, {username}).front();
  pg::Transaction transaction(call.connection);
  sync::set_member(call.connection, project.id, account, role);
  note_sync_act(call, "project.member_add", project.address() + " " + username);
  transaction.commit();
  return json_answer(200, Json::object({{"username", username}, {"role", role}}));
}

http::Response remove_api_member(SyncCall& call) {
  auto found = administered(call);
  if (auto* refused = std::get_if<http::Response>(&found)) return std::move(*refused);
  const auto& project = std::get<sync::Project>(found);
  const auto& username = call.request.path_values[2];
  const auto account = sync::accounts_named(call.connection, {username}).front();
  pg::Transaction transaction(call.connection);
  if (!sync::remove_member(call.connection, project.id, account))
    return sync_refusal(404, {"not_found", "he is no member", ""});
  note_sync_act(call, "project.member_remove", project.address() + " " + username);
  transaction.commit();
  return no_content_answer();
}

}  // namespace

std::vector<SyncRoute> sync_project_routes() {
  return {{"GET", "/v1/projects", list_api_projects},
          {"POST", "/v1/projects", add_api_project},
          {"GET", "/v1/projects/*/*", show_api_project},
          {"PATCH", "/v1/projects/*/*", edit_api_project},
          {"DELETE", "/v1/projects/*/*", delete_api_project},
          {"PUT", "/v1/projects/*/*/members/*", set_api_member},
          {"DELETE", "/v1/projects/*/*/members/*", remove_api_member}};
}

}  // namespace devy::daemon
