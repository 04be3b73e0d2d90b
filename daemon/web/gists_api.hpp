#pragma once
// The API of gists in the role web (gists.md, "Routes"), those of the original first:
//
//   GET  /users; POST /users/<login>/<id>; GET /health; POST /latestgists/<login>
//   GET, POST /v1/gists/users; DELETE /v1/gists/users/<login>
//   POST /v1/gists/users/<login>/visits ?edits, Idempotency-Key; GET …/visits/<n>
//
// Senders in gists.open_networks need no token, may track users, and are one visitor, "anonymous".
// The server's threads call its routes, several at once. GitHub is asked in two threads of its own,
// and only about who calls.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/http/server/pool.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/web/github_tokens.hpp"
#include "core/platform/webhook/address_range.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/api_caller.hpp"
#include "daemon/web/web_counters.hpp"

namespace devy::daemon {

// One request while it is answered. Borrows everything; belongs to the thread that answers.
struct GistsCall {
  const server::ReceivedRequest& request;
  const Caller& caller;
  bool is_open = false;  // from an open network, without a token
  pg::Connection& connection;
  const config::Config& config;
};

struct GistsRoute {
  std::string method, path;
  std::function<http::Response(GistsCall&)> handler;
  bool is_change = false;  // of who is tracked: open networks and operators alone
};

class GistsApi {
 public:
  // Borrows everything but the origins, which are ours as browsers write them. `make_transport`:
  // for GitHub; null: the real one. Throws Error(config) for keys that cannot be read, and for a
  // network that is none.
  GistsApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
           std::vector<std::string> origins,
           web::GithubTokens::MakeTransport make_transport = nullptr);

  [[nodiscard]] std::vector<server::Route> routes();

 private:
  using Request = std::shared_ptr<const server::ReceivedRequest>;
  void serve(const GistsRoute& route, const Request& request, const server::Respond& respond);
  [[nodiscard]] std::variant<http::Response, AskGithub> answer(
      const GistsRoute& route, const server::ReceivedRequest& request, bool is_waiting_allowed);
  [[nodiscard]] http::Response health();

  const config::Config& config_;
  SessionPool& sessions_;
  WebCounters& counters_;
  web::GithubTokens tokens_;
  ApiCallers callers_;
  const std::vector<webhook::AddressRange> open_networks_;
  const std::vector<GistsRoute> table_;
  std::atomic<std::int64_t> answered_at_{-1};  // seconds of the steady clock; -1: never
  std::atomic<int> asking_{0};
  server::Pool github_;  // declared last, because its jobs use everything above
};

}  // namespace devy::daemon
