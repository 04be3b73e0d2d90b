#pragma once
// Finds out who calls an API of the role web (web.md, "Who"): APIs take no cookie. A bearer is the
// site's JSON Web Token, or a GitHub token, whose owner GitHub names. Without one the caller is
// anonymous, where the API allows it; a form of a page of ours may also be sent by a session: then
// the Host has to be a loopback name or ours, and a page of another site must not have sent the
// request. Callers have a rate limit each (api.account_requests_per_minute), and so has guessing.
//
//   ApiCallers callers(config, tokens, origins);
//   const auto found = callers.identify(request, connection, {.is_anonymous_allowed = …});
//
// Any thread. It borrows everything it gets.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/server/message.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/token/key_ring.hpp"
#include "core/platform/web/github_tokens.hpp"
#include "daemon/serving/rate_limit.hpp"

namespace devy::daemon {

struct Caller {
  // "api:alice", "github:alice", "anonymous": what requested_by and the audit say.
  std::string name;
  std::optional<std::int64_t> github_id;  // nothing: anonymous, or not linked to a user of GitHub
  std::string login;                      // at GitHub; empty where the id is
  base::Secret github_token;              // as sent along, or as the session has it; empty: none
  bool has_session = false;               // it came with a session in place of a token
  // Known of a session whose form has not come yet (IdentifyOptions::is_body_later): whether a
  // header has its token already, and the session's own, which tells whether the form's is right.
  bool is_form_known = false;
  base::Secret session_token = {};
  std::string token_key = {};       // the key that signed the site's token; empty: none did
  std::string renewed_cookie = {};  // the session's token anew, for the browser; empty: as it was

  [[nodiscard]] bool is_anonymous() const { return name == "anonymous"; }
};

// GitHub has to be asked: the caller comes again in a thread that may wait.
struct AskGithub {};

struct IdentifyOptions {
  bool is_anonymous_allowed = false;
  bool is_session_allowed = false;  // of a page of ours that sends a form
  bool is_body_later = false;       // that form is read as it comes, by the caller of this
  bool is_waiting_allowed = false;  // this thread may wait for GitHub
  bool is_counted = true;           // against the limits; a second look at one request is not
};

// How an API asks GitHub whose a token is: as a test has it, or over the network. The transports
// borrow `config`.
[[nodiscard]] web::GithubTokens::MakeTransport github_transports(
    const config::Config& config, web::GithubTokens::MakeTransport of_test);

class ApiCallers {
 public:
  // `origins`: ours, as browsers write them. Throws Error(config) for keys that cannot be read.
  ApiCallers(const config::Config& config, web::GithubTokens& tokens,
             std::vector<std::string> origins);

  // The caller, or the answer that refuses him (401, 403, 429, 503). Throws what pg::Connection
  // throws.
  [[nodiscard]] std::variant<Caller, http::Response, AskGithub> identify(
      const server::ReceivedRequest& request, pg::Connection& connection,
      const IdentifyOptions& options);

 private:
  using Found = std::variant<Caller, http::Response, AskGithub>;
  [[nodiscard]] Found by_bearer(std::string_view bearer, pg::Connection& connection,
                                const IdentifyOptions& options);
  [[nodiscard]] Found by_site(std::string_view token, pg::Connection& connection);
  [[nodiscard]] Found by_session(const server::ReceivedRequest& request, pg::Connection& connection,
                                 const IdentifyOptions& options) const;
  [[nodiscard]] bool is_form_ours(const server::ReceivedRequest& request, const std::string& token,
                                  const IdentifyOptions& options, Caller& caller) const;
  [[nodiscard]] Found by_github(std::string_view token, const IdentifyOptions& options);

  const config::Config& config_;
  web::GithubTokens& tokens_;
  const std::vector<std::string> origins_;
  token::KeyRing keys_;
  RateLimit callers_, strangers_;
};

// Tells whether a page of another site could have sent an anonymous request: its Host is neither a
// loopback name nor ours, or its Origin or Sec-Fetch-Site is foreign.
[[nodiscard]] bool is_from_elsewhere(const server::ReceivedRequest& request,
                                     const std::vector<std::string>& origins);

}  // namespace devy::daemon
