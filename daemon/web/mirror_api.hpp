#pragma once
// The mirror's API in the role web (mirror.md, sections 8 and 10): who calls, may he, what he
// wants, and late answers for what takes longer than a thread of the server may wait.
//
//   POST /load/repos/:o/:r, below it /issues[/:n] /pulls[/:n[/files]] /labels[/:name]
//        /milestones[/:n] /hooks[/:id]; /load/user/:u/repos; GET /tasks/status/:id
//   POST /v1/mirror/loads, GET and DELETE /v1/mirror/loads/:id
//   PUT and DELETE /v1/mirror/repositories/:o/:r/hook; POST /install, /uninstall (owner, repo)
//   GET  /v1/mirror/repositories ?cursor ?limit, GET /v1/mirror/changes ?cursor ?limit ?wait
//
// The server's threads call its routes, several at once. GitHub is asked in two threads of its own,
// and only about what a caller may do.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/http/server/pool.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/web/github_tokens.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/api_caller.hpp"
#include "daemon/web/late_answers.hpp"
#include "daemon/web/mirror_access.hpp"
#include "daemon/web/web_counters.hpp"

namespace devy::daemon {

// One request while it is answered. Borrows everything; belongs to the thread that answers.
struct MirrorCall {
  const server::ReceivedRequest& request;
  const Caller& caller;
  pg::Connection& connection;
  const config::Config& config;
  MirrorAccess& access;
  bool is_waiting_allowed = false;  // for GitHub
};

// The answer comes when `look` has one, and after `longest` in any case.
struct LateAnswer {
  LateAnswers::Look look;
  std::chrono::seconds longest;
};
using MirrorAnswer = std::variant<http::Response, AskGithub, LateAnswer>;

struct MirrorRoute {
  std::string method, path;
  std::uint64_t body_bytes_max = 0;
  // Changes nothing before it knows that the caller may; may be called twice for one request.
  std::function<MirrorAnswer(MirrorCall&)> handler;
  bool takes_session = false;  // a form of a page of ours, of somebody who is logged in
};

class MirrorApi {
 public:
  // Borrows everything but the origins, which are ours as browsers write them. `make_transport`:
  // for GitHub; null: the real one. Throws Error(config) for keys that cannot be read.
  MirrorApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
            std::vector<std::string> origins,
            web::GithubTokens::MakeTransport make_transport = nullptr);

  [[nodiscard]] std::vector<server::Route> routes();
  // Answers whoever waits, since the server ends.
  void end_waits() { late_.end_waits(); }

 private:
  using Request = std::shared_ptr<const server::ReceivedRequest>;
  void serve(const MirrorRoute& route, const Request& request, const server::Respond& respond);
  [[nodiscard]] MirrorAnswer answer(const MirrorRoute& route,
                                    const server::ReceivedRequest& request, bool is_waiting_allowed,
                                    std::string& renewed_cookie);
  void finish(const MirrorRoute& route, MirrorAnswer answer, const server::Respond& respond);

  const config::Config& config_;
  SessionPool& sessions_;
  WebCounters& counters_;
  web::GithubTokens tokens_;
  ApiCallers callers_;
  MirrorAccess access_;
  const std::vector<MirrorRoute> table_;
  LateAnswers late_;
  std::atomic<int> asking_{0};
  server::Pool github_;  // declared last, because its jobs use everything above
};

}  // namespace devy::daemon
