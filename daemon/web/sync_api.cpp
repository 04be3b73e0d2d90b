#include "daemon/web/sync_api.hpp"

#include <algorithm>
#include <iterator>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "daemon/web/sync_api_answer.hpp"
#include "daemon/web/sync_api_routes.hpp"
#include "daemon/web/sync_openapi.hpp"

namespace devy::daemon {
namespace {

constexpr unsigned sync_asking_threads = 1;
constexpr int sync_asking_max = 50;  // requests that wait for GitHub
// A text of 65 000 characters, each of up to four bytes, or written as an escape of six.
constexpr std::uint64_t sync_body_bytes_max = 512UL * 1024;

std::vector<SyncRoute> all_sync_routes() {
  auto routes = sync_project_routes();
  for (auto more :
       {sync_connection_routes(), sync_task_routes(), sync_comment_routes(), sync_record_routes()})
    std::ranges::move(more, std::back_inserter(routes));
  return routes;
}

sync::KnownViewer viewer_of(pg::Connection& connection, const Caller& caller) {
  constexpr std::string_view site = "api:";
  const auto username =
      caller.name.starts_with(site) ? caller.name.substr(site.size()) : std::string();
  return sync::find_viewer(connection, username, caller.github_id);
}

}  // namespace

SyncApi::SyncApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
                 std::vector<std::string> origins, web::GithubTokens::MakeTransport make_transport)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      tokens_(config.github.api_url, github_transports(config, std::move(make_transport)),
              base::system_clock()),
      callers_(config, tokens_, std::move(origins)),
      table_(all_sync_routes()),
      github_(sync_asking_threads) {}

std::vector<server::Route> SyncApi::routes() {
  std::vector<server::Route> routes;
  for (const auto& row : table_) {
    const bool has_body = row.method != "GET" && row.method != "DELETE";
    server::Route route{row.method, row.path, has_body ? sync_body_bytes_max : 0, {}, true};
    route.async_handler = [this, &row](const Request& request, const server::Respond& respond) {
      serve(row, request, respond);
    };
    routes.push_back(std::move(route));
  }
  routes.push_back(sync_openapi_route());
  return routes;
}

void SyncApi::serve(const SyncRoute& route, const Request& request,
                    const server::Respond& respond) {
  const auto begun = base::system_clock().monotonic_now();
  const server::Respond reply = [this, &route, begun, respond](http::Response response) {
    const auto took = base::system_clock().monotonic_now() - begun;
    counters_.count(route.path, response.status,
                    std::chrono::duration_cast<std::chrono::microseconds>(took));
    respond(std::move(response));
  };
  auto answered = answer(route, *request, false);
  if (auto* response = std::get_if<http::Response>(&answered)) {
    reply(std::move(*response));
    return;
  }
  if (asking_.fetch_add(1) >= sync_asking_max) {
    --asking_;
    reply(sync_refusal(
        503, {"unavailable", "too many others wait for GitHub", "Try again in some seconds."}));
    return;
  }
  github_.submit([this, &route, request, reply] {
    auto late = answer(route, *request, true);
    --asking_;
    auto* response = std::get_if<http::Response>(&late);
    reply(response != nullptr ? std::move(*response)
                              : sync_refusal(500, {"internal", "something went wrong here", ""}));
  });
}

std::variant<http::Response, AskGithub> SyncApi::answer(const SyncRoute& route,
                                                        const server::ReceivedRequest& request,
                                                        bool is_waiting_allowed) {
  if (!config_.sync.enabled)
    return sync_refusal(404, {"sync_off", "sync is switched off here", ""});
  std::variant<http::Response, AskGithub> answered;
  try {
    sessions_.with([&](pg::Connection& connection) {
      auto found = callers_.identify(
          request, connection,
          {.is_waiting_allowed = is_waiting_allowed, .is_counted = !is_waiting_allowed});
      if (auto* refused = std::get_if<http::Response>(&found)) {
        answered = sync_refusal(std::move(*refused));
        return;
      }
      if (std::holds_alternative<AskGithub>(found)) {
        answered = AskGithub();
        return;
      }
      const auto& caller = std::get<Caller>(found);
      const auto viewer = viewer_of(connection, caller);
      if (!viewer.account_id) {
        answered = sync_refusal(403, {"account_unknown", "whoever calls has no account here",
                                      "Log in at the site once."});
        return;
      }
      SyncCall call{request, caller, viewer, connection, config_};
      answered = route.handler(call);
    });
  } catch (const base::Error& error) {
    return sync_error_answer(error, route.path);
  } catch (const std::exception& error) {
    base::log::error("request failed", {{"path", route.path}, {"error", error.what()}});
    return sync_refusal(500, {"internal", "something went wrong here", ""});
  }
  return answered;
}

}  // namespace devy::daemon
