#include "daemon/web/gists_api.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/web/login_store.hpp"
#include "core/platform/web/session_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/gists_api_routes.hpp"

namespace devy::daemon {
namespace {

constexpr unsigned gists_asking_threads = 2;
constexpr int gists_asking_max = 50;  // requests that wait for GitHub
constexpr std::uint64_t gists_body_bytes_max = 8UL * 1024;
constexpr std::chrono::seconds health_age_max{10};

std::vector<webhook::AddressRange> ranges_of(const std::vector<std::string>& networks) {
  std::vector<webhook::AddressRange> ranges;
  for (const auto& network : networks) {
    const auto range = webhook::parse_range(network);
    if (!range)
      throw base::Error(base::ErrorKind::config,
                        "unable to use gists.open_networks: '" + network + "' is no network",
                        "Write an address, or a network as in 10.0.0.0/8.");
    ranges.push_back(*range);
  }
  return ranges;
}

std::int64_t steady_seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             base::system_clock().monotonic_now().time_since_epoch())
      .count();
}

// Whether the account that the token names is an operator's.
bool is_operator(pg::Connection& connection, const Caller& caller) {
  constexpr std::string_view site = "api:";
  if (caller.name.starts_with(site))
    return web::is_operator(connection, caller.name.substr(site.size()), std::nullopt);
  return caller.github_id && web::is_operator(connection, "", caller.github_id);
}

}  // namespace

GistsApi::GistsApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
                   std::vector<std::string> origins,
                   web::GithubTokens::MakeTransport make_transport)
    : config_(config),
      sessions_(sessions),
      counters_(counters),
      tokens_(config.github.api_url, github_transports(config, std::move(make_transport)),
              base::system_clock()),
      callers_(config, tokens_, std::move(origins)),
      open_networks_(ranges_of(config.gists.open_networks)),
      table_(gists_routes()),
      github_(gists_asking_threads) {}

std::vector<server::Route> GistsApi::routes() {
  std::vector<server::Route> routes;
  for (const auto& row : table_) {
    // The original's clients send neither a body nor a Content-Length.
    server::Route route{
        row.method, row.path, row.method == "POST" ? gists_body_bytes_max : 0, {}, true};
    route.async_handler = [this, &row](const Request& request, const server::Respond& respond) {
      serve(row, request, respond);
    };
    routes.push_back(std::move(route));
  }
  server::Route alive{"GET", "/health", 0, {}};
  alive.handler = [this](const server::ReceivedRequest&) { return health(); };
  routes.push_back(std::move(alive));
  return routes;
}

http::Response GistsApi::health() {
  if (const auto at = answered_at_.load();
      at < 0 || steady_seconds() - at >= health_age_max.count()) {
    try {
      sessions_.with(
          [](pg::Connection& connection) { static_cast<void>(web::count_sessions(connection)); });
      answered_at_ = steady_seconds();
    } catch (const base::Error&) {
      return server::text_response(503, "Blocked");
    }
  }
  return server::text_response(200, "Alive");
}

void GistsApi::serve(const GistsRoute& route, const Request& request,
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
  if (asking_.fetch_add(1) >= gists_asking_max) {
    --asking_;
    reply(gists_refusal(503, "unavailable"));
    return;
  }
  github_.submit([this, &route, request, reply] {
    auto late = answer(route, *request, true);
    --asking_;
    auto* response = std::get_if<http::Response>(&late);
    reply(response != nullptr ? std::move(*response) : gists_refusal(500, "internal"));
  });
}

std::variant<http::Response, AskGithub> GistsApi::answer(const GistsRoute& route,
                                                         const server::ReceivedRequest& request,
                                                         bool is_waiting_allowed) {
  if (!config_.gists.enabled) return gists_refusal(404, "gists_off");
  std::variant<http::Response, AskGithub> answered;
  const bool is_open = webhook::is_within(open_networks_, sender_of(request).address);
  try {
    sessions_.with([&](pg::Connection& connection) {
      auto found = callers_.identify(request, connection,
                                     {.is_anonymous_allowed = is_open,
                                      .is_waiting_allowed = is_waiting_allowed,
                                      .is_counted = !is_waiting_allowed});
      if (auto* refused = std::get_if<http::Response>(&found)) {
        answered = gists_refusal(std::move(*refused));
        return;
      }
      if (std::holds_alternative<AskGithub>(found)) {
        answered = AskGithub();
        return;
      }
      const auto& caller = std::get<Caller>(found);
      if (route.is_change && !is_open && !is_operator(connection, caller)) {
        answered = gists_refusal(403, "forbidden");
        return;
      }
      GistsCall call{request, caller, is_open, connection, config_};
      answered = route.handler(call);
    });
  } catch (const base::Error& error) {
    return gists_error_answer(error, route.path);
  } catch (const std::exception& error) {
    base::log::error("request failed", {{"path", route.path}, {"error", error.what()}});
    return gists_refusal(500, "internal");
  }
  return answered;
}

}  // namespace devy::daemon
