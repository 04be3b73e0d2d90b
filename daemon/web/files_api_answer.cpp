#include "daemon/web/files_api_answer.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/log.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/json/reader.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/api_answer.hpp"

namespace devy::daemon {
namespace {

using json::Json;

struct CodeStatus {
  std::string_view code;
  int status;
};
constexpr std::array code_statuses{
    CodeStatus{"file_too_large", 413},  CodeStatus{"request_too_large", 413},
    CodeStatus{"too_many_files", 413},  CodeStatus{"quota_exceeded", 413},
    CodeStatus{"name_refused", 422},    CodeStatus{"type_refused", 422},
    CodeStatus{"digest_mismatch", 400}, CodeStatus{"blocked", 403},
    CodeStatus{"storage_full", 507},    CodeStatus{"storage_foreign", 503},
    CodeStatus{"streams_max", 503},     CodeStatus{"content_lost", 503},
    CodeStatus{"upload_busy", 423},     CodeStatus{"upload_gone", 410},
    CodeStatus{"checksum_wrong", 460},  CodeStatus{"unsupported_type", 415},
    CodeStatus{"wrong_node", 503},      CodeStatus{"token_expired", 410},
    CodeStatus{"forbidden", 403},
};

std::string_view code_of_status(int status) {
  switch (status) {
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 429: return "too_many_requests";
    default: return "unavailable";
  }
}

std::string sentence(std::string_view text) {
  auto whole = std::string(text);
  return whole.empty() || whole.ends_with('.') ? whole : whole + ".";
}

}  // namespace

http::Response file_refusal(int status, std::string_view code, std::string_view message,
                            std::string_view hint) {
  auto response = json_answer(
      status, Json::object({{"error", code}, {"message", sentence(message)}, {"hint", hint}}));
  if (status == 401) server::set_header(response, "WWW-Authenticate", "Bearer");
  if (status == 503)
    server::set_header(response, "Retry-After", std::to_string(database_away_seconds));
  return response;
}

http::Response file_error_answer(const base::Error& error, std::string_view path) {
  using base::ErrorKind;
  const auto* found = std::ranges::find(code_statuses, error.code(), &CodeStatus::code);
  if (found != code_statuses.end()) {
    if (found->status >= 500)
      base::log::warning("upload refused", {{"code", error.code()}, {"error", error.text()}});
    return file_refusal(found->status, error.code(), error.text(), error.hint());
  }
  switch (error.kind()) {
    case ErrorKind::usage: return file_refusal(400, "malformed", error.text(), error.hint());
    case ErrorKind::rejected: return file_refusal(400, error.code(), error.text(), error.hint());
    case ErrorKind::conflict: return file_refusal(409, error.code(), error.text(), error.hint());
    case ErrorKind::not_found: return file_refusal(404, "not_found", "there is no such file", "");
    case ErrorKind::busy:
    case ErrorKind::unavailable:
    case ErrorKind::stopped:
      return file_refusal(503, "unavailable", "the database does not answer", "Try again later.");
    default: break;
  }
  base::log::error("request failed",
                   {{"path", path}, {"code", error.code()}, {"error", error.text()}});
  return file_refusal(500, "internal", "something went wrong here",
                      "The log of the server says what.");
}

http::Response malformed_answer(const intake::Malformed& malformed) {
  auto document = Json::object({{"error", "malformed"}});
  const auto messages = Json::array({Json(malformed.message())});
  auto fields = Json::object();
  fields.set(malformed.field(), messages);
  if (malformed.file()) {
    auto files = Json::object();
    files.set(std::to_string(*malformed.file()), fields);
    document.set("files", files);
  } else {
    document.set("message", malformed.message());
  }
  return json_answer(400, document);
}

http::Response caller_refusal(http::Response refused) {
  static constexpr json::Format own_format{
      .name = "an answer of ours", .bytes_max = 64UL * 1024, .depth_max = 4};
  const auto document = json::parse(refused.body, own_format);
  const auto message = document.if_text("message").value_or(document.if_text("error").value_or(""));
  refused.body =
      Json::object({{"error", code_of_status(refused.status)}, {"message", message}, {"hint", ""}})
          .dump() +
      "\n";
  return refused;
}

}  // namespace devy::daemon
