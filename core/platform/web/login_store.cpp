#include "core/platform/web/login_store.hpp"

#include <array>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::web {
namespace {

using base::Error;
using base::ErrorKind;

constexpr pg::Statement call_attempt_begin{"login_attempt_begin", R"sql(
  select login_attempt_begin($1::bytea, $2::bytea, $3::uuid, $4::text, $5::text, $6::text,
                             $7::inet) as is_begun)sql"};

constexpr pg::Statement call_attempt_use{"login_attempt_use", R"sql(
  select o_outcome, o_session_id, o_verifier, o_next, o_scope
    from login_attempt_use($1::bytea, $2::bytea))sql"};

constexpr pg::Statement call_account_of_github{"account_of_github", R"sql(
  select o_outcome, o_account_id
    from account_of_github($1::bigint, $2::text, $3::boolean))sql"};

constexpr pg::Statement select_account_id{"select_account_id", R"sql(
  select id from account where username = lower($1::text))sql"};

constexpr pg::Statement select_usual_operator{"select_usual_operator", R"sql(
  select username
    from account
   where is_operator or not exists (select from account where is_operator)
   limit 2)sql"};

constexpr pg::Statement select_is_operator{"is_operator", R"sql(
  select exists (select from account
                  where is_operator and (lower(username) = lower($1::text) or github_id = $2::bigint)) as is_operator)sql"};

constexpr pg::Statement select_github_id{"select_account_github_id", R"sql(
  select github_id from account where username = lower($1::text) and github_id is not null)sql"};

constexpr pg::Statement call_operator_set{"account_operator_set", R"sql(
  select account_operator_set($1::uuid, $2::boolean) as is_changed)sql"};

constexpr pg::Statement call_link_make{"login_link_make", R"sql(
  select login_link_make($1::bytea, $2::uuid, $3::text) as expires_at)sql"};

constexpr pg::Statement call_link_use{"login_link_use", R"sql(
  select login_link_use($1::bytea) as account_id)sql"};

constexpr std::array attempt_states{AttemptState::good, AttemptState::unknown, AttemptState::used,
                                    AttemptState::late, AttemptState::foreign};
constexpr std::array claims{Claim::known,  Claim::linked, Claim::made,
                            Claim::closed, Claim::taken,  Claim::unsuitable};

// The value of an enumeration that has this name in the database.
template <class Values>
auto value_named(const Values& values, std::string_view name) {
  for (const auto value : values)
    if (to_string(value) == name) return value;
  throw Error(ErrorKind::internal,
              "unable to read an outcome: the database says '" + std::string(name) + "'");
}

pg::Bytes as_bytes(const base::Sha256& digest) {
  return {base::view_of(digest)};
}

}  // namespace

std::string_view to_string(AttemptState state) {
  switch (state) {
    case AttemptState::good: return "good";
    case AttemptState::unknown: return "unknown";
    case AttemptState::used: return "used";
    case AttemptState::late: return "late";
    case AttemptState::foreign: return "foreign";
  }
  return "";
}

std::string_view to_string(Claim claim) {
  switch (claim) {
    case Claim::known: return "known";
    case Claim::linked: return "linked";
    case Claim::made: return "made";
    case Claim::closed: return "closed";
    case Claim::taken: return "taken";
    case Claim::unsuitable: return "unsuitable";
  }
  return "";
}

void begin_attempt(pg::Connection& connection, const NewAttempt& attempt) {
  std::optional<std::string> session;
  if (attempt.session) session = attempt.session->text();
  const auto row = connection.one(
      call_attempt_begin, pg::Params(as_bytes(attempt.state_hash), as_bytes(attempt.cookie_hash),
                                     session, attempt.verifier, attempt.next, attempt.scope,
                                     base::unless_empty(attempt.address)));
  if (!row[0].boolean("is_begun"))
    throw Error(ErrorKind::busy, "unable to begin a login: too many are under way",
                "Try again in some minutes.", "logins_full");
}

Attempt use_attempt(pg::Connection& connection, const base::Sha256& state_hash,
                    const base::Sha256& cookie_hash) {
  const auto found =
      connection.one(call_attempt_use, pg::Params(as_bytes(state_hash), as_bytes(cookie_hash)));
  const auto row = found[0];
  Attempt attempt;
  attempt.state = value_named(attempt_states, row.view("o_outcome"));
  if (!row.is_null("o_session_id")) attempt.session = SessionId::trusted(row.text("o_session_id"));
  attempt.verifier = row.text("o_verifier");
  attempt.next = row.text("o_next");
  attempt.scope = row.text("o_scope");
  return attempt;
}

ClaimedAccount claim_account(pg::Connection& connection, const GithubUser& user,
                             bool is_signup_open) {
  const auto found =
      connection.one(call_account_of_github, pg::Params(user.id, user.login, is_signup_open));
  const auto row = found[0];
  ClaimedAccount claimed;
  claimed.claim = value_named(claims, row.view("o_outcome"));
  if (!row.is_null("o_account_id"))
    claimed.account = base::AccountId::trusted(row.text("o_account_id"));
  return claimed;
}

base::AccountId account_named(pg::Connection& connection, const std::string& username) {
  const auto found = connection.maybe(select_account_id, pg::Params(username));
  if (found) return base::AccountId::trusted((*found)[0].text("id"));
  throw Error(ErrorKind::not_found, "unable to find account " + base::in_quotes(username),
              "`devy-upload account list` shows them, `devy-upload account add` adds one.",
              "account_not_found");
}

std::optional<std::int64_t> github_id_of(pg::Connection& connection, const std::string& username) {
  const auto found = connection.maybe(select_github_id, pg::Params(username));
  if (!found) return std::nullopt;
  return (*found)[0].integer("github_id");
}

bool is_operator(pg::Connection& connection, const std::string& username,
                 const std::optional<std::int64_t>& github_id) {
  return connection.one(select_is_operator, pg::Params(username, github_id))[0].boolean(
      "is_operator");
}

std::optional<std::string> usual_operator(pg::Connection& connection) {
  const auto found = connection.query(select_usual_operator);
  if (found.size() != 1) return std::nullopt;
  return found[0].text("username");
}

bool set_operator(pg::Connection& connection, const std::string& username, bool is_operator) {
  const auto id = account_named(connection, username).text();
  return connection.one(call_operator_set, pg::Params(id, is_operator))[0].boolean("is_changed");
}

base::TimePoint make_link(pg::Connection& connection, const base::Sha256& token_hash,
                          const std::string& username, const std::string& created_by) {
  const auto id = account_named(connection, username).text();
  return connection.one(call_link_make, pg::Params(as_bytes(token_hash), id, created_by))[0].time(
      "expires_at");
}

std::optional<base::AccountId> use_link(pg::Connection& connection,
                                        const base::Sha256& token_hash) {
  const auto found = connection.one(call_link_use, pg::Params(as_bytes(token_hash)));
  if (found[0].is_null("account_id")) return std::nullopt;
  return base::AccountId::trusted(found[0].text("account_id"));
}

}  // namespace devy::web
