#pragma once
// A login from its beginning to a session, in steps, so that no connection to the database is held
// while GitHub is asked:
//
//   begin_login      GET /login/github      → the address at GitHub, and a cookie for this browser
//   receive_login    GET /login/authorized  → what to ask GitHub, or why not
//   login::identify  on the pool of two threads, with a transport of login::transport_options
//   admit            → a session, and the cookie of it
//
// and without GitHub: admit_by_link. Each session begun stands in the audit, as
// "web.login_by_github" or "web.login_by_link". One thread; borrows the connection, with the rights
// of devy_web. Throws what pg::Connection throws. Source of the rules: web.md, "Who".

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/platform/base/random.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/web/login/github_oauth.hpp"
#include "core/platform/web/login_store.hpp"
#include "core/platform/web/session_store.hpp"

namespace devy::web {

struct LoginWish {
  std::string next;                       // as asked for; whatever is no path of ours becomes "/"
  std::string scope;                      // web.scopes, or more of them
  std::optional<SessionId> session = {};  // asks more scopes for it; none: a login
  std::string address = {};               // of the browser; empty: unknown
};
struct BegunLogin {
  std::string url;      // at GitHub
  base::Secret cookie;  // for login::attempt_cookie, good for ten minutes
};
// Throws Error(busy) as begin_attempt does.
[[nodiscard]] BegunLogin begin_login(pg::Connection& connection, const login::OauthApp& app,
                                     const LoginWish& wish, base::Random& random);

// The parameters with which GitHub sends the browser back.
struct Callback {
  std::string_view code, state, error;  // empty: not there
};
struct ReceivedLogin {
  std::string code;
  base::Secret verifier;
  std::string next, scope;
  std::optional<SessionId> session;  // for which more scopes were asked
};
// Uses the attempt up. `cookie`: that of login::attempt_cookie; empty: the browser has none.
[[nodiscard]] std::variant<ReceivedLogin, login::Failure> receive_login(pg::Connection& connection,
                                                                        const Callback& callback,
                                                                        std::string_view cookie);

struct Browser {
  std::string agent = {};    // the header User-Agent
  std::string address = {};  // empty: unknown
};
struct Admission {
  SessionId session;
  base::Secret cookie;  // for login::session_cookie
  base::AccountId account;
};
struct AdmissionRules {
  bool is_signup_open = false;  // web.signup
  SessionTimes times = {};
};
// Begins a session for a user of GitHub, in a transaction of its own.

[[nodiscard]] std::variant<Admission, login::Failure> admit(pg::Connection& connection,
                                                            const GithubUser& user,
                                                            const Browser& browser,
                                                            const AdmissionRules& rules,
                                                            base::Random& random);

// More scopes for a session: where `ReceivedLogin::session` is set, this comes in place of admit().
// Keeps the identity's token, sealed, until the session ends. Fails with denied when GitHub did not
// grant `scope`, account_other when it is another user's, state_late when the session has ended.
[[nodiscard]] std::optional<login::Failure> gain_scope(pg::Connection& connection,
                                                       const SessionId& session,
                                                       const login::Identity& identity,
                                                       std::string_view scope,
                                                       const token::SealingKey& key);
// The token that was kept so; nothing when there is none. Throws Error(config), code "seal_broken",
// when the key file is another one now.
[[nodiscard]] std::optional<base::Secret> gained_token(pg::Connection& connection,
                                                       const SessionId& session,
                                                       const token::SealingKey& key);

// Begins a session by an address that `devy-upload web link` made; nothing when that is good no
// more.
[[nodiscard]] std::optional<Admission> admit_by_link(pg::Connection& connection,
                                                     std::string_view token, const Browser& browser,
                                                     const SessionTimes& times,
                                                     base::Random& random);

}  // namespace devy::web
