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

http::Response comment_answer(SyncCall& call, int status, const std::string& id) {
  const auto comment = sync::find_comment(call.connection, id).value();
  const auto state = sync::read_states(call.connection, {id}, call.config.sync.write_gap).at(id);
  return versioned_answer(status,
                          sync::comment_json(comment, state, "https://" + call.config.github.host),
                          comment.version);
}

http::Response list_api_comments(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  const auto wish = read_page_wish(call.request);
  const auto page = sync::list_comments(call.connection, seen.task.id, wish.cursor, wish.limit);
  std::vector<std::string> ids;
  for (const auto& comment : page.comments)
    ids.push_back(comment.id);
  const auto states = sync::read_states(call.connection, ids, call.config.sync.write_gap);
  const auto site = "https://" + call.config.github.host;
  auto comments = json::json_array(page.comments, [&](const sync::Comment& comment) {
    return sync::comment_json(comment, states.at(comment.id), site);
  });
  return json_answer(200,
                     Json::object({{"comments", comments},
                                   {"cursor", page.cursor.empty() ? Json() : Json(page.cursor)}}));
}

http::Response add_api_comment(SyncCall& call) {
  const auto seen = seen_task(call.connection, call.request.path_values[0], call.viewer);
  if (!seen.rights.adds)
    return sync_refusal(403, {"forbidden", "only members of the project comment", ""});
  const auto body = read_sync_body(call.request, {"body"});
  const auto added = sync::add_comment(
      call.connection,
      {seen.task.id, *call.viewer.account_id, body.text("body"), request_key(call.request)});
  queue::wake_workers(call.connection);
  auto response = comment_answer(call, 201, added.id);
  response.headers.emplace_back("Location", "/v1/comments/" + added.id);
  return response;
}

http::Response show_api_comment(SyncCall& call) {
  const auto seen = seen_comment(call.connection, call.request.path_values[0], call.viewer);
  return comment_answer(call, 200, seen.comment.id);
}

http::Response edit_api_comment(SyncCall& call) {
  const auto seen = seen_comment(call.connection, call.request.path_values[0], call.viewer);
  if (!may_edit(seen.comment, call.viewer))
    return sync_refusal(403, {"forbidden", "only its author changes it", ""});
  const auto version = expected_version(call.request);
  if (!version)
    return sync_refusal(428, {"condition_missing", "the version that is changed is not said",
                              "Send the ETag that you have as If-Match."});
  const auto body = read_sync_body(call.request, {"body"});
  try {
    static_cast<void>(sync::edit_comment(call.connection, seen.comment.id, call.viewer.account_id,
                                         *version, body.text("body")));
  } catch (const base::Error& error) {
    if (error.code() != "version_differs") throw;
    return comment_answer(call, 412, seen.comment.id);
  }
  queue::wake_workers(call.connection);
  return comment_answer(call, 200, seen.comment.id);
}

http::Response delete_api_comment(SyncCall& call) {
  const auto seen = seen_comment(call.connection, call.request.path_values[0], call.viewer);
  if (!may_edit(seen.comment, call.viewer))
    return sync_refusal(403, {"forbidden", "only its author deletes it", ""});
  pg::Transaction transaction(call.connection);
  static_cast<void>(sync::delete_comment(call.connection, seen.comment.id, call.viewer.account_id,
                                         expected_version(call.request)));
  note_sync_act(call, "comment.delete", seen.comment.id);
  transaction.commit();
  queue::wake_workers(call.connection);
  return no_content_answer();
}

}  // namespace

std::vector<SyncRoute> sync_comment_routes() {
  return {{"GET", "/v1/tasks/*/comments", list_api_comments},
          {"POST", "/v1/tasks/*/comments", add_api_comment},
          {"GET", "/v1/comments/*", show_api_comment},
          {"PATCH", "/v1/comments/*", edit_api_comment},
          {"DELETE", "/v1/comments/*", delete_api_comment}};
}

}  // namespace devy::daemon
