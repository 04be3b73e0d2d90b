#pragma once
// Logins: attempts that GitHub is to confirm, addresses that log in without GitHub, and whose
// account a user of GitHub is. Secrets are known by their SHA-256 digests alone. Values; the
// functions throw what pg::Connection throws, and are called with the rights of the role devy_web
// unless they say otherwise.
//
// Source of the rules: web.md, "Who". Times are the database's.

#include <cstdint>
#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/web/session_store.hpp"

namespace devy::web {

// ---- attempts

struct NewAttempt {
  base::Sha256 state_hash{};
  base::Sha256 cookie_hash{};             // of the cookie that binds it to this browser
  std::optional<SessionId> session = {};  // more scopes are asked for it; none: a login
  std::string verifier;                   // of PKCE
  std::string next;                       // a path of this site (login/safe_next.hpp)
  std::string scope = {};                 // as asked for
  std::string address = {};               // of the browser; empty: unknown
};
// It is good for ten minutes. Throws Error(busy), code "logins_full", when ten thousand are under
// way.
void begin_attempt(pg::Connection& connection, const NewAttempt& attempt);

enum class AttemptState {
  good,
  unknown,  // nobody began one with this state
  used,     // it was answered before
  late,     // ten minutes have passed
  foreign,  // another browser began it; it stays as it is
};
[[nodiscard]] std::string_view to_string(AttemptState state);
struct Attempt {
  AttemptState state = AttemptState::unknown;
  // The rest is empty unless it is good.
  std::optional<SessionId> session = {};
  std::string verifier, next, scope;
};
// Uses an attempt up: a second call finds it used.
[[nodiscard]] Attempt use_attempt(pg::Connection& connection, const base::Sha256& state_hash,
                                  const base::Sha256& cookie_hash);

// ---- accounts

struct GithubUser {
  std::int64_t id = 0;
  std::string login;
};
enum class Claim {
  known,       // the account has this id
  linked,      // the account of that name had none, and has this one from now on
  made,        // there was no account of that name, and whoever likes may sign up
  closed,      // there is no account of that name
  taken,       // the account of that name is somebody else's: the name was given anew at GitHub
  unsuitable,  // no account can have that name
};
[[nodiscard]] std::string_view to_string(Claim claim);
struct ClaimedAccount {
  Claim claim = Claim::closed;
  std::optional<base::AccountId> account = {};  // of the first three
};
[[nodiscard]] ClaimedAccount claim_account(pg::Connection& connection, const GithubUser& user,
                                           bool is_signup_open);

// Makes an account an operator's, or no more; false when it was so before. With the rights of
// devy_operator. Throws Error(not_found).
bool set_operator(pg::Connection& connection, const std::string& username, bool is_operator);

// The id of the account of that name, in any case. Throws Error(not_found).
[[nodiscard]] base::AccountId account_named(pg::Connection& connection,
                                            const std::string& username);
// The id at GitHub that the account of that name is linked to; nothing when there is no such
// account, or it is linked to nobody.
[[nodiscard]] std::optional<std::int64_t> github_id_of(pg::Connection& connection,
                                                       const std::string& username);
// Whether an account of that name, or linked to that user of GitHub, is an operator's.
[[nodiscard]] bool is_operator(pg::Connection& connection, const std::string& username,
                               const std::optional<std::int64_t>& github_id);
// The username of the only operator, or where there is none of the only account; nothing when there
// are several.
[[nodiscard]] std::optional<std::string> usual_operator(pg::Connection& connection);

// ---- addresses that log in

// Makes one for the account of that name, and returns until when it is good: a minute. With the
// rights of devy_operator. Throws Error(not_found).
[[nodiscard]] base::TimePoint make_link(pg::Connection& connection, const base::Sha256& token_hash,
                                        const std::string& username, const std::string& created_by);
// The account that it logs in; nothing when it was used, is late, or none was made.
[[nodiscard]] std::optional<base::AccountId> use_link(pg::Connection& connection,
                                                      const base::Sha256& token_hash);

}  // namespace devy::web
