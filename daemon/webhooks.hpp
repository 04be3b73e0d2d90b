#pragma once
// POST /v1/webhooks: from a request to committed rows. Cheap refusals first, the database last, so
// that a flood of forgeries costs a MAC each and nothing else. Any thread.

#include <memory>
#include <variant>

#include "core/config/config.hpp"
#include "core/webhook/signature.hpp"
#include "daemon/http_server.hpp"
#include "daemon/listener_counters.hpp"
#include "daemon/rate_limit.hpp"
#include "daemon/sender_check.hpp"
#include "daemon/session_pool.hpp"
#include "daemon/shared_commit.hpp"

namespace devy::daemon {

class Webhooks {
 public:
  // Everything is borrowed and outlives this. Throws Error(config) for secrets that cannot be read.
  Webhooks(const config::Config& config, SessionPool& sessions, ListenerCounters& counters);

  [[nodiscard]] Route route();
  [[nodiscard]] std::optional<std::chrono::seconds> ranges_age() const {
    return check_.ranges_age();
  }

 private:
  void handle(std::shared_ptr<const Request> request, const Answer& answer);
  // What the request brings, or why it brings nothing.
  using Read = std::variant<upload::ReadDelivery, Response>;
  [[nodiscard]] Read read(const Request& request);
  [[nodiscard]] Read read_signed(const Request& request, const Sender& sender,
                                 const webhook::SigningSecret& signer);
  [[nodiscard]] Response answer_to(const upload::ReadDelivery& delivery,
                                   const SharedCommit::Outcome& outcome);
  [[nodiscard]] Response refuse_payload(const std::string& event);
  [[nodiscard]] Response refuse(int status, const char* reason);

  const config::Config& config_;
  ListenerCounters& counters_;
  const std::vector<webhook::SigningSecret> secrets_;
  RateLimit senders_, repositories_;
  SenderCheck check_;
  SharedCommit commit_;
};

}  // namespace devy::daemon
