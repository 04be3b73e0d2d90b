#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/platform/web/html/url.hpp"
#include "core/platform/web/login/safe_next.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "core/sync/tokens/user_tokens.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/error_page.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/page_login.hpp"

// The login by GitHub, and the same again for more rights at GitHub. A failure is a page of its own
// and never another try by itself, which would go round in circles with GitHub.

namespace devy::daemon {
namespace {

constexpr std::chrono::seconds attempt_cookie_life{600};

login::OauthApp app_of(const config::Config& config) {
  if (config.web.client_id.empty())
    throw base::Error(base::ErrorKind::not_found, "unable to log in: GitHub is not set up");
  return {config.web.client_id, base::read_secret_file(config.web.client_secret_file),
          config.github.api_url, config.web.url + "/login/authorized"};
}

http::Response failed_login(const Visit& visit, login::Failure failure) {
  base::log::warning("login failed",
                     {{"request", visit.request_id}, {"reason", login::to_string(failure)}});
  auto response = login_page(visit, login::http_status(failure), login::explain(failure));
  server::expire_cookie(response, login::attempt_cookie);
  return response;
}

http::Response refused_gain(const Visit& visit, login::Failure failure) {
  base::log::warning("hook token not gained",
                     {{"request", visit.request_id}, {"reason", login::to_string(failure)}});
  auto text = login::explain(failure);
  if (failure == login::Failure::denied)
    text = {"GitHub did not give this site the right to install webhooks.",
            "Begin again where you need it, and allow it at GitHub."};
  auto response = error_page({.status = login::http_status(failure) == 403 ? 403 : 503,
                              .request_id = visit.request_id,
                              .detail = std::string(text.cause),
                              .hint = std::string(text.hint)});
  server::expire_cookie(response, login::attempt_cookie);
  return response;
}

// Gives the session the token. The guard gives the browser another cookie at its next request.
http::Response end_gain(Visit& visit, const web::ReceivedLogin& login,
                        const login::Identity& identity) {
  const auto key = token::SealingKey::from_file(visit.config.web.key_file);
  const auto failure = web::gain_scope(visit.connection, *login.session, identity, hook_scope, key);
  if (failure) return refused_gain(visit, *failure);
  auto response = server::redirect_response(303, login::safe_next(login.next));
  server::expire_cookie(response, login::attempt_cookie);
  return response;
}

// With his own token, what he makes in projects is his at GitHub, too.
void keep_for_sync(Visit& visit, const web::Admission& admission, const login::Identity& identity) {
  if (!tokens::may_write_issues(identity.token.reveal(), identity.scopes)) return;
  login::TokenPair pair;
  pair.token = base::Secret(std::string(identity.token.reveal()));
  pair.refresh = base::Secret(std::string(identity.refresh.reveal()));
  pair.ends_in = identity.ends_in;
  pair.refresh_ends_in = identity.refresh_ends_in;
  tokens::keep_token(visit.connection, visit.config, admission.account.text(),
                     tokens::of_pair(identity.login, std::move(pair), base::system_clock().now()));
}

}  // namespace

http::Response begin_github_login(Visit& visit) {
  web::LoginWish wish{.next = std::string(visit.query.line("next").value_or("/")),
                      .scope = visit.config.web.scopes,
                      .address = sender_of(visit.request).address};
  if (visit.query.line("for") == "hooks") {
    if (const auto obstacle = hook_token_obstacle(visit.config.web); !obstacle.empty())
      throw base::Error(base::ErrorKind::rejected, obstacle,
                        "`devy-upload config key` makes a key file.");
    // Whoever is not logged in comes by here again when the page he wanted needs it.
    if (visit.visitor == nullptr)
      return server::redirect_response(
          303, html::own_url({"login"}, {{"next", login::safe_next(wish.next)}}).text());
    wish.session = web::SessionId::trusted(visit.visitor->session_id);
    wish.scope += (wish.scope.empty() ? "" : " ") + std::string(hook_scope);
  }
  const auto begun =
      web::begin_login(visit.connection, app_of(visit.config), wish, base::system_random());
  auto response = server::redirect_response(303, begun.url);
  server::set_cookie(response, {login::attempt_cookie, begun.cookie.reveal(), attempt_cookie_life});
  return response;
}

http::Response end_github_login(Visit& visit) {
  const auto app = app_of(visit.config);
  const web::Callback callback{visit.query.line("code").value_or(""),
                               visit.query.line("state").value_or(""),
                               visit.query.line("error").value_or("")};
  const auto cookie = server::cookie_value(visit.request, login::attempt_cookie).value_or("");
  const auto received = web::receive_login(visit.connection, callback, cookie);
  // Whoever is logged in asked for more rights.
  if (const auto* failure = std::get_if<login::Failure>(&received))
    return visit.visitor != nullptr ? refused_gain(visit, *failure) : failed_login(visit, *failure);
  const auto& login = std::get<web::ReceivedLogin>(received);
  const auto transport =
      http::make_httplib_transport(login::transport_options(visit.config.git.ca_file));
  const auto identified = login::identify(*transport, app, login.code, login.verifier.reveal());
  if (const auto* failure = std::get_if<login::Failure>(&identified))
    return login.session ? refused_gain(visit, *failure) : failed_login(visit, *failure);
  const auto& identity = std::get<login::Identity>(identified);
  if (login.session) return end_gain(visit, login, identity);
  const auto admitted =
      web::admit(visit.connection, {identity.id, identity.login}, browser_of(visit),
                 {.is_signup_open = visit.config.web.signup == "open",
                  .times = session_times(visit.config.web)},
                 base::system_random());
  if (const auto* failure = std::get_if<login::Failure>(&admitted))
    return failed_login(visit, *failure);
  const auto& admission = std::get<web::Admission>(admitted);
  keep_for_sync(visit, admission, identity);
  auto response = enter(visit, admission, login.next);
  server::expire_cookie(response, login::attempt_cookie);
  return response;
}

}  // namespace devy::daemon
