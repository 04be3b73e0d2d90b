#include "daemon/web/gists_api_routes.hpp"

#include <algorithm>

#include "core/gists/store/user_store.hpp"
#include "core/gists/store/visit_store.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/json/reader.hpp"
#include "core/platform/web/audit_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/api_answer.hpp"

namespace devy::daemon {
namespace {

using json::Json;

constexpr std::size_t key_bytes_max = 255;

constexpr json::Format new_user_format{.name = "the body",
                                       .bytes_max = 8UL * 1024,
                                       .depth_max = 4,
                                       .kind = base::ErrorKind::usage,
                                       .code = "invalid_body"};

// A number where it can be one that no reader of JSON rounds.
Json original_id(const std::string& id) {
  constexpr std::size_t digits_max = 15;
  const bool is_number = !id.empty() && id.size() <= digits_max && id.front() != '0' &&
                         id.find_first_not_of("0123456789") == std::string::npos;
  if (is_number) return {std::stoll(id)};
  return {id};
}

Json original_user(const std::string& login, const std::string& id) {
  return Json::object({{"login", login}, {"id", original_id(id)}});
}

std::string visitor_of(const GistsCall& call) {
  const auto& caller = call.caller;
  if (caller.is_anonymous()) return "anonymous";
  if (!caller.token_key.empty())
    return "token:" + caller.token_key + "/" + caller.name.substr(caller.name.find(':') + 1);
  return "github:" + std::to_string(caller.github_id.value_or(0));
}

void note_act(GistsCall& call, const char* act, const std::string& login) {
  web::record_act(call.connection, {.actor = call.caller.name,
                                    .address = sender_of(call.request).address,
                                    .act = act,
                                    .target = login});
}

// The status of an answer about a user who is to be tracked; 0: it cannot be.
struct Tracked {
  int status = 0;
  const char* code = "";
  gists::User user;
};
Tracked track(GistsCall& call, const gists::NewUser& user) {
  if (!gists::is_login(user.login)) return {400, "invalid_login", {}};
  if (user.external_id && !gists::is_external_id(*user.external_id)) return {400, "invalid_id", {}};
  const auto added = gists::add_user(call.connection, user, call.config.gists.users_max);
  switch (added.result) {
    case gists::Added::login_tracked: return {409, "login_tracked", {}};
    case gists::Added::id_taken: return {409, "id_taken", {}};
    case gists::Added::too_many: return {409, "too_many_users", {}};
    case gists::Added::added:
    case gists::Added::known: break;
  }
  const bool is_added = added.result == gists::Added::added;
  note_act(call, "gist.track", user.login);
  return {is_added ? 201 : 200, "", gists::find_user(call.connection, *added.id).value()};
}

// ---- the original's

http::Response list_original(GistsCall& call) {
  auto document = Json::array();
  for (const auto& user : gists::list_users(call.connection))
    document.push(original_user(user.login, user.external_id));
  return json_answer(200, document);
}

http::Response add_original(GistsCall& call) {
  const auto& values = call.request.path_values;
  const auto tracked = track(call, {values[0], values[1], {}, call.caller.name});
  if (*tracked.code != '\0') return gists_refusal(tracked.status, tracked.code);
  return json_answer(tracked.status, original_user(tracked.user.login, tracked.user.external_id));
}

http::Response visit_original(GistsCall& call) {
  const auto session = gists::visit(
      call.connection,
      {call.request.path_values[0], visitor_of(call), false, {}, gists::visit_files_max});
  if (!session) return gists_refusal(404, "not_tracked");
  auto document = json::json_array(session->files, [](const gists::NewsFile& file) {
    return Json::object({{"id", file.gist},
                         {"owner", file.owner},
                         {"filename", file.filename},
                         {"raw_url", file.raw_url}});
  });
  auto response = json_answer(200, document);
  server::set_header(response, "Devy-Session", std::to_string(session->id));
  return response;
}

// ---- ours

http::Response list_tracked(GistsCall& call) {
  return json_answer(
      200, Json::object(
               {{"users", json::json_array(gists::list_users(call.connection), gists::user_json)},
                {"cursor", nullptr}}));
}

http::Response add_tracked(GistsCall& call) {
  const auto body = json::parse(call.request.body, new_user_format);
  gists::NewUser user{body.text("login"), {}, {}, call.caller.name};
  if (const auto number = body.if_integer("id")) user.external_id = std::to_string(*number);
  else user.external_id = body.maybe_text("id");
  if (const auto since = body.maybe_text("since")) {
    user.since = base::parse_rfc3339(*since);
    if (!user.since) return gists_refusal(400, "invalid_since");
  }
  const auto tracked = track(call, user);
  if (*tracked.code != '\0') return gists_refusal(tracked.status, tracked.code);
  return json_answer(tracked.status, gists::user_json(tracked.user));
}

http::Response remove_tracked(GistsCall& call) {
  const auto& login = call.request.path_values[0];
  if (!gists::remove_user(call.connection, login, false)) return gists_refusal(404, "not_tracked");
  note_act(call, "gist.untrack", login);
  http::Response response;
  response.status = 204;
  return response;
}

http::Response begin_visit(GistsCall& call) {
  gists::Visit visit{
      call.request.path_values[0], visitor_of(call), false, {}, gists::visit_files_max};
  const auto edits = server::read_query(call.request).text("edits");
  if (edits && *edits != "true" && *edits != "false") return gists_refusal(400, "invalid_edits");
  visit.has_edits = edits == "true";
  const auto key = call.request.header("Idempotency-Key");
  if (key.size() > key_bytes_max) return gists_refusal(400, "invalid_key");
  if (!key.empty()) visit.key = std::string(key);
  const auto session = gists::visit(call.connection, visit);
  if (!session) return gists_refusal(404, "not_tracked");
  return json_answer(201, gists::session_json(*session));
}

http::Response show_visit(GistsCall& call) {
  constexpr std::size_t digits_max = 18;
  const auto& values = call.request.path_values;
  const bool is_number = !values[1].empty() && values[1].size() <= digits_max &&
                         values[1].find_first_not_of("0123456789") == std::string::npos;
  const auto session = is_number ? gists::find_session(call.connection, values[0], visitor_of(call),
                                                       std::stoll(values[1]))
                                 : std::nullopt;
  if (!session) return gists_refusal(404, "not_found");
  return json_answer(200, gists::session_json(*session));
}

}  // namespace

std::vector<GistsRoute> gists_routes() {
  return {{"GET", "/users", list_original},
          {"POST", "/users/*/*", add_original, true},
          {"POST", "/latestgists/*", visit_original},
          {"GET", "/v1/gists/users", list_tracked},
          {"POST", "/v1/gists/users", add_tracked, true},
          {"DELETE", "/v1/gists/users/*", remove_tracked, true},
          {"POST", "/v1/gists/users/*/visits", begin_visit},
          {"GET", "/v1/gists/users/*/visits/*", show_visit}};
}

http::Response gists_refusal(int status, std::string_view code) {
  return json_answer(status, Json::object({{"error", code}}));
}

http::Response gists_refusal(http::Response refused) {
  const char* code = "unavailable";
  if (refused.status == 401) code = "unauthorized";
  if (refused.status == 403) code = "forbidden";
  if (refused.status == 429) code = "too_many_requests";
  refused.body = Json::object({{"error", code}}).dump() + "\n";
  return refused;
}

http::Response gists_error_answer(const base::Error& error, std::string_view path) {
  using base::ErrorKind;
  switch (error.kind()) {
    case ErrorKind::usage: return gists_refusal(400, "invalid_request");
    case ErrorKind::busy:
    case ErrorKind::unavailable:
    case ErrorKind::stopped: {
      auto response = gists_refusal(503, "unavailable");
      server::set_header(response, "Retry-After", std::to_string(database_away_seconds));
      return response;
    }
    default: break;
  }
  base::log::error("request failed",
                   {{"path", path}, {"code", error.code()}, {"error", error.text()}});
  return gists_refusal(500, "internal");
}

}  // namespace devy::daemon
