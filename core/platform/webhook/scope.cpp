#include "core/platform/webhook/scope.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/webhook/event.hpp"

namespace devy::webhook {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view for_repository = "for ";

// The events that GitHub sends to a repository's own webhook and that its admins may cause anyway.
// `public` is an older event that means the same as repository.publicized. Events of installations
// are never among them: they name other repositories.
constexpr std::array<std::string_view, 15> own_events{"commit_comment",
                                                      "issue_comment",
                                                      "issues",
                                                      "label",
                                                      "member",
                                                      "meta",
                                                      "milestone",
                                                      "ping",
                                                      "public",
                                                      "pull_request",
                                                      "pull_request_review",
                                                      "pull_request_review_comment",
                                                      "pull_request_review_thread",
                                                      "push",
                                                      "repository"};

}  // namespace

std::string to_string(const Scope& scope) {
  switch (scope.reach) {
    case Reach::unscoped: return "unscoped";
    case Reach::repository: return std::string(for_repository) + std::to_string(scope.github_id);
    case Reach::app: return "app";
  }
  return "";
}

std::optional<Scope> parse_scope(std::string_view text) {
  if (text == "unscoped") return Scope{};
  if (text == "app") return Scope{Reach::app};
  if (!text.starts_with(for_repository)) return std::nullopt;
  text.remove_prefix(for_repository.size());
  std::int64_t id = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), id);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || id < 1)
    return std::nullopt;
  return Scope::of_repository(id);
}

void require_in_scope(const Scope& scope, const Event& event) {
  if (scope.reach != Reach::repository) return;
  if (!event.repository || event.repository->github_id != scope.github_id)
    throw Error(ErrorKind::denied,
                "unable to record a delivery: its secret is another repository's",
                "Check `for` in webhook.secrets.", "wrong_repository");
  if (std::ranges::find(own_events, event.name) == own_events.end())
    throw Error(ErrorKind::denied,
                "unable to record a delivery: the secret of a repository cannot sign the event " +
                    base::in_quotes(event.name),
                "Deselect that event in the repository's webhook; events of a GitHub App need its "
                "own secret, with `app` in webhook.secrets.",
                "wrong_event");
}

}  // namespace devy::webhook
