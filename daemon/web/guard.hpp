#pragma once
// Stands before every page: who is asking, may he, does an act come from our own pages, is he
// asking too often; and behind it: the headers that pages carry, and a page for each error. Source
// of the rules: web.md, "Who".
//
// The server's threads call it, several at once.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/http/server/pool.hpp"
#include "core/platform/http/server/server.hpp"
#include "daemon/serving/rate_limit.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/page.hpp"
#include "daemon/web/queue_snapshot.hpp"
#include "daemon/web/web_counters.hpp"

namespace devy::daemon {

class Guard {
 public:
  // Borrows everything. `origins`: as browsers write those that are ours, "http://127.0.0.1:8000".
  Guard(const config::Config& config, SessionPool& sessions, WebCounters& counters,
        std::vector<std::string> origins);

  // A route for each page of the table, and one for whatever is no page.
  [[nodiscard]] std::vector<server::Route> routes();

 private:
  [[nodiscard]] http::Response answer(const Page& page, const server::ReceivedRequest& request);
  // Answers in a thread that may wait.
  void answer_late(const Page& page, std::shared_ptr<const server::ReceivedRequest> request,
                   const server::Respond& respond);
  [[nodiscard]] http::Response visit(const Page& page, const server::ReceivedRequest& request,
                                     const std::string& request_id, pg::Connection& connection);

  const config::Config& config_;
  SessionPool& sessions_;
  WebCounters& counters_;
  const std::vector<std::string> origins_;
  RateLimit reads_, writes_, logins_;
  SharedSnapshot queue_;
  std::atomic<int> late_waiting_{0};
  server::Pool late_;  // declared last, because its jobs use everything above
};

}  // namespace devy::daemon
