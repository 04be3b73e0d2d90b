#pragma once
// Sessions of browsers in which somebody is logged in. A session is known by the SHA-256 digest of
// its token; the token itself is with the browser alone (login/session_token.hpp). Values; the
// functions throw what pg::Connection throws, and are called with the rights of the role devy_web
// unless they say otherwise.
//
// Source of the rules: web.md, "Who". Times are the database's.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::web {

using SessionId = base::Id<struct WebSessionTag>;

struct SessionTimes {
  base::Duration idle = std::chrono::hours(12);   // web.session_idle
  base::Duration life = std::chrono::hours(168);  // web.session_life
};

// How somebody proved who he is.
enum class LoginMethod { github, link };
[[nodiscard]] std::string_view to_string(LoginMethod method);

struct NewSession {
  base::AccountId account;
  base::Sha256 token_hash{};
  std::string agent = {};    // the header User-Agent; cut, and made safe to show
  std::string address = {};  // of the browser; empty: unknown
  LoginMethod method = LoginMethod::github;
};

// Begins a session of an account, which has a hundred at most: the one unused for longest ends.
// Throws Error(not_found) when there is no such account.
[[nodiscard]] SessionId begin_session(pg::Connection& connection, const NewSession& session,
                                      const SessionTimes& times);

// Somebody who is logged in, as he is now: rights are read at each request.
struct Session {
  SessionId id;
  base::AccountId account;
  std::string username;
  bool is_operator = false, is_supporter = false;
  base::TimePoint created_at, seen_at, expires_at, ends_at;
  std::string method;
};
struct Visit {
  Session session;
  // The token whose digest was `fresh_hash` has taken the place of the one that came, and the
  // browser is to be given it: the other one is good for 60 seconds more.
  bool is_renewed = false;
};
// Returns nothing for a token of no living session. Otherwise notes that the session is used (each
// minute at most), and renews its token when that is a day old or the account gained rights.
[[nodiscard]] std::optional<Visit> visit_session(pg::Connection& connection,
                                                 const base::Sha256& token_hash,
                                                 const base::Sha256& fresh_hash,
                                                 base::Duration idle);

// Ends a session of that account. False: it has none by that id that lives.
bool end_own_session(pg::Connection& connection, const base::AccountId& account,
                     const SessionId& session);
// Ends all sessions of an account, but for one; returns how many.
int end_sessions(pg::Connection& connection, const base::AccountId& account,
                 const std::optional<SessionId>& except);
// Ends any session; for operators at the command line, with the rights of devy_operator.
bool end_session(pg::Connection& connection, const SessionId& session);

struct ListedSession {
  SessionId id;
  std::string username;
  base::TimePoint created_at, seen_at, expires_at, ends_at;
  std::string agent;  // text of a stranger, though without control characters
  std::string address;
  std::string method;
};
struct SessionFilter {
  std::optional<base::AccountId> account = {};
  int limit = 100;
};
// Those that live; the last used come first.
[[nodiscard]] std::vector<ListedSession> list_sessions(pg::Connection& connection,
                                                       const SessionFilter& filter);
// Finds a living session by its id, or an unambiguous beginning of it. Throws Error(not_found).
[[nodiscard]] ListedSession find_session(pg::Connection& connection, const std::string& name);
// How many live, for metrics.
[[nodiscard]] std::int64_t count_sessions(pg::Connection& connection);

// ---- the session's token of GitHub, for switches of hooks

struct SealedToken {
  std::string sealed;  // token/sealing.hpp; its purpose is the session's id
  std::string scopes;  // as GitHub granted them
};
// Keeps it until the session ends, in place of the one before; the next visit renews the session's
// own token, because it gained rights. False: the session has ended.
bool keep_session_token(pg::Connection& connection, const SessionId& session,
                        const SealedToken& token);
[[nodiscard]] std::optional<SealedToken> read_session_token(pg::Connection& connection,
                                                            const SessionId& session);

}  // namespace devy::web
