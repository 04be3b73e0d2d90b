#include "daemon/web/api_caller.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/http/server/cookie.hpp"
#include "core/platform/http/server/form.hpp"
#include "core/platform/token/claims.hpp"
#include "core/platform/token/token_store.hpp"
#include "core/platform/web/login/csrf.hpp"
#include "core/platform/web/login/github_oauth.hpp"
#include "core/platform/web/login/session_token.hpp"
#include "core/platform/web/login_store.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/known_visitor.hpp"

namespace devy::daemon {
namespace {

using base::Error;

constexpr int github_away_seconds = 30;

// The bearer of the only Authorization header; nothing when there is none, empty when it is no
// bearer.
std::optional<std::string_view> sent_bearer(const server::ReceivedRequest& request) {
  if (http::first_header(request.headers, "Authorization").empty()) return std::nullopt;
  constexpr std::string_view scheme = "Bearer ", old_scheme = "token ";
  const auto value = request.header("Authorization");
  for (const auto prefix : {scheme, old_scheme})
    if (value.size() > prefix.size() && base::is_same_word(value.substr(0, prefix.size()), prefix))
      return value.substr(prefix.size());
  return std::string_view();
}

http::Response not_known() {
  return message_answer(401,
                        "The token is not valid, or no more. Send `Authorization: Bearer` with a "
                        "token of this site, or with one of GitHub's.");
}

bool is_loopback_name(std::string_view host) {
  return base::is_same_word(host, "localhost") || host == "[::1]" || host.starts_with("127.");
}

std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return host;
  return host.substr(0, colon);
}

}  // namespace

bool is_from_elsewhere(const server::ReceivedRequest& request,
                       const std::vector<std::string>& origins) {
  const auto host = request.header("Host");
  const bool is_own_host =
      is_loopback_name(without_port(host)) || std::ranges::any_of(origins, [&](const auto& origin) {
        return base::is_same_word(origin.substr(origin.find("://") + 3), host);
      });
  if (!is_own_host) return true;
  if (!http::first_header(request.headers, "Origin").empty() &&
      std::ranges::find(origins, request.header("Origin")) == origins.end())
    return true;
  if (http::first_header(request.headers, "Sec-Fetch-Site").empty()) return false;
  const auto site = request.header("Sec-Fetch-Site");
  return site != "same-origin" && site != "none";
}

web::GithubTokens::MakeTransport github_transports(const config::Config& config,
                                                   web::GithubTokens::MakeTransport of_test) {
  if (of_test) return of_test;
  return [&config] {
    return http::make_httplib_transport(login::transport_options(config.git.ca_file));
  };
}

ApiCallers::ApiCallers(const config::Config& config, web::GithubTokens& tokens,
                       std::vector<std::string> origins)
    : config_(config),
      tokens_(tokens),
      origins_(std::move(origins)),
      keys_(config.api.keys, config.api.jwks_file),
      callers_(config.api.account_requests_per_minute),
      strangers_(config.api.account_requests_per_minute) {}

ApiCallers::Found ApiCallers::identify(const server::ReceivedRequest& request,
                                       pg::Connection& connection, const IdentifyOptions& options) {
  const auto now = base::system_clock().monotonic_now();
  const auto network = sender_of(request).network;
  const auto bearer = sent_bearer(request);
  Found found = Caller{"anonymous", {}, {}, {}};
  if (bearer) {
    found = by_bearer(*bearer, connection, options);
  } else if (options.is_session_allowed) {
    found = by_session(request, connection, options);
  } else if (!options.is_anonymous_allowed) {
    found = message_answer(401,
                           "Send `Authorization: Bearer` with a token of this site, or with one of "
                           "GitHub's.");
  } else if (is_from_elsewhere(request, origins_)) {
    found = message_answer(403,
                           "A request without a token has to come from this machine or this site, "
                           "and not from a page of another one.");
  }
  // Guessing, and asking GitHub about tokens, is slow for whoever does it.
  if (!std::holds_alternative<Caller>(found)) {
    if (options.is_counted)
      if (const auto wait = strangers_.take(network, now)) return too_many_answer(*wait);
    return found;
  }
  const auto& caller = std::get<Caller>(found);
  if (options.is_counted)
    if (const auto wait = callers_.take(caller.is_anonymous() ? network : caller.name, now))
      return too_many_answer(*wait);
  return found;
}

ApiCallers::Found ApiCallers::by_bearer(std::string_view bearer, pg::Connection& connection,
                                        const IdentifyOptions& options) {
  if (web::is_github_token(bearer)) return by_github(bearer, options);
  return by_site(bearer, connection);
}

ApiCallers::Found ApiCallers::by_site(std::string_view token, pg::Connection& connection) {
  token::Claims claims;
  try {
    const token::Rules rules{config_.api.issuer, config_.api.audience, config_.api.leeway,
                             config_.api.token_life_max};
    const auto now = base::system_clock().monotonic_now();
    claims = token::verify(token, *keys_.keys(now), rules, base::system_clock().now());
  } catch (const Error&) {
    return not_known();
  }
  if (!claims.id.empty() && token::is_token_denied(connection, claims.id)) return not_known();
  Caller caller;
  caller.name = "api:" + claims.subject;
  caller.token_key = claims.key;
  caller.github_id = web::github_id_of(connection, claims.subject);
  if (caller.github_id) caller.login = claims.subject;
  return caller;
}

// Notes what is known of a form that is still to come.
bool ApiCallers::is_form_ours(const server::ReceivedRequest& request, const std::string& token,
                              const IdentifyOptions& options, Caller& caller) const {
  if (!options.is_body_later)
    return is_own_act(request, server::read_form(request), token, origins_);
  if (!login::is_from_own_page(request.headers, origins_)) return false;
  // As the browser sent it: the page was made with that one, though it may be renewed by now.
  caller.session_token =
      base::Secret(std::string(server::cookie_value(request, login::session_cookie).value_or("")));
  const auto sent = request.header(login::csrf_header);
  caller.is_form_known = login::is_csrf_token(caller.session_token.reveal(), sent);
  return caller.is_form_known || sent.empty();
}

ApiCallers::Found ApiCallers::by_session(const server::ReceivedRequest& request,
                                         pg::Connection& connection,
                                         const IdentifyOptions& options) const {
  const auto known = find_visitor(connection, request, config_.web.session_idle);
  if (!known)
    return message_answer(401, "Log in, or send `Authorization: Bearer` with a token of GitHub's.");
  Caller caller;
  if (!is_form_ours(request, known->token, options, caller))
    return message_answer(403,
                          "The form was not sent by a page of this site, or is too old: load the "
                          "page again.");
  caller.name = "web:" + known->visitor.username;
  caller.has_session = true;
  caller.github_id = web::github_id_of(connection, known->visitor.username);
  if (caller.github_id) caller.login = known->visitor.username;
  if (auto token = hook_token(connection, config_.web, known->visitor.session_id))
    caller.github_token = *std::move(token);
  if (known->is_renewed) caller.renewed_cookie = known->token;
  return caller;
}

ApiCallers::Found ApiCallers::by_github(std::string_view token, const IdentifyOptions& options) {
  base::Secret secret{std::string(token)};
  auto told = tokens_.known_owner(secret);
  if (!told) {
    if (!options.is_waiting_allowed) return AskGithub();
    told = tokens_.owner(secret);
  }
  if (const auto* reason = std::get_if<web::NotTold>(&*told)) {
    if (*reason == web::NotTold::refused) return not_known();
    return later_answer("GitHub does not say whose the token is.", github_away_seconds);
  }
  auto& owner = std::get<web::TokenOwner>(*told);
  return Caller{"github:" + owner.login, owner.id, owner.login, std::move(secret)};
}

}  // namespace devy::daemon
