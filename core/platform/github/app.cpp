#include "core/platform/github/app.hpp"

#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"

namespace devy::github {
namespace {

constexpr std::chrono::hours token_life{1};  // GitHub's, where the answer does not say
// The rights requested for a token: all rights of the installation, or fewer.
constexpr const char* every_right = "";
constexpr const char* reading_alone = R"({"permissions":{"contents":"read"}})";

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

const base::Secret& App::installation_bearer(std::int64_t installation) {
  const auto now = clock_.now();
  const auto found = tokens_.find(installation);
  if (found != tokens_.end() && found->second.ends_at - token_margin > now)
    return found->second.secret;
  if (tokens_.size() >= installations_max) tokens_.clear();
  return (tokens_[installation] = new_installation_token(installation, every_right)).secret;
}

App::Token App::reading_token(std::int64_t installation) {
  return new_installation_token(installation, reading_alone);
}

App::Token App::new_installation_token(std::int64_t installation, const char* rights) {
  const auto answer =
      client_.send({.method = "POST",
                    .path = "/app/installations/" + std::to_string(installation) + "/access_tokens",
                    .body = rights,
                    .bearer = &bearer()});
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
