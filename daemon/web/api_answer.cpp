#include "daemon/web/api_answer.hpp"

#include "core/platform/base/log.hpp"
#include "core/platform/http/server/response.hpp"
#include "daemon/serving/session_pool.hpp"

namespace devy::daemon {
namespace {

std::string sentence_of(const base::Error& error) {
  auto text = error.text() + ".";
  if (!error.hint().empty()) text += " " + error.hint();
  return text;
}

}  // namespace

http::Response json_answer(int status, const json::Json& document) {
  http::Response response;
  response.status = status;
  response.body = document.dump() + "\n";
  return response;
}

http::Response message_answer(int status, std::string_view message) {
  auto response = json_answer(status, json::Json::object({{"message", message}}));
  if (status == 401) server::set_header(response, "WWW-Authenticate", "Bearer");
  return response;
}

http::Response too_many_answer(int seconds) {
  auto response = message_answer(
      429, "These are too many requests. Try again in " + std::to_string(seconds) + " seconds.");
  server::set_header(response, "Retry-After", std::to_string(seconds));
  return response;
}

http::Response later_answer(std::string_view what, int seconds) {
  const auto wait = std::to_string(seconds);
  auto response = json_answer(
      503,
      json::Json::object({{"error", std::string(what) + " Try again in " + wait + " seconds."}}));
  server::set_header(response, "Retry-After", wait);
  return response;
}

http::Response error_answer(const base::Error& error, std::string_view path) {
  using base::ErrorKind;
  switch (error.kind()) {
    case ErrorKind::usage: return message_answer(400, sentence_of(error));
    case ErrorKind::conflict:
      return json_answer(
          409, json::Json::object({{"message", sentence_of(error)}, {"code", error.code()}}));
    case ErrorKind::not_found: return message_answer(404, "Not found.");
    case ErrorKind::busy:
    case ErrorKind::unavailable:
    case ErrorKind::stopped:
      return later_answer("The database does not answer.", database_away_seconds);
    default: break;
  }
  base::log::error("request failed",
                   {{"path", path}, {"code", error.code()}, {"error", error.text()}});
  return message_answer(500, "Something went wrong here. The log of the server says what.");
}

}  // namespace devy::daemon
