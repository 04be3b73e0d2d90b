#include "core/sync/tokens/user_tokens.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/web/login/github_oauth.hpp"
#include "core/sync/store/user_token_store.hpp"

namespace devy::tokens {
namespace {

// A token that ends within this time is renewed before it is used.
constexpr std::chrono::seconds renewed_before{300};

sync::SealedToken seal(const config::Config& config, const std::string& account_id,
                       const UserToken& token) {
  const auto key = token::SealingKey::from_file(config.sync.token_key_file);
  sync::SealedToken sealed;
  sealed.login = token.login;
  sealed.token = key.seal(token.token.reveal(), account_id);
  if (!token.refresh.empty()) sealed.refresh = key.seal(token.refresh.reveal(), account_id);
  sealed.ends_at = token.ends_at;
  sealed.refresh_ends_at = token.refresh_ends_at;
  return sealed;
}

UserToken open(const config::Config& config, const std::string& account_id,
               const sync::SealedToken& sealed) {
  const auto key = token::SealingKey::from_file(config.sync.token_key_file);
  UserToken token;
  token.login = sealed.login;
  token.token = key.open(sealed.token, account_id);
  if (!sealed.refresh.empty()) token.refresh = key.open(sealed.refresh, account_id);
  token.ends_at = sealed.ends_at;
  token.refresh_ends_at = sealed.refresh_ends_at;
  return token;
}

bool has_ended(const std::optional<base::TimePoint>& at, base::TimePoint now) {
  return at && *at <= now + renewed_before;
}

// Nothing: it is not renewed; why, says `failure`.
std::optional<UserToken> renew(const config::Config& config, const base::Clock& clock,
                               http::Transport& transport, const UserToken& token,
                               std::optional<login::Failure>& failure) {
  login::OauthApp app;
  app.client_id = config.web.client_id;
  app.client_secret = base::read_secret_file(config.web.client_secret_file);
  app.api_url = config.github.api_url;
  const auto now = clock.now();
  auto answer = login::renew(transport, app, token.refresh);
  if (const auto* why = std::get_if<login::Failure>(&answer)) {
    failure = *why;
    return std::nullopt;
  }
  return of_pair(token.login, std::get<login::TokenPair>(std::move(answer)), now);
}

}  // namespace

UserToken of_pair(std::string login, login::TokenPair pair, base::TimePoint now) {
  UserToken token;
  token.login = std::move(login);
  token.token = std::move(pair.token);
  token.refresh = std::move(pair.refresh);
  if (pair.ends_in.count() > 0) token.ends_at = now + pair.ends_in;
  if (pair.refresh_ends_in.count() > 0) token.refresh_ends_at = now + pair.refresh_ends_in;
  return token;
}

bool may_write_issues(std::string_view token, std::string_view scopes) {
  return login::is_app_token(token) || login::has_scope(scopes, "repo") ||
         login::has_scope(scopes, "public_repo");
}

void keep_token(pg::Connection& connection, const config::Config& config,
                const std::string& account_id, const UserToken& token) {
  if (!config.sync.enabled || config.sync.token_key_file.empty()) return;
  sync::keep_sealed_token(connection, account_id, seal(config, account_id, token));
}

void erase_token(pg::Connection& connection, const std::string& account_id) {
  if (sync::erase_sealed_token(connection, account_id))
    base::log::info("a user's token of GitHub was erased", {{"account", account_id}});
}

std::optional<Usable> usable_token(pg::Connection& connection, const config::Config& config,
                                   const base::Clock& clock, http::Transport& transport,
                                   const std::string& account_id) {
  if (config.sync.token_key_file.empty() || config.sync.act_as == "app") return std::nullopt;
  const auto sealed = sync::find_sealed_token(connection, account_id);
  if (!sealed) return std::nullopt;
  const auto now = clock.now();
  auto token = open(config, account_id, *sealed);
  if (!has_ended(token.ends_at, now)) return Usable{token.login, std::move(token.token)};
  if (token.refresh.empty() || config.web.client_id.empty() ||
      (token.refresh_ends_at && *token.refresh_ends_at <= now)) {
    erase_token(connection, account_id);
    return std::nullopt;
  }
  std::optional<login::Failure> failure;
  auto renewed = renew(config, clock, transport, token, failure);
  if (renewed) {
    keep_token(connection, config, account_id, *renewed);
    return Usable{renewed->login, std::move(renewed->token)};
  }
  // A renewal token works once: another process may have used it meanwhile.
  const auto again = sync::find_sealed_token(connection, account_id);
  if (again && again->token != sealed->token) {
    auto other = open(config, account_id, *again);
    if (!has_ended(other.ends_at, now)) return Usable{other.login, std::move(other.token)};
  }
  if (failure == login::Failure::code_refused) erase_token(connection, account_id);
  // The App writes in his place, until GitHub can be asked again.
  return std::nullopt;
}

}  // namespace devy::tokens
