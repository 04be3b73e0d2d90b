#include "core/publishing/subscriber.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/log.hpp"
#include "core/publishing/reconcile/audit.hpp"
#include "core/publishing/reconcile/due_blogs.hpp"
#include "core/publishing/store/push_store.hpp"
#include "core/publishing/store/repository_store.hpp"
#include "core/publishing/upload/remote_tokens.hpp"
#include "core/publishing/upload/repository_events.hpp"

namespace devy::publishing {
namespace {

using webhook::Event;
using webhook::Received;

bool is_repository_event(const Event& event) {
  return std::holds_alternative<webhook::RepositoryChanged>(event.what) ||
         std::holds_alternative<webhook::InstallationChanged>(event.what);
}

// Returns why a push by itself makes no upload; empty when it may make one.
std::string ignore_reason(const webhook::Push& push) {
  if (push.branch.empty()) return "not a branch";
  // Its posts stay: a branch may be deleted by mistake.
  if (push.is_deleted) return "branch deleted";
  if (push.is_skipped) return "skip marker";
  return {};
}

// The push of an event that may make an upload; null for any other event.
const webhook::Push* push_of(const Event& event) {
  const auto* push = std::get_if<webhook::Push>(&event.what);
  return push != nullptr && ignore_reason(*push).empty() ? push : nullptr;
}

// The pushes among the deliveries, and their places.
struct Pushes {
  std::vector<PushedTo> targets;
  std::vector<std::size_t> places;
};
Pushes pushes_in(const config::Config& config, std::span<const Received> deliveries) {
  Pushes pushes;
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& [guid, event, scope] = deliveries[place];
    const auto* push = push_of(event);
    if (push == nullptr) continue;
    PushedTo to;
    to.guid = guid;
    to.branch = push->branch;
    to.github_id = event.repository->github_id;
    to.may_hint = scope.reach != webhook::Reach::repository;
    to.is_own = scope.is_own();
    to.default_branch = event.repository->default_branch;
    to.url = upload::allowed_url(config, event.repository->clone_url).value_or("");
    to.owner = event.repository->owner;
    to.name = event.repository->name;
    to.is_private = event.repository->is_private;
    if (scope.reach == webhook::Reach::app) to.installation = event.installation;
    to.pushed_at = push->pushed_at;
    to.commit = push->after;
    pushes.targets.push_back(std::move(to));
    pushes.places.push_back(place);
  }
  return pushes;
}

}  // namespace

std::vector<webhook::Opinion> Subscriber::consider(pg::Connection& connection,
                                                   const config::Config& config,
                                                   std::span<const Received> deliveries,
                                                   bool may_wait) const {
  std::vector<webhook::Opinion> opinions(deliveries.size());
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& event = deliveries[place].event;
    opinions[place].is_accepted = is_repository_event(event);
    if (const auto* push = std::get_if<webhook::Push>(&event.what))
      opinions[place].reason = ignore_reason(*push);
  }
  const auto pushes = pushes_in(config, deliveries);
  if (pushes.targets.empty()) return opinions;
  const auto considered = consider_pushes(connection, pushes.targets, may_wait);
  for (std::size_t i = 0; i < considered.size(); ++i)
    opinions[pushes.places[i]] = {considered[i].is_busy, considered[i].obstacle.empty(),
                                  considered[i].is_repository_known, considered[i].obstacle};
  return opinions;
}

webhook::Operations Subscriber::record(pg::Connection& connection, const config::Config& config,
                                       std::span<const Received> deliveries) const {
  webhook::Operations operations(deliveries.size());
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& delivery = deliveries[place];
    if (is_repository_event(delivery.event))
      operations[place] = upload::apply_repository_event(connection, config, delivery);
  }
  const auto pushes = pushes_in(config, deliveries);
  if (pushes.targets.empty()) return operations;
  const auto recorded =
      record_pushes(connection, pushes.targets, static_cast<int>(config.queue.max_attempts));
  for (std::size_t i = 0; i < recorded.size(); ++i)
    if (recorded[i]) operations[pushes.places[i]].push_back(*recorded[i]);
  return operations;
}

bool Subscriber::is_solo(const Event& event) const {
  return is_repository_event(event);
}

webhook::Operations Subscriber::find_recorded(pg::Connection& connection,
                                              std::span<const std::string> guids) const {
  return uploads_of_deliveries(connection, guids);
}

std::map<std::int64_t, std::string> Subscriber::subjects(
    pg::Connection& connection, const std::vector<std::int64_t>& repositories) const {
  return blogs_of_repositories(connection, repositories);
}

bool Subscriber::wants(std::string_view event, const config::Config& /*config*/) const {
  // github.md's table.
  constexpr std::array<std::string_view, 6> events{
      "push", "repository", "public", "installation", "installation_repositories", "meta"};
  return std::ranges::find(events, event) != events.end();
}

std::vector<webhook::WatchedRepository> Subscriber::watched_repositories(
    pg::Connection& connection, const std::string& host) const {
  std::vector<webhook::WatchedRepository> watched;
  for (auto& repository : connected_repositories(connection, host))
    watched.push_back({repository.id.text(), std::move(repository.url)});
  return watched;
}

webhook::Recovery Subscriber::recover(pg::Connection& connection, const config::Config& config,
                                      const webhook::LostDelivery& lost,
                                      const std::stop_token& stop) const {
  if (lost.event != "push") return webhook::Recovery::none;
  std::optional<base::BlogId> id;
  if (base::is_uuid(lost.hook)) id = blog_of_repository(connection, lost.hook);
  else if (!lost.repository) return webhook::Recovery::none;
  else if (const auto found = find_repository_blog(connection, *lost.repository)) id = found;
  if (!id) return webhook::Recovery::unneeded;
  const auto blog = find_blog_by_id(connection, *id, Counts::without);
  if (!blog.is_connected || blog.frozen_reason) return webhook::Recovery::unneeded;
  git::TipAsker asker(upload::remote_tokens(config));
  const auto result = reconcile::reconcile(connection, reconcile::with_short_timeouts(config), blog,
                                           reconcile::maintenance, asker, stop);
  base::log::info("lost push recovered",
                  {{"delivery", lost.guid}, {"blog", blog.address()}, {"result", result.note}});
  return webhook::Recovery::recovered;
}

}  // namespace devy::publishing
