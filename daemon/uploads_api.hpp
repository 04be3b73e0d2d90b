#pragma once
// POST /v1/uploads/<username>/<blog-slug> and GET /v1/uploads/<id>, for a blog's owner with a token
// of the site's. Any thread.

#include <optional>
#include <string>

#include "core/config/config.hpp"
#include "core/token/claims.hpp"
#include "core/token/key_ring.hpp"
#include "daemon/http_server.hpp"
#include "daemon/listener_counters.hpp"
#include "daemon/rate_limit.hpp"
#include "daemon/session_pool.hpp"

namespace devy::daemon {

class UploadsApi {
 public:
  // Everything is borrowed and outlives this. Throws Error(config) for keys that cannot be read.
  UploadsApi(const config::Config& config, SessionPool& sessions, ListenerCounters& counters);

  [[nodiscard]] std::vector<Route> routes();

 private:
  using Act = Response (UploadsApi::*)(const Request&, const token::Claims&);
  [[nodiscard]] Response guarded(const Request& request, Act act);
  [[nodiscard]] Response record(const Request& request, const token::Claims& claims);
  [[nodiscard]] Response show(const Request& request, const token::Claims& claims);
  [[nodiscard]] Response refuse(int status, const std::string& reason);

  const config::Config& config_;
  SessionPool& sessions_;
  ListenerCounters& counters_;
  token::KeyRing keys_;
  RateLimit accounts_, strangers_;
};

}  // namespace devy::daemon
