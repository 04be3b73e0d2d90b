#include "core/platform/github/check_response.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/github/document.hpp"

namespace devy::github {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t message_bytes_max = 200;

// The message in GitHub's response; empty for a page of a proxy.
std::string message_of(const http::Response& response) {
  try {
    const auto message = parse_document(response.body).if_text("message").value_or("");
    return base::safe_text(base::redact(message), message_bytes_max);
  } catch (const Error&) {
    return {};
  }
}

struct Meaning {
  ErrorKind kind;
  const char *code, *hint;
};

Meaning meaning_of(int status) {
  switch (status) {
    case 401:
      return {
          ErrorKind::denied, "github_unauthorized",
          "Check github.token_file, or github.app_id and github.app_key_file: the credential is "
          "wrong, expired or revoked."};
    case 403:
      return {ErrorKind::denied, "github_forbidden",
              "Give the token or GitHub App the permission that this needs: commit statuses and "
              "webhooks."};
    case 410:
      return {ErrorKind::not_found, "github_gone",
              "It was deleted at GitHub, or is switched off there."};
    case 451:
      return {ErrorKind::not_found, "github_blocked",
              "GitHub shows it to nobody, for legal reasons."};
    case 404:
      return {ErrorKind::not_found, "github_not_found",
              "It does not exist, or the token or GitHub App may not see it."};
    case 408: break;
    default:
      if (status >= 300 && status < 400)
        return {ErrorKind::rejected, "github_redirect", "Check github.api_url."};
      if (status >= 400 && status < 500)
        return {ErrorKind::rejected, "github_refused", "The message says what GitHub minds."};
  }
  return {ErrorKind::unavailable, "github_unavailable",
          "GitHub has trouble; it is tried again by itself."};
}

}  // namespace

void check_response(const std::string& subject, const http::Response& response) {
  if ((response.status >= 200 && response.status < 300) || response.status == 304) return;
  const auto meaning = meaning_of(response.status);
  const auto message = message_of(response);
  throw Error(meaning.kind,
              "unable to ask GitHub for " + subject + ": status " +
                  std::to_string(response.status) + (message.empty() ? "" : ", " + message),
              meaning.hint, meaning.code);
}

}  // namespace devy::github
