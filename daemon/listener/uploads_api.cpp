#include "daemon/listener/uploads_api.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"
#include "core/platform/snapshot/object_id.hpp"
#include "core/platform/token/token_store.hpp"
#include "core/publishing/store/upload_json.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "daemon/listener/sender_check.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::uint64_t body_bytes_max = std::uint64_t{16} * 1024;
constexpr json::Format body_format{.name = "the request", .bytes_max = body_bytes_max};
constexpr std::size_t key_bytes_max = 128, reason_bytes_max = 500;

std::string_view bearer_of(const server::ReceivedRequest& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto value = request.header("Authorization");
  if (value.size() <= scheme.size() || !base::is_same_word(value.substr(0, scheme.size()), scheme))
    return {};
  return value.substr(scheme.size());
}

// Visible ASCII: it becomes a part of a key in the database.
bool is_idempotency_key(std::string_view text) {
  return text.size() <= key_bytes_max &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

std::optional<std::string> optional_text(const json::Value& object, const char* name) {
  auto text = object.maybe_text(name);
  if (text &&
      (text->empty() || text->size() > reason_bytes_max || base::has_control_character(*text)))
    object.refuse(name, "a line of text");
  return text;
}

// Runs on the request's own session, before any other query.
bool is_denied(pg::Connection& connection, const token::Claims& claims) {
  return !claims.id.empty() && token::is_token_denied(connection, claims.id);
}

// An empty body, or {"ref"?, "commit"?, "reason"?}. Nothing for anything else.
std::optional<publishing::UploadRequest> read_body(const std::string& body) {
  publishing::UploadRequest asked;
  asked.source = queue::Source::api;
  if (body.empty()) return asked;
  try {
    const auto object = json::parse(body, body_format);
    if (!object.is_object()) return std::nullopt;
    for (const auto& [name, value] : object.members())
      if (name != "ref" && name != "commit" && name != "reason") return std::nullopt;
    asked.ref = optional_text(object, "ref");
    asked.commit = optional_text(object, "commit");
    asked.reason = optional_text(object, "reason").value_or("");
  } catch (const Error&) {
    // The response is the same whatever is wrong with the document.
    return std::nullopt;
  }
  if (asked.commit && !snapshot::is_object_id(*asked.commit)) return std::nullopt;
  return asked;
}

}  // namespace

UploadsApi::UploadsApi(const config::Config& config, SessionPool& sessions,
                       ListenerCounters& counters)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      keys_(config.api.keys, config.api.jwks_file),
      accounts_(config.api.account_requests_per_minute),
      strangers_(config.api.account_requests_per_minute) {}

std::vector<server::Route> UploadsApi::routes() {
  return {
      {"POST", "/v1/uploads/*/*", body_bytes_max,
       [this](const server::ReceivedRequest& request) {
         return guarded(request, &UploadsApi::record);
       },
       true},
      {"GET", "/v1/uploads/*", 0,
       [this](const server::ReceivedRequest& request) {
         return guarded(request, &UploadsApi::show);
       }},
  };
}

http::Response UploadsApi::refuse(int status, const std::string& reason) {
  counters_.count_refusal("api_" + reason);
  http::Response response;
  response.status = status;
  response.body = "{\"error\":\"" + reason + "\"}\n";
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 503)
    response.headers.emplace_back("Retry-After", std::to_string(database_away_seconds));
  return response;
}

http::Response UploadsApi::guarded(const server::ReceivedRequest& request, Act act) {
  const auto now = base::system_clock().monotonic_now();
  const auto too_many = [&](int wait) {
    auto response = refuse(429, "too_many_requests");
    response.headers.emplace_back("Retry-After", std::to_string(wait));
    return response;
  };
  const auto token = bearer_of(request);
  token::Claims claims;
  try {
    if (token.empty()) return refuse(401, "token_missing");
    const token::Rules rules{config_.api.issuer, config_.api.audience, config_.api.leeway,
                             config_.api.token_life_max};
    claims = token::verify(token, *keys_.keys(now), rules, base::system_clock().now());
  } catch (const Error& error) {
    // Guessing is slow; the owner behind the same address has an allowance of their own.
    if (const auto wait = strangers_.take(sender_of(request).network, now)) return too_many(*wait);
    return refuse(401, error.code());
  }
  if (const auto wait = accounts_.take(claims.subject, now)) return too_many(*wait);
  try {
    return (this->*act)(request, claims);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found) return refuse(404, "not_found");
    base::log::warning("request failed", {{"path", request.path},
                                          {"subject", claims.subject},
                                          {"code", error.code()},
                                          {"error", error.text()}});
    return base::is_passing(error.kind()) ? refuse(503, "database_unavailable")
                                          : refuse(500, "internal");
  }
}

http::Response UploadsApi::record(const server::ReceivedRequest& request,
                                  const token::Claims& claims) {
  const auto& username = request.path_values.at(0);
  // This is checked before anything is looked up: nobody may learn which blogs others have.
  if (username != claims.subject) return refuse(403, "not_the_owner");
  auto asked = read_body(request.body);
  if (!asked) return refuse(400, "malformed_body");
  const auto key = request.header("Idempotency-Key");
  if (!is_idempotency_key(key)) return refuse(400, "malformed_key");
  if (!key.empty()) asked->idempotency_key = "api:" + std::string(key);
  asked->requested_by = claims.subject;
  asked->max_attempts = static_cast<int>(config_.queue.max_attempts);
  std::optional<queue::Ingested> recorded;
  bool is_revoked = false;
  sessions_.with([&](pg::Connection& connection) {
    is_revoked = is_denied(connection, claims);
    if (is_revoked) return;
    const auto blog = publishing::find_blog(connection, username + "/" + request.path_values.at(1));
    if (blog.is_connected) recorded = publishing::record_upload(connection, blog, *asked);
  });
  if (is_revoked) return refuse(401, "token_revoked");
  if (!recorded || recorded->state == queue::State::disabled) return refuse(409, "blog_disabled");
  const auto& id = recorded->id.text();
  base::log::info("upload recorded", {{"operation", id},
                                      {"blog", request.path_values.at(1)},
                                      {"by", claims.subject},
                                      {"is_new", recorded->is_new}});
  http::Response response;
  response.status = 201;
  response.headers.emplace_back("Location", "/v1/uploads/" + id);
  response.body =
      json::Json::object(
          {{"id", id}, {"state", queue::to_string(recorded->state)}, {"url", "/v1/uploads/" + id}})
          .dump() +
      "\n";
  return response;
}

http::Response UploadsApi::show(const server::ReceivedRequest& request,
                                const token::Claims& claims) {
  const auto id = base::UploadId::parse(request.path_values.at(0));
  if (!id) return refuse(404, "not_found");
  std::optional<publishing::Upload> upload;
  bool is_revoked = false;
  sessions_.with([&](pg::Connection& connection) {
    is_revoked = is_denied(connection, claims);
    if (!is_revoked) upload = publishing::load_upload(connection, *id);
  });
  if (is_revoked) return refuse(401, "token_revoked");
  // Another's upload is as if it were not there.
  if (!upload->blog.starts_with(claims.subject + "/")) return refuse(404, "not_found");
  http::Response response;
  response.body = publishing::upload_json(*upload).dump() + "\n";
  return response;
}

}  // namespace devy::daemon
