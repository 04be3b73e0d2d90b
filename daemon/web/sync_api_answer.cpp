#include "daemon/web/sync_api_answer.hpp"

#include <array>

#include "core/platform/base/log.hpp"
#include "core/platform/http/server/response.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/api_answer.hpp"

namespace devy::daemon {
namespace {

using json::Json;

// The field that a code of a wrong value is about.
struct ValueCode {
  const char* code;
  const char* field;
};
constexpr std::array value_codes{
    ValueCode{"title_invalid", "title"},
    ValueCode{"body_invalid", "body"},
    ValueCode{"text_reserved", "body"},
    ValueCode{"label_invalid", "labels"},
    ValueCode{"milestone_invalid", "milestone"},
    ValueCode{"field_invalid", ""},
    ValueCode{"account_unknown", "assignees"},
    ValueCode{"project_slug", "slug"},
    ValueCode{"connection_export", "export"},
    ValueCode{"project_value", ""},
    ValueCode{"project_invalid", ""},
};

const ValueCode* value_code(const std::string& code) {
  for (const auto& known : value_codes)
    if (code == known.code) return &known;
  return nullptr;
}

const char* refusal_code(int status) {
  switch (status) {
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 429: return "too_many_requests";
    default: return "unavailable";
  }
}

SyncRefusal refusal_of(const base::Error& error, const char* otherwise) {
  return {error.code().empty() ? otherwise : error.code(), error.text(), error.hint()};
}

}  // namespace

http::Response sync_refusal(int status, const SyncRefusal& refusal) {
  auto fields = Json::object();
  for (const auto& [field, message] : refusal.fields)
    fields.set(field, message);
  auto response = json_answer(
      status,
      Json::object(
          {{"error", Json::object({{"code", refusal.code},
                                   {"message", refusal.message},
                                   {"hint", refusal.hint.empty() ? Json() : Json(refusal.hint)},
                                   {"fields", fields}})}}));
  if (status == 401) server::set_header(response, "WWW-Authenticate", "Bearer");
  return response;
}

http::Response sync_refusal(http::Response refused) {
  const auto* code = refusal_code(refused.status);
  auto response = sync_refusal(
      refused.status,
      {code,
       refused.status == 401 ? "a token of this site or of GitHub is wanted" : "not now, or not he",
       refused.status == 401 ? "Send Authorization: Bearer." : ""});
  for (const auto& [name, value] : refused.headers)
    if (name != "Content-Type" && name != "WWW-Authenticate")
      server::set_header(response, name, value);
  return response;
}

http::Response sync_error_answer(const base::Error& error, std::string_view path) {
  using base::ErrorKind;
  switch (error.kind()) {
    case ErrorKind::usage: {
      const auto* value = value_code(error.code());
      auto refusal = refusal_of(error, "invalid");
      if (value == nullptr) return sync_refusal(400, refusal);
      if (*value->field != '\0') refusal.fields[value->field] = error.text();
      return sync_refusal(422, refusal);
    }
    case ErrorKind::rejected: return sync_refusal(422, refusal_of(error, "invalid"));
    case ErrorKind::conflict:
      return sync_refusal(error.code() == "version_differs" ? 412 : 409,
                          refusal_of(error, "conflict"));
    case ErrorKind::not_found:
      // Whether it is there is not told apart from whether it may be seen.
      return sync_refusal(404, {"not_found", "there is no such thing", ""});
    case ErrorKind::busy:
    case ErrorKind::unavailable:
    case ErrorKind::stopped: {
      auto response = sync_refusal(
          503, {"unavailable", "the database does not answer", "Try again in some seconds."});
      server::set_header(response, "Retry-After", std::to_string(database_away_seconds));
      return response;
    }
    default: break;
  }
  base::log::error("request failed",
                   {{"path", path}, {"code", error.code()}, {"error", error.text()}});
  return sync_refusal(500, {"internal", "something went wrong here", ""});
}

http::Response no_content_answer() {
  http::Response response;
  response.status = 204;
  return response;
}

http::Response versioned_answer(int status, const json::Json& document, int version) {
  auto response = json_answer(status, document);
  server::set_header(response, "ETag", "\"" + std::to_string(version) + "\"");
  return response;
}

}  // namespace devy::daemon
