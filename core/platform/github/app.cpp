#include "core/platform/github/app.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/json/json.hpp"

namespace devy::github {
namespace {

constexpr std::chrono::hours token_life{1};  // GitHub's, where the answer does not say

// Rights are asked for with the repositories that they are for.
json::Json repository_alone(std::int64_t github_id) {
  return json::Json::object({{"repository_ids", json::Json::array({github_id})}});
}

}  // namespace

App::App(std::string app_id, token::Signer signer, Client& client, const base::Clock& clock)
    : app_id_(std::move(app_id)), signer_(std::move(signer)), client_(client), clock_(clock) {}

const base::Secret& App::bearer() {
  const auto now = clock_.now();
  if (own_.ends_at - token_margin <= now) {
    token::NewToken token;
    token.issuer = app_id_;
    token.issued_at = now - issued_before;
    token.ends_at = now + app_token_life;
    own_ = {base::Secret(signer_.sign(token)), token.ends_at};
  }
  return own_.secret;
}

const base::Secret& App::repository_bearer(const InstalledRepository& repository) {
  const auto now = clock_.now();
  const auto found = tokens_.find(repository.github_id);
  if (found != tokens_.end() && found->second.installation == repository.installation &&
      found->second.token.ends_at - token_margin > now)
    return found->second.token.secret;
  if (tokens_.size() >= tokens_max) tokens_.clear();
  auto token = new_installation_token(repository.installation,
                                      repository_alone(repository.github_id).compact());
  return (tokens_[repository.github_id] = {repository.installation, std::move(token)}).token.secret;
}

App::Token App::reading_token(const InstalledRepository& repository) {
  auto rights = repository_alone(repository.github_id);
  rights.set("permissions", json::Json::object({{"contents", "read"}}));
  return new_installation_token(repository.installation, rights.compact());
}

App::Token App::asking_token(std::int64_t installation, const std::string& name) {
  const auto rights =
      json::Json::object({{"repositories", json::Json::array({name})},
                          {"permissions", json::Json::object({{"metadata", "read"}})}});
  return new_installation_token(installation, rights.compact());
}

// GitHub answers 422 when the installation does not have the repository.
Answer App::send_for_token(std::int64_t installation, const std::string& rights) {
  try {
    return client_.send(
        {.method = "POST",
         .path = "/app/installations/" + std::to_string(installation) + "/access_tokens",
         .body = rights,
         .bearer = &bearer()});
  } catch (const base::Error& error) {
    if (error.code() != "github_refused") throw;
    throw base::Error(base::ErrorKind::not_found, error.text(),
                      "Install the App on the repository at GitHub.", "app_not_installed");
  }
}

App::Token App::new_installation_token(std::int64_t installation, const std::string& rights) {
  const auto answer = send_for_token(installation, rights);
  const auto document = parse_document(answer.body);
  auto token = document.if_text("token");
  if (!token || token->empty()) throw_garbage("it has no token");
  const auto ends_at = base::parse_rfc3339(document.if_text("expires_at").value_or(""));
  return {base::Secret(*std::move(token)), ends_at.value_or(clock_.now() + token_life)};
}

std::int64_t App::installation_of(const std::string& repository) {
  const auto answer =
      client_.send({.path = "/repos/" + repository + "/installation", .bearer = &bearer()});
  const auto id = parse_document(answer.body).if_integer("id");
  if (!id) throw_garbage("it has no installation");
  return *id;
}

}  // namespace devy::github
