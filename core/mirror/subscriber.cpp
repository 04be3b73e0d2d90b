#include "core/mirror/subscriber.hpp"

#include <algorithm>
#include <charconv>

#include "core/mirror/scan/record_scan.hpp"
#include "core/mirror/scan/told.hpp"
#include "core/mirror/store/delivery_operations.hpp"
#include "core/mirror/store/due_store.hpp"
#include "core/mirror/store/operation_store.hpp"
#include "core/mirror/store/repository_store.hpp"

namespace devy::mirror {
namespace {

using webhook::Event;
using webhook::Received;

using scan::Meaning;
using scan::meanings;

struct Subject {
  const Meaning* meaning;
  const webhook::Named* named;
};

// The things that the event tells of.
std::vector<Subject> subjects_of(const config::Config& config, const Event& event) {
  std::vector<Subject> subjects;
  if (!event.repository) return subjects;
  for (const auto& meaning : meanings()) {
    if (meaning.event != event.name) continue;
    if (meaning.list == "comments" && !config.mirror.comments) continue;
    const auto named = std::ranges::find(event.named, meaning.member, &webhook::Named::member);
    if (named != event.named.end()) subjects.push_back({&meaning, &*named});
  }
  return subjects;
}

bool is_about_repository(const Event& event) {
  return event.repository && (event.name == "repository" || event.name == "public");
}

bool is_wanted(const config::Config& config, const Event& event) {
  return is_about_repository(event) || !subjects_of(config, event).empty();
}

// Where the App was installed or removed; only the App itself is believed about that.
std::optional<InstallationChange> installation_change(const Received& delivery) {
  const auto& event = delivery.event;
  const auto* changed = std::get_if<webhook::InstallationChanged>(&event.what);
  if (changed == nullptr || !event.installation || delivery.scope.reach != webhook::Reach::app)
    return std::nullopt;
  return InstallationChange{*event.installation, changed->gained, changed->lost,
                            changed->is_whole_lost};
}

std::map<std::int64_t, KnownRepository> known_of(pg::Connection& connection,
                                                 const config::Config& config,
                                                 std::span<const Received> deliveries) {
  std::vector<std::int64_t> ids;
  for (const auto& delivery : deliveries)
    if (is_wanted(config, delivery.event)) ids.push_back(delivery.event.repository->github_id);
  if (ids.empty()) return {};
  return known_repositories(connection, ids);
}

// A label has no time of GitHub's: its documents are as new as their arrival.
base::TimePoint event_time(const Subject& subject) {
  return subject.named->updated_at.value_or(base::system_clock().now());
}

// The table's name, where that is not the member's.
std::string_view relation_of(const Meaning& meaning) {
  if (meaning.list == "comments") return "issue_comment";
  if (meaning.list == "hooks") return "repository_hook";
  return meaning.member;
}

// Repositories in webhook::WatchedRepository::key.
constexpr const char* watched_prefix = "mirror/";
// Limit for the lost deliveries of a repository that GitHub is asked to send again.
constexpr std::size_t sent_again_max = 20;

std::optional<std::int64_t> repository_of(const webhook::LostDelivery& lost) {
  if (lost.repository) return lost.repository;
  const std::string_view prefix = watched_prefix;
  if (!lost.hook.starts_with(prefix)) return std::nullopt;
  std::int64_t id = 0;
  const auto* const end = lost.hook.data() + lost.hook.size();
  if (std::from_chars(lost.hook.data() + prefix.size(), end, id).ptr != end) return std::nullopt;
  return id;
}

// GitHub is asked who the repository is now. The resource is its own: it takes the place of no load
// that somebody asked for.
Brought question_about(const Received& delivery, std::int64_t id,
                       const KnownRepository& repository) {
  return {fetch_kind,
          "event/" + repository.full_name,
          "mirror/" + repository.owner,
          repository.full_name,
          id,
          delivery.guid,
          std::nullopt,
          false};
}

Brought brought_by(const Received& delivery, const KnownRepository& repository,
                   const Subject& subject) {
  const auto& event = delivery.event;
  const auto& [meaning, named] = subject;
  auto brought = question_about(delivery, event.repository->github_id, repository);
  const bool has_id = meaning->list == "comments" || meaning->list == "hooks";
  brought.target += "/" + std::string(meaning->list) + "/" +
                    (has_id          ? std::to_string(named->id)
                     : named->number ? std::to_string(*named->number)
                                     : named->name);
  brought.key = "event/" + brought.target;
  if (meaning->is_only_a_reason || !delivery.scope.is_own()) return brought;
  brought.kind = document_kind;
  brought.key = std::string(relation_of(*meaning)) + "/" + std::to_string(named->id);
  brought.event_at = event_time(subject);
  brought.is_end = scan::is_end(*meaning, event.action);
  return brought;
}

}  // namespace

std::vector<webhook::Opinion> Subscriber::consider(pg::Connection& connection,
                                                   const config::Config& config,
                                                   std::span<const Received> deliveries,
                                                   bool /*may_wait*/) const {
  std::vector<webhook::Opinion> opinions(deliveries.size());
  if (!config.mirror.enabled) return opinions;
  const auto known = known_of(connection, config, deliveries);
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& event = deliveries[place].event;
    opinions[place].is_accepted =
        is_wanted(config, event) && known.contains(event.repository->github_id);
    if (const auto change = installation_change(deliveries[place]))
      opinions[place].is_accepted = is_concerned(connection, *change);
  }
  return opinions;
}

webhook::Operations Subscriber::record(pg::Connection& connection, const config::Config& config,
                                       std::span<const Received> deliveries) const {
  webhook::Operations operations(deliveries.size());
  if (!config.mirror.enabled) return operations;
  const auto known = known_of(connection, config, deliveries);
  std::vector<Brought> brought;
  std::vector<std::size_t> places;
  const auto add = [&](Brought one, std::size_t place) {
    brought.push_back(std::move(one));
    places.push_back(place);
  };
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& delivery = deliveries[place];
    if (const auto change = installation_change(delivery))
      for (const auto& [id, repository] : note_installation(connection, *change))
        add(question_about(delivery, id, repository), place);
    if (!is_wanted(config, delivery.event)) continue;
    const auto id = delivery.event.repository->github_id;
    const auto found = known.find(id);
    if (found == known.end()) continue;
    if (is_about_repository(delivery.event))
      add(question_about(delivery, id, found->second), place);
    for (const auto& subject : subjects_of(config, delivery.event))
      add(brought_by(delivery, found->second, subject), place);
  }
  if (brought.empty()) return operations;
  const auto recorded = record_brought(connection, brought);
  for (std::size_t i = 0; i < recorded.size(); ++i)
    operations[places[i]].push_back(recorded[i]);
  return operations;
}

webhook::Operations Subscriber::find_recorded(pg::Connection& connection,
                                              std::span<const std::string> guids) const {
  return operations_of_deliveries(connection, guids);
}

bool Subscriber::wants(std::string_view event, const config::Config& config) const {
  return config.mirror.enabled &&
         (event == "repository" || event == "public" || event == "installation" ||
          event == "installation_repositories" ||
          std::ranges::find(meanings(), event, &Meaning::event) != meanings().end());
}

std::vector<webhook::WatchedRepository> Subscriber::watched_repositories(
    pg::Connection& connection, const std::string& host) const {
  std::vector<webhook::WatchedRepository> watched;
  for (const auto& repository : list_repositories(connection))
    if (!repository.is_ended)
      watched.push_back({watched_prefix + std::to_string(repository.id),
                         "https://" + host + "/" + repository.full_name});
  return watched;
}

// A few are sent again by GitHub. Many cost less as one reading of what changed; but that does not
// show what is not there any more.
webhook::Recovery Subscriber::recover(pg::Connection& connection, const config::Config& config,
                                      const webhook::LostDelivery& lost,
                                      const std::stop_token&) const {
  const auto id = repository_of(lost);
  if (!id) return webhook::Recovery::none;
  if (known_repositories(connection, {*id}).empty()) return webhook::Recovery::unneeded;
  const bool is_end = lost.action == "deleted" || lost.action == "transferred";
  if (lost.of_repository <= sent_again_max || is_end) return webhook::Recovery::none;
  auto result = webhook::Recovery::none;
  for (const auto& meaning : meanings()) {
    if (meaning.event != lost.event || meaning.is_only_a_reason || meaning.list == "hooks")
      continue;
    if (meaning.list == "comments" && !config.mirror.comments) continue;
    scan::record_reading(connection, due_since_last_reading(connection, *id, meaning.list),
                         settle_priority);
    result = webhook::Recovery::recovered;
  }
  return result;
}

}  // namespace devy::mirror
