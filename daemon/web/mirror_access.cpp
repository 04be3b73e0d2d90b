#include "daemon/web/mirror_access.hpp"

#include "core/mirror/scan/load.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"

namespace devy::daemon {
namespace {

constexpr std::chrono::minutes asked_again_after{5};
constexpr std::size_t asked_max = 10'000;

}  // namespace

MirrorAccess::MirrorAccess(const config::Config& config, web::GithubTokens& tokens)
    : config_(config), tokens_(tokens), asked_(asked_again_after, asked_max) {}

mirror::Reader MirrorAccess::reader(const Caller& caller) const {
  return {caller.github_id, config_.mirror.access_max_age};
}

bool MirrorAccess::is_known_open(pg::Connection& connection, const Caller& caller,
                                 const mirror::Repository& repository, Wanted wanted) const {
  if (repository.is_public && wanted == Wanted::pull) return true;
  const auto rights = mirror::find_rights(connection, reader(caller), repository.id);
  return rights && (wanted == Wanted::admin ? rights->can_admin : rights->can_pull);
}

Access MirrorAccess::check(pg::Connection& connection, const Caller& caller,
                           const std::string& name, const std::optional<mirror::Repository>& known,
                           Wanted wanted, bool is_waiting_allowed) {
  if (known && is_known_open(connection, caller, *known, wanted)) return Access::open;
  // GitHub is asked about known and unknown repositories alike: an answer that came sooner
  // would tell which.
  auto told = tokens_.known_repository(caller.github_token, name);
  if (!told) {
    if (!is_waiting_allowed) return Access::ask_github;
    told = tokens_.repository(caller.github_token, name);
  }
  if (known && caller.github_id && caller.github_token.empty())
    ask_by_operation(connection, caller, *known);
  if (const auto* reason = std::get_if<web::NotTold>(&*told))
    return *reason == web::NotTold::refused ? Access::closed : Access::not_told;
  const auto& opened = std::get<web::OpenedRepository>(*told);
  // The name may be another repository's by now.
  if (known && opened.id != known->id) return Access::closed;
  const bool is_open =
      wanted == Wanted::admin ? opened.can_admin : opened.is_public || opened.can_pull;
  return is_open ? Access::open : Access::closed;
}

void MirrorAccess::ask_by_operation(pg::Connection& connection, const Caller& caller,
                                    const mirror::Repository& repository) {
  const auto name = std::to_string(*caller.github_id) + "/" + std::to_string(repository.id);
  const auto now = base::system_clock().monotonic_now();
  if (asked_.find(name, now)) return;
  asked_.put(name, true, now);
  scan::LoadOptions options;
  options.request.source = queue::Source::api;
  options.request.requested_by = caller.name;
  options.request.reason = "may this user read the repository?";
  static_cast<void>(scan::record_load(
      connection, config_, {repository.full_name, "collaborators", caller.login}, options));
}

}  // namespace devy::daemon
