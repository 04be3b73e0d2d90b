#include "core/platform/web/github_tokens.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/github/client.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::web {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::chrono::minutes answers_life{5};
// Shorter for a token that GitHub does not know: whoever mends it need not wait.
constexpr std::chrono::seconds refusals_life{30};
constexpr std::size_t answers_max = 10'000;
constexpr std::size_t github_token_bytes_max = 255;  // GitHub's own limit
// A repository's document has up to 30 KiB, with that which it was forked from.
constexpr std::uint64_t told_bytes_max = 64UL * 1024;
constexpr json::Format told_format{
    .name = "GitHub's answer", .bytes_max = told_bytes_max, .depth_max = 16};

std::string name_of_token(const base::Secret& token) {
  return std::string(base::view_of(base::sha256(token.reveal())));
}

std::string name_of(const base::Secret& token, std::string_view repository) {
  return name_of_token(token) + base::to_lower(repository);
}

TokenOwner read_owner(const json::Value& document) {
  return {document.integer("id"), document.text("login")};
}

// Whoever gets a repository with his token may read it; GitHub may leave the permissions out.
OpenedRepository read_opened(const json::Value& document, bool has_token) {
  OpenedRepository opened;
  opened.id = document.integer("id");
  opened.is_public =
      !document.boolean("private") && document.if_text("visibility").value_or("public") == "public";
  opened.can_pull = has_token;
  opened.can_admin = has_token && document.if_boolean("permissions/admin").value_or(false);
  return opened;
}

NotTold reason_of(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::denied:
    case ErrorKind::not_found: return NotTold::refused;
    case ErrorKind::busy: return NotTold::limited;
    default: return NotTold::unreachable;
  }
}

json::Value ask_with(http::Transport& transport, const std::string& api_url,
                     const base::Clock& clock, const std::string& path, const base::Secret& token) {
  github::Client client(transport, api_url, clock);
  github::Call call;
  call.path = path;
  call.bearer = token.empty() ? nullptr : &token;
  call.answer_bytes_max = told_bytes_max;
  return json::parse(client.send(call).body, told_format);
}

// Asks whose a token is that was given to this App. The App itself asks, by its secret.
TokenOwner ask_application(http::Transport& transport, const std::string& api_url,
                           const OwnApp& app, const base::Secret& token) {
  http::Request request;
  request.method = "POST";
  request.url = api_url + "/applications/" + app.client_id + "/token";
  request.headers = {
      {"Accept", "application/vnd.github+json"},
      {"Authorization", "Basic " + base::encode_base64(app.client_id + ":" +
                                                       std::string(app.client_secret.reveal()))},
      {"Content-Type", "application/json"},
      {"User-Agent", "devy-upload"}};
  request.body = json::Json::object({{"access_token", token.reveal()}}).compact();
  request.answer_bytes_max = told_bytes_max;
  const auto answer = transport.send(request);
  if (answer.status == 404 || answer.status == 422)
    throw Error(ErrorKind::not_found, "unable to use the token: it was not given to this site");
  if (answer.status == 403 || answer.status == 429)
    throw Error(ErrorKind::busy, "unable to ask about the token: GitHub answers no more");
  if (answer.status != 200)
    throw Error(ErrorKind::unavailable,
                "unable to ask about the token: GitHub answered " + std::to_string(answer.status));
  const auto document = json::parse(answer.body, told_format);
  return {document.integer("user/id"), document.text("user/login")};
}

}  // namespace

GithubTokens::GithubTokens(std::string api_url, MakeTransport make_transport,
                           const base::Clock& clock, std::optional<OwnApp> own_app)
    : api_url_(std::move(api_url)),
      make_transport_(std::move(make_transport)),
      clock_(clock),
      own_app_(std::move(own_app)),
      owners_(answers_life, answers_max),
      repositories_(answers_life, answers_max) {}

std::optional<Told<TokenOwner>> GithubTokens::known_owner(const base::Secret& token) const {
  return owners_.find(name_of_token(token), clock_.monotonic_now());
}

TokenOwner GithubTokens::ask_owner(const base::Secret& token) const {
  const auto transport = make_transport_();
  if (own_app_ && !is_personal_token(token.reveal()))
    return ask_application(*transport, api_url_, *own_app_, token);
  return read_owner(ask_with(*transport, api_url_, clock_, "/user", token));
}

Told<TokenOwner> GithubTokens::owner(const base::Secret& token) {
  if (auto known = known_owner(token)) return *std::move(known);
  Told<TokenOwner> told = NotTold::unreachable;
  std::optional<base::Duration> life;
  try {
    told = ask_owner(token);
  } catch (const Error& error) {
    const auto reason = reason_of(error);
    if (reason != NotTold::refused) return reason;
    told = reason;
    life = refusals_life;
  }
  owners_.put(name_of_token(token), told, clock_.monotonic_now(), life);
  return told;
}

std::optional<Told<OpenedRepository>> GithubTokens::known_repository(
    const base::Secret& token, std::string_view repository) const {
  return repositories_.find(name_of(token, repository), clock_.monotonic_now());
}

Told<OpenedRepository> GithubTokens::repository(const base::Secret& token,
                                                std::string_view repository) {
  if (auto known = known_repository(token, repository)) return *known;
  Told<OpenedRepository> told = NotTold::unreachable;
  try {
    told = read_opened(
        ask_with(*make_transport_(), api_url_, clock_, "/repos/" + std::string(repository), token),
        !token.empty());
  } catch (const Error& error) {
    const auto reason = reason_of(error);
    if (reason != NotTold::refused) return reason;
    told = reason;
  }
  repositories_.put(name_of(token, repository), told, clock_.monotonic_now());
  return told;
}

bool is_personal_token(std::string_view text) {
  constexpr std::size_t old_token_bytes = 40;
  return text.starts_with("ghp_") || text.starts_with("github_pat_") ||
         (text.size() == old_token_bytes && text.find('_') == std::string_view::npos);
}

bool is_github_token(std::string_view text) {
  return text.size() <= github_token_bytes_max && base::is_word_of(text, "_");
}

}  // namespace devy::web
