#pragma once
// The API of projects, tasks and comments in the role web (sync.md, section 8). Callers have a
// token of this site or of GitHub whose account is known here.
//
//   GET, POST /v1/projects; GET, PATCH, DELETE /v1/projects/<u>/<slug>
//   PUT, DELETE …/members/<u>; PUT, GET, DELETE …/repositories/<id>; POST …/<id>/sync, …/approve
//   GET, POST …/tasks; GET, PATCH, DELETE /v1/tasks/<id>, /v1/comments/<id>
//   GET, POST /v1/tasks/<id>/comments; GET …/versions, …/operations, …/sync ?after
//   POST …/sync, …/versions/<n>/restore; GET /v1/installations, /v1/operations/<id>
//
// The server's threads call its routes, several at once. GitHub is asked in a thread of its own,
// and only about who calls.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/http/server/pool.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/web/github_tokens.hpp"
#include "core/sync/store/viewer_store.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/api_caller.hpp"
#include "daemon/web/web_counters.hpp"

namespace devy::daemon {

// One request while it is answered. Borrows everything; belongs to the thread that answers.
struct SyncCall {
  const server::ReceivedRequest& request;
  const Caller& caller;
  const sync::KnownViewer& viewer;
  pg::Connection& connection;
  const config::Config& config;
};

struct SyncRoute {
  std::string method, path;
  std::function<http::Response(SyncCall&)> handler;
};

class SyncApi {
 public:
  // Borrows everything but the origins, which are ours as browsers write them. `make_transport`:
  // for GitHub; null: the real one. Throws Error(config) for keys that cannot be read.
  SyncApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
          std::vector<std::string> origins,
          web::GithubTokens::MakeTransport make_transport = nullptr);

  [[nodiscard]] std::vector<server::Route> routes();

 private:
  using Request = std::shared_ptr<const server::ReceivedRequest>;
  void serve(const SyncRoute& route, const Request& request, const server::Respond& respond);
  [[nodiscard]] std::variant<http::Response, AskGithub> answer(
      const SyncRoute& route, const server::ReceivedRequest& request, bool is_waiting_allowed);

  const config::Config& config_;
  SessionPool& sessions_;
  WebCounters& counters_;
  web::GithubTokens tokens_;
  ApiCallers callers_;
  const std::vector<SyncRoute> table_;
  std::atomic<int> asking_{0};
  server::Pool github_;  // declared last, because its jobs use everything above
};

}  // namespace devy::daemon
