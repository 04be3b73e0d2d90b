#include "core/platform/web/login/github_oauth.hpp"

#include <algorithm>
#include <initializer_list>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/percent.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/json/reader.hpp"
#include "core/platform/web/login/session_token.hpp"

namespace devy::login {
namespace {

using Parameters = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// A user's document has some two kilobytes, a token's less.
constexpr std::uint64_t oauth_answer_bytes_max = 64UL * 1024;
constexpr json::Format oauth_format{
    .name = "an answer of GitHub's login", .bytes_max = oauth_answer_bytes_max, .depth_max = 8};
constexpr std::size_t code_bytes_max = 256;

std::string encoded_parameters(Parameters parameters) {
  constexpr std::string_view unreserved = "-._~";
  std::string text;
  for (const auto& [name, value] : parameters) {
    text.append(text.empty() ? "" : "&").append(name).append("=");
    for (const char byte : value) {
      const bool is_plain =
          base::is_letter_or_digit(byte) || unreserved.find(byte) != std::string_view::npos;
      if (is_plain) text += byte;
      else base::append_percent_encoded(text, byte);
    }
  }
  return text;
}

Failure failure_of(const base::Error& error) {
  if (error.code() == "timed_out") return Failure::timed_out;
  const bool is_ours = error.code() == "response_too_large" || error.kind() == oauth_format.kind;
  return is_ours ? Failure::malformed : Failure::unreachable;
}

// A document, or why there is none. What an error says is told with status 200 by one of the two
// endpoints, and by its status alone by the other.
std::variant<json::Value, Failure> ask(http::Transport& transport, http::Request request) {
  request.headers.emplace_back("Accept", "application/json");
  request.headers.emplace_back("User-Agent", "devy-upload");
  request.answer_bytes_max = oauth_answer_bytes_max;
  try {
    const auto response = transport.send(request);
    if (response.status >= 500) return Failure::unreachable;
    if (response.status == 401) return Failure::code_refused;
    if (response.status == 404) return Failure::client_refused;
    if (response.status != 200) return Failure::refused;
    auto document = json::parse(response.body, oauth_format);
    if (!document.is_object()) return Failure::malformed;
    if (document.has("error")) return failure_named(document.if_text("error").value_or(""));
    return document;
  } catch (const base::Error& error) {
    return failure_of(error);
  }
}

bool is_token_text(const std::string& text) {
  return !text.empty() && text.size() <= code_bytes_max && base::is_word_of(text, "_-.");
}

std::chrono::seconds seconds_in(const json::Value& document, const char* name) {
  constexpr std::int64_t year = 366L * 86'400;
  return std::chrono::seconds(
      std::clamp<std::int64_t>(document.if_integer(name).value_or(0), 0, year));
}

// Asks for a token, as RFC 6749 has it.
std::variant<TokenPair, Failure> ask_for_token(http::Transport& transport, const OauthApp& app,
                                               std::string parameters) {
  http::Request request;
  request.method = "POST";
  request.url = pages_url(app.api_url) + "/login/oauth/access_token";
  request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  request.body = std::move(parameters);
  auto answer = ask(transport, std::move(request));
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  const auto& document = std::get<json::Value>(answer);
  auto token = document.if_text("access_token").value_or("");
  const auto kind = document.if_text("token_type").value_or("");
  if (!is_token_text(token) || !base::is_same_word(kind, "bearer")) return Failure::malformed;
  TokenPair pair;
  pair.token = base::Secret(std::move(token));
  pair.scopes = document.if_text("scope").value_or("");
  if (auto refresh = document.if_text("refresh_token").value_or(""); is_token_text(refresh)) {
    pair.refresh = base::Secret(std::move(refresh));
    pair.ends_in = seconds_in(document, "expires_in");
    pair.refresh_ends_in = seconds_in(document, "refresh_token_expires_in");
  }
  return pair;
}

std::variant<Identity, Failure> exchange(http::Transport& transport, const OauthApp& app,
                                         std::string_view code, std::string_view verifier) {
  auto answer = ask_for_token(transport, app,
                              encoded_parameters({{"client_id", app.client_id},
                                                  {"client_secret", app.client_secret.reveal()},
                                                  {"code", code},
                                                  {"redirect_uri", app.redirect_uri},
                                                  {"code_verifier", verifier}}));
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  auto& pair = std::get<TokenPair>(answer);
  Identity identity;
  identity.token = std::move(pair.token);
  identity.scopes = std::move(pair.scopes);
  identity.refresh = std::move(pair.refresh);
  identity.ends_in = pair.ends_in;
  identity.refresh_ends_in = pair.refresh_ends_in;
  return identity;
}

}  // namespace

std::string pages_url(std::string_view api_url) {
  constexpr std::string_view enterprise_path = "/api/v3", api_host = "https://api.";
  // github.com, and the hosts of GitHub Enterprise Cloud.
  if (api_url.starts_with(api_host) &&
      (api_url.ends_with(".github.com") || api_url.ends_with(".ghe.com")))
    return "https://" + std::string(api_url.substr(api_host.size()));
  if (api_url.ends_with(enterprise_path)) api_url.remove_suffix(enterprise_path.size());
  return std::string(api_url);
}

Pkce new_pkce(base::Random& random) {
  auto verifier = new_token(random);
  auto challenge = challenge_of(verifier.reveal());
  return {std::move(verifier), std::move(challenge)};
}

std::string challenge_of(std::string_view verifier) {
  return base::encode_base64url(base::view_of(base::sha256(verifier)));
}

std::string authorize_url(const OauthApp& app, const Authorization& authorization) {
  return pages_url(app.api_url) + "/login/oauth/authorize?" +
         encoded_parameters({{"client_id", app.client_id},
                             {"redirect_uri", app.redirect_uri},
                             {"scope", authorization.scope},
                             {"state", authorization.state},
                             {"code_challenge", authorization.challenge},
                             {"code_challenge_method", "S256"},
                             {"response_type", "code"}});
}

http::TransportOptions transport_options(const std::string& ca_file) {
  using std::chrono::seconds;
  return {.ca_file = ca_file,
          .connect_timeout = seconds(3),
          .read_timeout = seconds(5),
          .answer_timeout = seconds(2),
          .body_bytes_max = oauth_answer_bytes_max};
}

std::variant<Identity, Failure> identify(http::Transport& transport, const OauthApp& app,
                                         std::string_view code, std::string_view verifier) {
  if (code.empty() || code.size() > code_bytes_max) return Failure::code_refused;
  auto exchanged = exchange(transport, app, code, verifier);
  if (std::holds_alternative<Failure>(exchanged)) return exchanged;
  auto& identity = std::get<Identity>(exchanged);
  http::Request request;
  request.url = app.api_url + "/user";
  request.headers.emplace_back("Authorization", "Bearer " + std::string(identity.token.reveal()));
  auto answer = ask(transport, std::move(request));
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  const auto& user = std::get<json::Value>(answer);
  identity.id = user.if_integer("id").value_or(0);
  identity.login = user.if_text("login").value_or("");
  if (identity.id <= 0 || identity.login.empty() || identity.login.size() > code_bytes_max)
    return Failure::malformed;
  return exchanged;
}

std::variant<TokenPair, Failure> renew(http::Transport& transport, const OauthApp& app,
                                       const base::Secret& refresh) {
  return ask_for_token(transport, app,
                       encoded_parameters({{"client_id", app.client_id},
                                           {"client_secret", app.client_secret.reveal()},
                                           {"grant_type", "refresh_token"},
                                           {"refresh_token", refresh.reveal()}}));
}

bool is_app_token(std::string_view token) {
  return token.starts_with("ghu_");
}

bool has_scope(std::string_view scopes, std::string_view scope) {
  while (!scopes.empty()) {
    const auto end = std::min(scopes.find_first_of(", "), scopes.size());
    if (scopes.substr(0, end) == scope) return true;
    scopes.remove_prefix(std::min(end + 1, scopes.size()));
  }
  return false;
}

}  // namespace devy::login
