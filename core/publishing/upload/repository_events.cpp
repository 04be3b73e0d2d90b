#include "core/publishing/upload/repository_events.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::upload {
namespace {

using webhook::RepositoryChange;

// The remote is asked by the maintenance process, which is not there when it never compares.
bool is_remote_asked(const config::Config& config) {
  return config.reconcile.every.count() > 0;
}

std::vector<base::UploadId> record(pg::Connection& connection, const config::Config& config,
                                   const base::BlogId& id, const std::string& guid,
                                   const std::string& reason) {
  const auto blog = publishing::find_blog_by_id(connection, id, publishing::Counts::without);
  publishing::UploadRequest request;
  request.source = queue::Source::webhook;
  request.delivery_guid = guid;
  request.max_attempts = static_cast<int>(config.queue.max_attempts);
  request.requested_by = "github";
  request.reason = reason;
  return {publishing::record_upload_within(connection, blog, request).id};
}

// A payload may hide and never reveals. What it says of an address or an existence is a claim,
// which the remote or GitHub confirms.
void claim_change(pg::Connection& connection, const config::Config& config, std::int64_t github_id,
                  RepositoryChange change) {
  using publishing::Claim;
  switch (change) {
    case RepositoryChange::deleted:
      if (is_remote_asked(config))
        publishing::claim_repositories(connection, {github_id}, Claim::deleted);
      else publishing::freeze_repositories(connection, {github_id}, publishing::deleted_reason);
      break;
    case RepositoryChange::renamed:
    case RepositoryChange::transferred:
      publishing::claim_repositories(connection, {github_id}, Claim::moved);
      break;
    case RepositoryChange::publicized:
      publishing::claim_repositories(connection, {github_id}, Claim::made_public);
      break;
    case RepositoryChange::edited:
    case RepositoryChange::privatized:
    case RepositoryChange::archived:
    case RepositoryChange::unarchived:
    case RepositoryChange::other: break;
  }
}

std::vector<base::UploadId> apply_change(pg::Connection& connection, const config::Config& config,
                                         const webhook::Received& delivery,
                                         const webhook::RepositoryChanged& changed) {
  const auto& repository = *delivery.event.repository;
  publishing::Told told;
  told.github_id = repository.github_id;
  told.at = repository.updated_at;
  told.is_private =
      repository.is_private.value_or(false) || changed.change == RepositoryChange::privatized;
  if (delivery.scope.is_own()) told.default_branch = repository.default_branch;
  const auto blog = publishing::record_told(connection, told);
  if (!blog) {
    base::log::info("event not applied", {{"delivery", delivery.guid},
                                          {"reason", "no repository of a blog, or older news"}});
    return {};
  }
  claim_change(connection, config, repository.github_id, changed.change);
  if (!blog->blog || !changed.is_default_branch_changed || !blog->follows_default_branch) return {};
  return record(connection, config, *blog->blog, delivery.guid, "the default branch changed");
}

void apply_installation(pg::Connection& connection, const config::Config& config,
                        const webhook::Event& event, const webhook::InstallationChanged& changed) {
  if (event.name == "meta") {
    publishing::note_hooks_lost(connection, changed.lost);
    return;
  }
  auto lost = changed.lost;
  if (changed.is_whole_lost && event.installation) {
    const auto others = publishing::repositories_of_installation(connection, *event.installation);
    lost.insert(lost.end(), others.begin(), others.end());
  }
  if (config.github.has_app() && is_remote_asked(config))
    publishing::claim_repositories(connection, lost, publishing::Claim::removed);
  else publishing::freeze_repositories(connection, lost, publishing::removed_reason);
  publishing::claim_repositories(connection, changed.gained, publishing::Claim::added);
}

}  // namespace

std::optional<std::string> allowed_url(const config::Config& config, const std::string& url) {
  if (url.empty()) return std::nullopt;
  try {
    return git::normalize_url(url, config.git);
  } catch (const base::Error& error) {
    if (error.kind() != base::ErrorKind::rejected) throw;
    base::log::debug("address not followed", {{"error", error.text()}});
    return std::nullopt;
  }
}

std::vector<base::UploadId> apply_repository_event(pg::Connection& connection,
                                                   const config::Config& config,
                                                   const webhook::Received& delivery) {
  const auto& event = delivery.event;
  if (const auto* changed = std::get_if<webhook::RepositoryChanged>(&event.what))
    return apply_change(connection, config, delivery, *changed);
  if (const auto* changed = std::get_if<webhook::InstallationChanged>(&event.what))
    apply_installation(connection, config, event, *changed);
  return {};
}

}  // namespace devy::upload
