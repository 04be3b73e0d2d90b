#include "daemon/web/files_api.hpp"

#include <iterator>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/files_api_answer.hpp"
#include "daemon/web/files_api_content.hpp"
#include "daemon/web/files_api_link.hpp"
#include "daemon/web/files_api_rows.hpp"
#include "daemon/web/files_api_upload.hpp"
#include "daemon/web/files_form.hpp"
#include "daemon/web/files_openapi.hpp"
#include "daemon/web/files_tus.hpp"

namespace devy::daemon {
namespace {

constexpr unsigned asking_threads = 2, waiting_threads = 2;
constexpr int waiting_for_github_max = 50;  // requests

std::vector<FilesRoute> all_file_routes(const config::Files& settings) {
  auto routes = file_upload_routes(settings);
  std::ranges::move(file_row_routes(), std::back_inserter(routes));
  std::ranges::move(file_content_routes(), std::back_inserter(routes));
  std::ranges::move(tus_creation_routes(settings), std::back_inserter(routes));
  std::ranges::move(file_form_routes(settings), std::back_inserter(routes));
  std::ranges::move(file_link_routes(), std::back_inserter(routes));
  return routes;
}

std::optional<web::OwnApp> own_app(const config::Config& config) {
  if (config.files.github_tokens == "any" || config.web.client_id.empty()) return std::nullopt;
  return web::OwnApp{config.web.client_id, base::read_secret_file(config.web.client_secret_file)};
}

// Why it is not known who calls.
std::string_view word_of_refusal(int status) {
  if (status == 401 || status == 403) return "refused";
  return status == 429 ? "limited" : "unavailable";
}

files::Claimant claimant_of(const Caller& caller) {
  files::Claimant claimant;
  claimant.github_user_id = caller.github_id;
  claimant.login = caller.login;
  // "api:alice" and "web:alice" are accounts of this site.
  if (!caller.name.starts_with("github:")) {
    claimant.username = caller.name.substr(caller.name.find(':') + 1);
    claimant.login = claimant.username;
  }
  return claimant;
}

// Hands everything on, and puts the renewed cookie of a session into whatever answer comes.
class CookieSink : public server::BodySink {
 public:
  CookieSink(std::shared_ptr<server::BodySink> sink, std::string token, base::Duration life)
      : sink_(std::move(sink)), token_(std::move(token)), life_(life) {}

  std::optional<http::Response> take(std::string_view slice) override {
    auto response = sink_->take(slice);
    if (response) put_cookie(*response);
    return response;
  }
  http::Response finish() override {
    auto response = sink_->finish();
    put_cookie(response);
    return response;
  }
  void broken(std::string_view reason) noexcept override { sink_->broken(reason); }

 private:
  void put_cookie(http::Response& response) const {
    server::set_cookie(response, {login::session_cookie, token_,
                                  std::chrono::duration_cast<std::chrono::seconds>(life_)});
  }

  const std::shared_ptr<server::BodySink> sink_;
  const std::string token_;
  const base::Duration life_;
};

}  // namespace

void FileCounters::count(const std::string& name, std::int64_t by) {
  const std::lock_guard lock(mutex_);
  numbers_[name] += by;
}

std::map<std::string, std::int64_t> FileCounters::numbers() const {
  const std::lock_guard lock(mutex_);
  return numbers_;
}

FilesApi::FilesApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
                   std::vector<std::string> origins,
                   web::GithubTokens::MakeTransport make_transport)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      tokens_(config.github.api_url, github_transports(config, std::move(make_transport)),
              base::system_clock(), own_app(config)),
      callers_(config, tokens_, std::move(origins)),
      parts_{config,
             sessions,
             receive::Depot(config.files),
             {},
             receive::Uploads(
                 config.files, parts_.depot,
                 [&sessions](const std::function<void(pg::Connection&)>& work) {
                   sessions.with(work);
                 },
                 [this](const std::string& event) { parts_.counters.count(event); }),
             config.files.link_key_file.empty() ? base::Secret()
                                                : token::read_key_file(config.files.link_key_file)},
      creations_(config.files.creations_per_minute),
      table_(all_file_routes(config.files)),
      waiting_(waiting_threads),
      github_(asking_threads) {}

std::map<std::string, std::int64_t> FilesApi::numbers() {
  for (const auto& [name, count] : base::reset_counts())
    if (name.starts_with("s3_requests.")) parts_.counters.count(name, count);
  return parts_.counters.numbers();
}

std::vector<server::Route> FilesApi::routes() {
  // Before the files that any other part of a path names.
  std::vector<server::Route> routes{files_openapi_route()};
  for (const auto& row : table_) {
    server::Route route{row.method, row.path, row.body_bytes_max, {}, row.is_body_optional};
    if (row.open) {
      route.open = [this, &row](const Request& request, const server::Opened& opened) {
        serve(row, request, opened);
      };
    } else {
      route.async_handler = [this, &row](const Request& request, const server::Respond& respond) {
        serve(row, request, [respond](server::Opening opening) {
          respond(std::get<http::Response>(std::move(opening)));
        });
      };
    }
    routes.push_back(std::move(route));
  }
  std::ranges::move(tus_upload_routes(parts_, counters_, waiting_), std::back_inserter(routes));
  std::ranges::move(shared_file_routes(parts_, counters_), std::back_inserter(routes));
  return routes;
}

void FilesApi::serve(const FilesRoute& route, const Request& request, const Reply& reply) {
  const auto begun = base::system_clock().monotonic_now();
  // An upload's own time is that of its sender; it counts with its answer (UploadSink).
  const Reply counted = [this, &route, request, begun, reply](server::Opening opening) {
    auto* response = std::get_if<http::Response>(&opening);
    if (response != nullptr && route.complete) route.complete(*request, *response);
    if (response != nullptr)
      counters_.count(route.path, response->status,
                      std::chrono::duration_cast<std::chrono::microseconds>(
                          base::system_clock().monotonic_now() - begun));
    reply(std::move(opening));
  };
  auto answered = answer(route, *request, false);
  if (auto* opening = std::get_if<server::Opening>(&answered)) {
    counted(std::move(*opening));
    return;
  }
  if (asking_.fetch_add(1) >= waiting_for_github_max) {
    --asking_;
    counted(
        file_refusal(503, "unavailable", "too many others wait for GitHub", "Try again later."));
    return;
  }
  github_.submit([this, &route, request, counted] {
    auto late = answer(route, *request, true);
    --asking_;
    if (auto* opening = std::get_if<server::Opening>(&late)) counted(std::move(*opening));
    else counted(file_refusal(500, "internal", "something went wrong here"));
  });
}

std::optional<http::Response> FilesApi::check_token(const server::ReceivedRequest& request) const {
  auto bearer = request.header("Authorization");
  bearer.remove_prefix(std::min(bearer.find(' ') + 1, bearer.size()));
  if (bearer.empty() || !web::is_github_token(bearer)) return std::nullopt;
  if (bearer.starts_with("ghs_"))
    return file_refusal(403, "forbidden", "a token of an installation is nobody's",
                        "Send a token of a user.");
  // Others are asked about, where GitHub tells this site which of them are its own.
  if (web::is_personal_token(bearer) || config_.files.github_tokens == "any" ||
      !config_.web.client_id.empty())
    return std::nullopt;
  return file_refusal(403, "forbidden", "only personal access tokens are taken here",
                      "Make one at GitHub; it needs no scope.");
}

server::Opening FilesApi::answer_caller(const FilesRoute& route, FilesCall& call) {
  const auto& caller = call.caller;
  if (caller.has_session && !caller.is_form_known && route.session == FilesSession::in_header)
    return caller_refusal(message_answer(
        403, "The request has no token of a page of this site: load the page again."));
  if (!route.open) return route.handler(call);
  if (const auto wait = creations_.take(call.owner.text(), base::system_clock().monotonic_now()))
    return caller_refusal(too_many_answer(*wait));
  auto opening = route.open(call);
  if (caller.renewed_cookie.empty()) return opening;
  const auto life = config_.web.session_life;
  if (auto* response = std::get_if<http::Response>(&opening)) {
    server::set_cookie(*response, {login::session_cookie, caller.renewed_cookie, life});
    return opening;
  }
  return std::make_shared<CookieSink>(std::get<1>(std::move(opening)), caller.renewed_cookie, life);
}

std::variant<server::Opening, AskGithub> FilesApi::answer(const FilesRoute& route,
                                                          const server::ReceivedRequest& request,
                                                          bool is_waiting_allowed) {
  using server::Opening;
  if (!config_.files.enabled)
    return Opening(file_refusal(404, "not_found", "files are switched off here (files.enabled)"));
  if (auto refused = check_token(request)) return Opening(*std::move(refused));
  std::variant<Opening, AskGithub> answered;
  try {
    sessions_.with([&](pg::Connection& connection) {
      auto found = callers_.identify(request, connection,
                                     {.is_session_allowed = route.session != FilesSession::none,
                                      .is_body_later = true,
                                      .is_waiting_allowed = is_waiting_allowed,
                                      .is_counted = !is_waiting_allowed});
      if (auto* refused = std::get_if<http::Response>(&found)) {
        parts_.counters.count("identities." + std::string(word_of_refusal(refused->status)));
        answered = Opening(caller_refusal(std::move(*refused)));
        return;
      }
      if (std::holds_alternative<AskGithub>(found)) {
        answered = AskGithub();
        return;
      }
      const auto& caller = std::get<Caller>(found);
      parts_.counters.count("identities." + caller.name.substr(0, caller.name.find(':')));
      FilesCall call{request, caller, files::find_owner(connection, claimant_of(caller)),
                     connection, parts_};
      answered = answer_caller(route, call);
    });
  } catch (const base::Error& error) {
    return Opening(file_error_answer(error, route.path));
  } catch (const std::exception& error) {
    base::log::error("request failed", {{"path", route.path}, {"error", error.what()}});
    return Opening(file_refusal(500, "internal", "something went wrong here",
                                "The log of the server says what."));
  }
  return answered;
}

}  // namespace devy::daemon
