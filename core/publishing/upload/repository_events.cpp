#include "core/publishing/upload/repository_events.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/git/url_policy.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::upload {
namespace {

using webhook::RepositoryChange;

constexpr const char* deleted_reason = "repository deleted";
constexpr const char* removed_reason = "installation removed";

std::string_view host_of(std::string_view url) {
  const auto begin = std::min(url.find("://"), url.size());
  const auto rest = url.substr(std::min(begin + 3, url.size()));
  return rest.substr(0, rest.find('/'));
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

// Follows a rename where the repository was fetched from that very server before.
std::optional<std::string> new_url(const config::Config& config,
                                   const webhook::Repository& repository, const std::string& old) {
  auto url = allowed_url(config, repository.clone_url);
  if (!url || host_of(*url) != host_of(old)) return std::nullopt;
  return url;
}

std::vector<base::UploadId> apply_change(pg::Connection& connection, const config::Config& config,
                                         const webhook::Repository& repository,
                                         const webhook::RepositoryChanged& changed,
                                         const std::string& guid) {
  if (changed.change == RepositoryChange::deleted) {
    publishing::freeze_repositories(connection, {repository.github_id}, deleted_reason);
    return {};
  }
  const auto blog = publishing::find_repository_blog(connection, repository.github_id);
  publishing::RepositoryUpdate update;
  update.github_id = repository.github_id;
  update.owner = repository.owner;
  update.name = repository.name;
  update.is_private = repository.is_private;
  if (!repository.default_branch.empty()) update.default_branch = repository.default_branch;
  const bool is_moved = changed.change == RepositoryChange::renamed ||
                        changed.change == RepositoryChange::transferred;
  if (is_moved && blog) update.url = new_url(config, repository, blog->url);
  publishing::update_repository(connection, update);
  if (!blog || !changed.is_default_branch_changed || !blog->follows_default_branch) return {};
  return record(connection, config, blog->blog, guid, "the default branch changed");
}

std::vector<base::UploadId> apply_installation(pg::Connection& connection,
                                               const config::Config& config,
                                               const webhook::Event& event,
                                               const webhook::InstallationChanged& changed,
                                               const std::string& guid) {
  auto lost = changed.lost;
  if (changed.is_whole_lost && event.installation) {
    const auto others = publishing::repositories_of_installation(connection, *event.installation);
    lost.insert(lost.end(), others.begin(), others.end());
  }
  // In one order, so that two deliveries never wait for each other.
  std::sort(lost.begin(), lost.end());
  if (event.name == "meta") {
    // Its hook went, not our access: reconcile still sees what is pushed.
    for (const auto id : lost)
      publishing::note_hook_lost(connection, id);
    return {};
  }
  publishing::freeze_repositories(connection, lost, removed_reason);
  auto gained = changed.gained;
  std::sort(gained.begin(), gained.end());
  std::vector<base::UploadId> uploads;
  for (const auto& blog : publishing::thaw_repositories(connection, gained, removed_reason))
    for (const auto& upload : record(connection, config, blog, guid, "it can be reached again"))
      uploads.push_back(upload);
  return uploads;
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
                                                   const webhook::Event& event,
                                                   const std::string& guid) {
  if (const auto* changed = std::get_if<webhook::RepositoryChanged>(&event.what))
    return apply_change(connection, config, *event.repository, *changed, guid);
  if (const auto* changed = std::get_if<webhook::InstallationChanged>(&event.what))
    return apply_installation(connection, config, event, *changed, guid);
  return {};
}

}  // namespace devy::upload
