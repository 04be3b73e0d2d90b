#include <charconv>

#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
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

constexpr std::size_t mark_digits = 16;

Json sync_state_json(SyncCall& call, const std::string& id, bool is_timed) {
  auto state = sync::read_states(call.connection, {id}, call.config.sync.write_gap).at(id);
  if (!is_timed) {
    state.position.reset();
    state.eta.reset();
  }
  return sync::sync_json(state, "https://" + call.config.github.host);
}

http::Response list_api_versions(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  return json_answer(
      200, Json::object(
               {{"versions", json::json_array(sync::list_versions(call.connection, seen.task.id),
                                              sync::version_json)}}));
}

http::Response restore_api_version(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  if (!may_edit(seen.task, seen.rights, call.viewer))
    return sync_refusal(403, {"forbidden", "only its author and admins change it", ""});
  const auto& text = call.request.path_values[1];
  int version = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), version);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    return sync_refusal(404, {"not_found", "there is no such version", ""});
  pg::Transaction transaction(call.connection);
  static_cast<void>(
      sync::restore_record(call.connection, seen.task.id, version, call.viewer.account_id));
  note_sync_act(call, "task.restore", seen.task.id);
  transaction.commit();
  queue::wake_workers(call.connection);
  return json_answer(202, sync_state_json(call, seen.task.id, true));
}

http::Response list_api_operations(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  const auto wish = read_page_wish(call.request);
  return json_answer(
      200,
      Json::object({{"operations", json::json_array(sync::list_record_operations(
                                                        call.connection, seen.task.id, wish.limit),
                                                    sync::record_operation_json)}}));
}

http::Response ask_api_sync(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  if (!seen.rights.adds)
    return sync_refusal(403, {"forbidden", "only members of the project have it compared", ""});
  static_cast<void>(sync::ask_sync(call.connection, seen.task.id, call.caller.name));
  queue::wake_workers(call.connection);
  return json_answer(202, sync_state_json(call, seen.task.id, true));
}

// The state with a mark; whoever has the mark hears nothing before it is another one. How many go
// before it changes all the time, and makes no other mark.
http::Response show_api_sync(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  const auto query = server::read_query(call.request);
  const auto settled = sync_state_json(call, seen.task.id, false).compact() + " " +
                       std::to_string(seen.task.version);
  const auto mark = base::to_hex(base::sha256(settled)).substr(0, mark_digits);
  if (query.line("after") == mark) return no_content_answer();
  return json_answer(200, Json::object({{"n", mark},
                                        {"version", seen.task.version},
                                        {"sync", sync_state_json(call, seen.task.id, true)}}));
}

http::Response show_api_operation(SyncCall& call) {
  const auto found = sync::find_record_operation(call.connection, call.request.path_values[0]);
  if (!found) return sync_refusal(404, {"not_found", "there is no such thing", ""});
  // It is seen by those who see what it is about.
  const auto comment = sync::find_comment(call.connection, found->record_id);
  static_cast<void>(comment ? seen_task(call.connection, comment->task_id, call.viewer)
                            : seen_task(call.connection, found->record_id, call.viewer));
  auto document = sync::record_operation_json(found->operation);
  document.set("record_id", found->record_id);
  return json_answer(200, document);
}

}  // namespace

std::vector<SyncRoute> sync_record_routes() {
  return {{"GET", "/v1/tasks/*/versions", list_api_versions},
          {"POST", "/v1/tasks/*/versions/*/restore", restore_api_version},
          {"GET", "/v1/tasks/*/operations", list_api_operations},
          {"POST", "/v1/tasks/*/sync", ask_api_sync},
          {"GET", "/v1/tasks/*/sync", show_api_sync},
          {"GET", "/v1/operations/*", show_api_operation}};
}

}  // namespace devy::daemon
