#include "core/platform/web/github_login.hpp"

#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/login/safe_next.hpp"
#include "core/platform/web/login/session_token.hpp"

namespace devy::web {
namespace {

using login::Failure;

constexpr pg::Statement select_username{"select_username", R"sql(
  select username from account where id = $1::uuid)sql"};

constexpr pg::Statement select_session_user{"select_session_user", R"sql(
  select a.github_id
    from web_session s
    join account a on a.id = s.account_id
   where s.id = $1::uuid and s.expires_at > clock_timestamp())sql"};

Failure failure_of(AttemptState state) {
  switch (state) {
    case AttemptState::used: return Failure::state_used;
    case AttemptState::late: return Failure::state_late;
    case AttemptState::foreign: return Failure::state_foreign;
    case AttemptState::good:
    case AttemptState::unknown: break;
  }
  return Failure::state_unknown;
}

Failure failure_of(Claim claim) {
  switch (claim) {
    case Claim::taken: return Failure::account_taken;
    case Claim::unsuitable: return Failure::account_unsuitable;
    case Claim::known:
    case Claim::linked:
    case Claim::made:
    case Claim::closed: break;
  }
  return Failure::account_closed;
}

base::Sha256 hash_of(const base::Secret& token) {
  return login::token_hash(token.reveal()).value_or(base::Sha256{});
}

// Begins the session and notes it, in the caller's transaction.
Admission admit_account(pg::Connection& connection, const base::AccountId& account,
                        const Browser& browser, const SessionTimes& times, LoginMethod method,
                        base::Random& random) {
  auto cookie = login::new_token(random);
  const auto session = begin_session(connection,
                                     {.account = account,
                                      .token_hash = hash_of(cookie),
                                      .agent = browser.agent,
                                      .address = browser.address,
                                      .method = method},
                                     times);
  const auto username = connection.one(select_username, pg::Params(account.text()));
  static_cast<void>(record_act(connection, {.actor = "web:" + username[0].text("username"),
                                            .address = browser.address,
                                            .act = "web.login_by_" + std::string(to_string(method)),
                                            .target = session.text()}));
  return {session, std::move(cookie), account};
}

}  // namespace

BegunLogin begin_login(pg::Connection& connection, const login::OauthApp& app,
                       const LoginWish& wish, base::Random& random) {
  const auto state = login::new_token(random);
  auto cookie = login::new_token(random);
  const auto pkce = login::new_pkce(random);
  begin_attempt(connection, {.state_hash = hash_of(state),
                             .cookie_hash = hash_of(cookie),
                             .session = wish.session,
                             .verifier = std::string(pkce.verifier.reveal()),
                             .next = login::safe_next(wish.next),
                             .scope = wish.scope,
                             .address = wish.address});
  auto url = login::authorize_url(
      app, {.state = state.reveal(), .challenge = pkce.challenge, .scope = wish.scope});
  return {std::move(url), std::move(cookie)};
}

std::variant<ReceivedLogin, Failure> receive_login(pg::Connection& connection,
                                                   const Callback& callback,
                                                   std::string_view cookie) {
  const auto state_hash = login::token_hash(callback.state);
  if (!state_hash) return Failure::state_unknown;
  // A browser without the cookie is another one.
  const auto cookie_hash = login::token_hash(cookie).value_or(base::Sha256{});
  auto attempt = use_attempt(connection, *state_hash, cookie_hash);
  if (attempt.state != AttemptState::good) return failure_of(attempt.state);
  if (!callback.error.empty()) return login::failure_named(callback.error);
  if (callback.code.empty()) return Failure::malformed;
  return ReceivedLogin{std::string(callback.code), base::Secret(std::move(attempt.verifier)),
                       std::move(attempt.next), std::move(attempt.scope), attempt.session};
}

std::variant<Admission, Failure> admit(pg::Connection& connection, const GithubUser& user,
                                       const Browser& browser, const AdmissionRules& rules,
                                       base::Random& random) {
  pg::Transaction transaction(connection);
  const auto claimed = claim_account(connection, user, rules.is_signup_open);
  if (!claimed.account) return failure_of(claimed.claim);
  auto admission = admit_account(connection, *claimed.account, browser, rules.times,
                                 LoginMethod::github, random);
  transaction.commit();
  return admission;
}

std::optional<Failure> gain_scope(pg::Connection& connection, const SessionId& session,
                                  const login::Identity& identity, std::string_view scope,
                                  const token::SealingKey& key) {
  const auto found = connection.maybe(select_session_user, pg::Params(session.text()));
  if (!found) return Failure::state_late;
  if ((*found)[0].maybe_integer("github_id") != identity.id) return Failure::account_other;
  const bool has_scopes = !login::is_app_token(identity.token.reveal());
  if (has_scopes && !login::has_scope(identity.scopes, scope)) return Failure::denied;
  const SealedToken token{key.seal(identity.token.reveal(), session.text()), identity.scopes};
  if (!keep_session_token(connection, session, token)) return Failure::state_late;
  return std::nullopt;
}

std::optional<base::Secret> gained_token(pg::Connection& connection, const SessionId& session,
                                         const token::SealingKey& key) {
  const auto token = read_session_token(connection, session);
  if (!token) return std::nullopt;
  return key.open(token->sealed, session.text());
}

std::optional<Admission> admit_by_link(pg::Connection& connection, std::string_view token,
                                       const Browser& browser, const SessionTimes& times,
                                       base::Random& random) {
  const auto hash = login::token_hash(token);
  if (!hash) return std::nullopt;
  pg::Transaction transaction(connection);
  const auto account = use_link(connection, *hash);
  if (!account) return std::nullopt;
  auto admission = admit_account(connection, *account, browser, times, LoginMethod::link, random);
  transaction.commit();
  return admission;
}

}  // namespace devy::web
