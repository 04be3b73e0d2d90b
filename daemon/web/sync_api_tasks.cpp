#include "core/platform/base/id.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/edit_store.hpp"
#include "core/sync/store/task_document.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/sync_api_answer.hpp"
#include "daemon/web/sync_api_body.hpp"
#include "daemon/web/sync_api_routes.hpp"
#include "daemon/web/sync_rights.hpp"

namespace devy::daemon {
namespace {

using json::Json;

Json shown_task_json(SyncCall& call, const sync::Task& task) {
  const auto state =
      sync::read_states(call.connection, {task.id}, call.config.sync.write_gap).at(task.id);
  return sync::task_json(task, state, "https://" + call.config.github.host);
}

http::Response task_answer(SyncCall& call, int status, const std::string& id) {
  const auto task = sync::find_task(call.connection, id).value();
  return versioned_answer(status, shown_task_json(call, task), task.version);
}

http::Response list_api_tasks(SyncCall& call) {
  const auto& values = call.request.path_values;
  const auto seen = seen_project(call.connection, values[0] + "/" + values[1], call.viewer);
  const auto query = server::read_query(call.request);
  const auto wish = read_page_wish(call.request);
  const auto value = [&](const char* name) { return std::string(query.line(name).value_or("")); };
  sync::TaskFilter filter;
  filter.project_id = seen.project.id;
  filter.state = value("state");
  filter.label = value("label");
  filter.assignee = value("assignee");
  filter.list = value("list");
  filter.sync = value("sync");
  filter.text = value("q");
  filter.is_archived = value("archived") == "true";
  filter.cursor = wish.cursor;
  filter.limit = wish.limit;
  const auto page = sync::list_tasks(call.connection, filter);
  std::vector<std::string> ids;
  for (const auto& task : page.tasks)
    ids.push_back(task.id);
  const auto states = sync::read_states(call.connection, ids, call.config.sync.write_gap);
  const auto site = "https://" + call.config.github.host;
  auto tasks = json::json_array(page.tasks, [&](const sync::Task& task) {
    return sync::task_json(task, states.at(task.id), site);
  });
  return json_answer(
      200, Json::object(
               {{"tasks", tasks}, {"cursor", page.cursor.empty() ? Json() : Json(page.cursor)}}));
}

// The connection that a body names by the repository; nothing: the project's only one.
std::optional<std::string> named_connection(SyncCall& call, const std::string& project_id,
                                            const json::Value& body) {
  const auto name = body.maybe_text("repository");
  if (!name) return std::nullopt;
  const auto found = sync::find_connection(call.connection, project_id, *name);
  if (found) return found->id;
  throw base::Error(base::ErrorKind::conflict,
                    "unable to add the task: the repository is not connected to the project", "",
                    "not_connected");
}

http::Response add_api_task(SyncCall& call) {
  const auto& values = call.request.path_values;
  const auto seen = seen_project(call.connection, values[0] + "/" + values[1], call.viewer);
  if (!seen.rights.adds)
    return sync_refusal(403, {"forbidden", "only members of the project add tasks", ""});
  const auto body = read_sync_body(
      call.request, {"title", "body", "labels", "milestone", "assignees", "list", "repository"});
  const std::int64_t unsent_max = call.config.sync.unsent_max;
  if (sync::count_unsent(call.connection, seen.project.id, unsent_max + 1) > unsent_max)
    return sync_refusal(429, {"too_many_unsent", "too many tasks of the project wait to be sent",
                              "Try again when some are issues."});
  sync::NewTask task;
  task.project_id = seen.project.id;
  task.author_id = *call.viewer.account_id;
  task.connection_id = named_connection(call, seen.project.id, body);
  task.title = body.text("title");
  task.body = body.maybe_text("body").value_or("");
  task.labels = texts_of(body, "labels");
  task.milestone = body.maybe_text("milestone");
  task.assignees = sync::accounts_named(call.connection, texts_of(body, "assignees"));
  task.list = body.maybe_text("list");
  task.request = request_key(call.request);
  const auto added = sync::add_task(call.connection, task);
  queue::wake_workers(call.connection);
  auto response = task_answer(call, 201, added.id);
  response.headers.emplace_back("Location", "/v1/tasks/" + added.id);
  return response;
}

http::Response show_api_task(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  return versioned_answer(200, shown_task_json(call, seen.task), seen.task.version);
}

http::Response edit_api_task(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  if (!may_edit(seen.task, seen.rights, call.viewer))
    return sync_refusal(403, {"forbidden", "only its author and admins change it", ""});
  const auto version = expected_version(call.request);
  if (!version)
    return sync_refusal(428, {"condition_missing", "the version that is changed is not said",
                              "Send the ETag that you have as If-Match."});
  const auto body =
      read_sync_body(call.request, {"title", "body", "state", "state_reason", "labels", "milestone",
                                    "assignees", "list", "is_archived"});
  const auto change = read_task_change(call, body);
  try {
    static_cast<void>(
        sync::edit_task(call.connection, seen.task.id, call.viewer.account_id, *version, change));
  } catch (const base::Error& error) {
    if (error.code() != "version_differs") throw;
    return task_answer(call, 412, seen.task.id);
  }
  queue::wake_workers(call.connection);
  return task_answer(call, 200, seen.task.id);
}

http::Response delete_api_task(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  if (!may_edit(seen.task, seen.rights, call.viewer))
    return sync_refusal(403, {"forbidden", "only its author and admins delete it", ""});
  pg::Transaction transaction(call.connection);
  static_cast<void>(sync::delete_task(call.connection, seen.task.id, call.viewer.account_id,
                                      expected_version(call.request)));
  note_sync_act(call, "task.delete", seen.task.id);
  transaction.commit();
  queue::wake_workers(call.connection);
  return no_content_answer();
}

}  // namespace

std::vector<SyncRoute> sync_task_routes() {
  return {{"GET", "/v1/projects/*/*/tasks", list_api_tasks},
          {"POST", "/v1/projects/*/*/tasks", add_api_task},
          {"GET", "/v1/tasks/*", show_api_task},
          {"PATCH", "/v1/tasks/*", edit_api_task},
          {"DELETE", "/v1/tasks/*", delete_api_task}};
}

}  // namespace devy::daemon
