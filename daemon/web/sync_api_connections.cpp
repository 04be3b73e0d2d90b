#include <charconv>

#include "core/platform/queue/ingest.hpp"
#include "core/sync/store/task_document.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/sync_api_answer.hpp"
#include "daemon/web/sync_api_body.hpp"
#include "daemon/web/sync_api_routes.hpp"
#include "daemon/web/sync_rights.hpp"

namespace devy::daemon {
namespace {

using json::Json;

std::optional<std::int64_t> repository_number(const std::string& text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < 1)
    return std::nullopt;
  return number;
}

// The project of the path, and its connection with the repository there, where there is one.
struct NamedConnection {
  sync::Project project;
  std::optional<sync::Connected> connected;
  bool is_administered = false;
};
NamedConnection connection_in_path(SyncCall& call) {
  const auto& values = call.request.path_values;
  auto seen = seen_project(call.connection, values[0] + "/" + values[1], call.viewer);
  auto connected = sync::find_connection(call.connection, seen.project.id, values[2]);
  return {std::move(seen.project), std::move(connected), seen.rights.administers};
}

http::Response refuse_connection(const NamedConnection& named) {
  if (!named.is_administered)
    return sync_refusal(403, {"forbidden", "only admins of the project may do that", ""});
  return sync_refusal(404, {"not_found", "the repository is not connected", ""});
}

http::Response connection_answer(SyncCall& call, const std::string& id, int status) {
  return json_answer(status,
                     sync::connection_json(sync::find_connection(call.connection, id).value()));
}

http::Response connect_api_repository(SyncCall& call) {
  const auto named = connection_in_path(call);
  if (!named.is_administered) return refuse_connection(named);
  const auto number = repository_number(call.request.path_values[2]);
  if (!number)
    return sync_refusal(422, {"field_invalid", "that is no repository's id",
                              "Send the number that GitHub gave it."});
  const auto body = read_sync_body(call.request, {"export", "is_approved"});
  sync::Connect wish;
  wish.project_id = named.project.id;
  wish.repository_id = *number;
  wish.export_mode = body.maybe_text("export").value_or("none");
  wish.by = call.viewer.account_id;
  wish.is_approved = body.maybe_boolean("is_approved").value_or(false);
  wish.requested_by = call.caller.name;
  pg::Transaction transaction(call.connection);
  const auto act = sync::connect(call.connection, wish);
  note_sync_act(call, "project.connect", named.project.address() + " " + std::to_string(*number));
  transaction.commit();
  queue::wake_workers(call.connection);
  return connection_answer(call, act.connection, 202);
}

http::Response show_api_connection(SyncCall& call) {
  const auto named = connection_in_path(call);
  if (!named.connected)
    return sync_refusal(404, {"not_found", "the repository is not connected", ""});
  return json_answer(200, sync::connection_json(*named.connected));
}

http::Response act_on_connection(SyncCall& call, const char* act,
                                 sync::Act (*run)(pg::Connection&, const std::string&,
                                                  const std::string&)) {
  const auto named = connection_in_path(call);
  if (!named.is_administered || !named.connected) return refuse_connection(named);
  pg::Transaction transaction(call.connection);
  static_cast<void>(run(call.connection, named.connected->id, call.caller.name));
  note_sync_act(call, act, named.project.address() + " " + named.connected->repository);
  transaction.commit();
  queue::wake_workers(call.connection);
  return connection_answer(call, named.connected->id, 202);
}

http::Response disconnect_api_repository(SyncCall& call) {
  return act_on_connection(
      call, "project.disconnect",
      [](pg::Connection& connection, const std::string& id, const std::string& by) {
        return sync::disconnect(connection, id, "disconnected_by_person", by);
      });
}

http::Response sync_api_repository(SyncCall& call) {
  return act_on_connection(call, "project.sync", sync::sync_again);
}

http::Response approve_api_repository(SyncCall& call) {
  return act_on_connection(call, "project.approve", sync::approve);
}

http::Response list_api_installations(SyncCall& call) {
  const auto seen_by = call.viewer.sees_all ? std::nullopt : call.viewer.account_id;
  return json_answer(
      200, Json::object({{"installations",
                          json::json_array(sync::list_installations(call.connection, seen_by),
                                           sync::installation_json)}}));
}

}  // namespace

std::vector<SyncRoute> sync_connection_routes() {
  return {{"PUT", "/v1/projects/*/*/repositories/*", connect_api_repository},
          {"GET", "/v1/projects/*/*/repositories/*", show_api_connection},
          {"DELETE", "/v1/projects/*/*/repositories/*", disconnect_api_repository},
          {"POST", "/v1/projects/*/*/repositories/*/sync", sync_api_repository},
          {"POST", "/v1/projects/*/*/repositories/*/approve", approve_api_repository},
          {"GET", "/v1/installations", list_api_installations}};
}

}  // namespace devy::daemon
