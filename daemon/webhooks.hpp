#pragma once
// POST /v1/webhooks: from a request to committed rows. Cheap refusals first, the database last, so
// that a flood of forgeries costs a MAC each and nothing else. Any thread.

#include "core/config/config.hpp"
#include "core/webhook/signature.hpp"
#include "daemon/http_server.hpp"
#include "daemon/listener_counters.hpp"
#include "daemon/rate_limit.hpp"
#include "daemon/sender_check.hpp"
#include "daemon/session_pool.hpp"

namespace devy::daemon {

class Webhooks {
 public:
  // Everything is borrowed and outlives this. Throws Error(config) for secrets that cannot be read.
  Webhooks(const config::Config& config, SessionPool& sessions, ListenerCounters& counters);

  [[nodiscard]] Route route();

 private:
  [[nodiscard]] Response handle(const Request& request);
  [[nodiscard]] Response take(const Request& request, const Sender& sender,
                              const webhook::SigningSecret& signer);
  [[nodiscard]] Response refuse(int status, const char* reason);

  const config::Config& config_;
  SessionPool& sessions_;
  ListenerCounters& counters_;
  const std::vector<webhook::SigningSecret> secrets_;
  RateLimit senders_, repositories_;
  SenderCheck check_;
};

}  // namespace devy::daemon
