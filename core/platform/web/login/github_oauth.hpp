#pragma once
// GitHub's OAuth, for an OAuth App and for a GitHub App alike: the address to which a browser is
// sent, the exchange of the code that it comes back with, and who the user is. With PKCE (RFC 7636,
// S256). It knows no database; attempts are login_store's.
//
// One thread; borrows the transport. Whatever GitHub does is a value; nothing is thrown for it, and
// no text of GitHub's is passed on.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/platform/base/random.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/http/transport.hpp"
#include "core/platform/web/login/failure.hpp"

namespace devy::login {

struct OauthApp {
  std::string client_id;
  base::Secret client_secret;
  std::string api_url;       // github.api_url
  std::string redirect_uri;  // <web.url>/login/authorized, exactly as GitHub knows it
};

// The address of GitHub's pages for that of its API: https://github.com for
// https://api.github.com, https://host for https://host/api/v3.
[[nodiscard]] std::string pages_url(std::string_view api_url);

struct Pkce {
  base::Secret verifier;  // 43 letters; stays here until the exchange
  std::string challenge;  // goes with the browser
};
[[nodiscard]] Pkce new_pkce(base::Random& random);
[[nodiscard]] std::string challenge_of(std::string_view verifier);

struct Authorization {
  std::string_view state;      // session_token.hpp
  std::string_view challenge;  // of Pkce
  std::string_view scope;      // "user:email", or "user:email admin:repo_hook"
};
// The address to send the browser to, by a link or a redirect.
[[nodiscard]] std::string authorize_url(const OauthApp& app, const Authorization& authorization);

// Limits for a transport: ten seconds for each request altogether.
[[nodiscard]] http::TransportOptions transport_options(const std::string& ca_file);

// A token, and the one by which it is renewed: empty, and zero, where it does not end.
struct TokenPair {
  base::Secret token, refresh;
  std::chrono::seconds ends_in{0}, refresh_ends_in{0};
  std::string scopes;  // as they were granted: "admin:repo_hook,user:email"; empty of a GitHub App
};
// Has the token of a GitHub App's user renewed, which ends after eight hours; `refresh` can be used
// once. Failure::code_refused: GitHub renews it no more. `app` needs no redirect_uri.
[[nodiscard]] std::variant<TokenPair, Failure> renew(http::Transport& transport,
                                                     const OauthApp& app,
                                                     const base::Secret& refresh);

// A user as GitHub knows him, with the token that proved it. Drop the token as soon as it is not
// needed.
struct Identity {
  std::int64_t id = 0;
  std::string login;
  base::Secret token;
  std::string scopes;  // as they were granted: "admin:repo_hook,user:email"; empty of a GitHub App
  // A token of a GitHub App's user ends: this renews it, and says when both end.
  base::Secret refresh;
  std::chrono::seconds ends_in{0}, refresh_ends_in{0};
};
// Exchanges a code for a token, and asks whose it is.
[[nodiscard]] std::variant<Identity, Failure> identify(http::Transport& transport,
                                                       const OauthApp& app, std::string_view code,
                                                       std::string_view verifier);

// Tells whether a scope was granted, by the list that GitHub gave.
[[nodiscard]] bool has_scope(std::string_view scopes, std::string_view scope);
// Tells whether a token is that of a GitHub App's user: it has no scopes, and may do what the App
// may.
[[nodiscard]] bool is_app_token(std::string_view token);

}  // namespace devy::login
