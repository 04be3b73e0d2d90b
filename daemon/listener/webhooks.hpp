#pragma once
// Serves POST /v1/webhooks, and the original's POST /replication for the mirror (mirror.md, section
// 8), which differs in its answers alone: turns a request into committed rows. Cheap checks come
// first and the database last, so that a flood of forged requests costs one MAC each and nothing
// else. What is rightly signed is never refused for coming in a burst; requests without a valid
// signature have a rate limit by address. Any thread.

#include <memory>
#include <variant>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/webhook/signature.hpp"
#include "daemon/listener/group_commit.hpp"
#include "daemon/listener/listener_counters.hpp"
#include "daemon/listener/sender_check.hpp"
#include "daemon/serving/rate_limit.hpp"
#include "daemon/serving/session_pool.hpp"

namespace devy::daemon {

class Webhooks {
 public:
  // Borrows everything, which must outlive this object. Throws Error(config) for secrets that
  // cannot be read.
  Webhooks(const config::Config& config, SessionPool& sessions, webhook::Subscribers subscribers,
           ListenerCounters& counters);

  [[nodiscard]] std::vector<server::Route> routes();
  [[nodiscard]] std::optional<std::chrono::seconds> ranges_age() const {
    return check_.ranges_age();
  }

 private:
  enum class Form { own, original };  // of the answers
  [[nodiscard]] server::Route route(const char* path, Form form);
  void handle(std::shared_ptr<const server::ReceivedRequest> request, Form form,
              const server::Respond& respond);
  // The parsed delivery, or the response that refuses the request.
  using Read = std::variant<webhook::ReadDelivery, http::Response>;
  [[nodiscard]] Read read(const server::ReceivedRequest& request);
  [[nodiscard]] Read read_signed(const server::ReceivedRequest& request, const Sender& sender,
                                 const webhook::SigningSecret& signer);
  [[nodiscard]] http::Response answer_to(const webhook::ReadDelivery& delivery,
                                         const GroupCommit::Outcome& outcome, Form form);
  [[nodiscard]] http::Response original_answer_to(const webhook::RecordedDelivery& recorded);
  [[nodiscard]] http::Response refuse_unsigned(const Sender& sender);
  [[nodiscard]] http::Response refuse_empty(const server::ReceivedRequest& request);
  [[nodiscard]] http::Response refuse_payload(const std::string& event);
  [[nodiscard]] http::Response refuse(int status, const char* reason);

  const config::Config& config_;
  SessionPool& sessions_;
  ListenerCounters& counters_;
  const std::vector<webhook::SigningSecret> secrets_;
  RateLimit strangers_;
  SenderCheck check_;
  GroupCommit commit_;
};

}  // namespace devy::daemon
