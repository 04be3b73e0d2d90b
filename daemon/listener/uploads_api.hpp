#pragma once
// Serves POST /v1/uploads/<username>/<blog-slug> and GET /v1/uploads/<id> for a blog's owner, who
// authenticates with a token of the site. Any thread.

#include <optional>
#include <string>

#include "core/platform/config/config.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/token/claims.hpp"
#include "core/platform/token/key_ring.hpp"
#include "daemon/listener/listener_counters.hpp"
#include "daemon/serving/rate_limit.hpp"
#include "daemon/serving/session_pool.hpp"

namespace devy::daemon {

class UploadsApi {
 public:
  // Borrows everything, which must outlive this object. Throws Error(config) for keys that cannot
  // be read.
  UploadsApi(const config::Config& config, SessionPool& sessions, ListenerCounters& counters);

  [[nodiscard]] std::vector<server::Route> routes();

 private:
  using Act = http::Response (UploadsApi::*)(const server::ReceivedRequest&, const token::Claims&);
  [[nodiscard]] http::Response guarded(const server::ReceivedRequest& request, Act act);
  [[nodiscard]] http::Response record(const server::ReceivedRequest& request,
                                      const token::Claims& claims);
  [[nodiscard]] http::Response show(const server::ReceivedRequest& request,
                                    const token::Claims& claims);
  [[nodiscard]] http::Response refuse(int status, const std::string& reason);

  const config::Config& config_;
  SessionPool& sessions_;
  ListenerCounters& counters_;
  token::KeyRing keys_;
  RateLimit accounts_, strangers_;
};

}  // namespace devy::daemon
