#include "daemon/web/mirror_api.hpp"

#include <iterator>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/mirror_api_hooks.hpp"
#include "daemon/web/mirror_api_lists.hpp"
#include "daemon/web/mirror_api_loads.hpp"

namespace devy::daemon {
namespace {

constexpr unsigned github_threads = 2;
constexpr int asking_max = 50;  // requests that wait for one of them
constexpr int asking_busy_seconds = 10;

std::vector<MirrorRoute> all_routes() {
  auto routes = mirror_load_routes();
  std::ranges::move(mirror_list_routes(), std::back_inserter(routes));
  std::ranges::move(mirror_hook_routes(), std::back_inserter(routes));
  return routes;
}

}  // namespace

MirrorApi::MirrorApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
                     std::vector<std::string> origins,
                     web::GithubTokens::MakeTransport make_transport)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      tokens_(config.github.api_url, github_transports(config, std::move(make_transport)),
              base::system_clock()),
      callers_(config, tokens_, std::move(origins)),
      access_(config, tokens_),
      table_(all_routes()),
      late_(sessions),
      github_(github_threads) {}

std::vector<server::Route> MirrorApi::routes() {
  std::vector<server::Route> routes;
  for (const auto& row : table_) {
    server::Route route{row.method, row.path, row.body_bytes_max, {}};
    route.is_body_optional = row.body_bytes_max == 0;
    route.async_handler = [this, &row](const Request& request, const server::Respond& respond) {
      serve(row, request, respond);
    };
    routes.push_back(std::move(route));
  }
  return routes;
}

void MirrorApi::serve(const MirrorRoute& route, const Request& request,
                      const server::Respond& respond) {
  const auto begun = base::system_clock().monotonic_now();
  // A session's new token goes with whichever answer there is.
  const auto renewed = std::make_shared<std::string>();
  const server::Respond reply = [this, &route, begun, renewed, respond](http::Response response) {
    if (!renewed->empty())
      server::set_cookie(response, {login::session_cookie, *renewed, config_.web.session_life});
    const auto took = base::system_clock().monotonic_now() - begun;
    counters_.count(route.path, response.status,
                    std::chrono::duration_cast<std::chrono::microseconds>(took));
    respond(std::move(response));
  };
  auto answered = answer(route, *request, false, *renewed);
  if (!std::holds_alternative<AskGithub>(answered)) {
    finish(route, std::move(answered), reply);
    return;
  }
  if (asking_.fetch_add(1) >= asking_max) {
    --asking_;
    reply(later_answer("Too many others wait for GitHub.", asking_busy_seconds));
    return;
  }
  github_.submit([this, &route, request, renewed, reply] {
    auto late = answer(route, *request, true, *renewed);
    --asking_;
    finish(route, std::move(late), reply);
  });
}

MirrorAnswer MirrorApi::answer(const MirrorRoute& route, const server::ReceivedRequest& request,
                               bool is_waiting_allowed, std::string& renewed_cookie) {
  if (!config_.mirror.enabled)
    return message_answer(404, "The mirror is switched off here (mirror.enabled).");
  MirrorAnswer answered;
  try {
    sessions_.with([&](pg::Connection& connection) {
      auto found = callers_.identify(request, connection,
                                     {.is_anonymous_allowed = config_.mirror.anonymous_load,
                                      .is_session_allowed = route.takes_session,
                                      .is_waiting_allowed = is_waiting_allowed,
                                      .is_counted = !is_waiting_allowed});
      if (auto* refused = std::get_if<http::Response>(&found)) {
        answered = std::move(*refused);
      } else if (std::holds_alternative<AskGithub>(found)) {
        answered = AskGithub();
      } else {
        const auto& cookie = std::get<Caller>(found).renewed_cookie;
        if (!cookie.empty()) renewed_cookie = cookie;
        MirrorCall call{request, std::get<Caller>(found), connection, config_,
                        access_, is_waiting_allowed};
        answered = route.handler(call);
      }
    });
  } catch (const base::Error& error) {
    return error_answer(error, route.path);
  } catch (const std::exception& error) {
    base::log::error("request failed", {{"path", route.path}, {"error", error.what()}});
    return message_answer(500, "Something went wrong here. The log of the server says what.");
  }
  return answered;
}

void MirrorApi::finish(const MirrorRoute& route, MirrorAnswer answer,
                       const server::Respond& respond) {
  if (auto* response = std::get_if<http::Response>(&answer)) {
    respond(std::move(*response));
    return;
  }
  if (!std::holds_alternative<LateAnswer>(answer)) {
    respond(message_answer(500, "Something went wrong here."));
    return;
  }
  auto& late = std::get<LateAnswer>(answer);
  const auto look = late.look;
  if (late_.add({std::move(late.look), route.path,
                 base::system_clock().monotonic_now() + late.longest, respond}))
    return;
  // Too many wait: this one gets what there is now.
  http::Response response;
  try {
    sessions_.with([&](pg::Connection& connection) { response = look(connection, true).value(); });
  } catch (const base::Error& error) {
    response = error_answer(error, route.path);
  }
  respond(std::move(response));
}

}  // namespace devy::daemon
