#include "core/mirror/subscriber.hpp"

#include <algorithm>
#include <array>

#include "core/mirror/store/delivery_operations.hpp"
#include "core/mirror/store/operation_store.hpp"

namespace devy::mirror {
namespace {

using webhook::Event;
using webhook::Received;

// Maps an event to what it is about: the member of its payload, and how GitHub's addresses call its
// list.
struct Meaning {
  std::string_view event, member, list;
};
constexpr std::array<Meaning, 8> meanings{{
    {"issues", "issue", "issues"},
    {"issue_comment", "issue", "issues"},
    {"label", "label", "labels"},
    {"milestone", "milestone", "milestones"},
    {"pull_request", "pull_request", "pulls"},
    {"pull_request_review", "pull_request", "pulls"},
    {"pull_request_review_comment", "pull_request", "pulls"},
    {"pull_request_review_thread", "pull_request", "pulls"},
}};

const Meaning* meaning_of(const Event& event) {
  const auto found = std::ranges::find(meanings, event.name, &Meaning::event);
  return found == meanings.end() ? nullptr : &*found;
}

// The thing that the event is about; null where it names none.
const webhook::Named* named_of(const Event& event) {
  const auto* meaning = meaning_of(event);
  if (meaning == nullptr || !event.repository) return nullptr;
  const auto found = std::ranges::find(event.named, meaning->member, &webhook::Named::member);
  return found == event.named.end() ? nullptr : &*found;
}

bool is_about_repository(const Event& event) {
  return event.repository && (event.name == "repository" || event.name == "public");
}

bool is_wanted(const Event& event) {
  return named_of(event) != nullptr || is_about_repository(event);
}

std::map<std::int64_t, KnownRepository> known_of(pg::Connection& connection,
                                                 std::span<const Received> deliveries) {
  std::vector<std::int64_t> ids;
  for (const auto& delivery : deliveries)
    if (is_wanted(delivery.event)) ids.push_back(delivery.event.repository->github_id);
  if (ids.empty()) return {};
  return known_repositories(connection, ids);
}

// Nothing late may come after the end of a thing: its event is as new as the queue lets one be,
// which takes a time that lies far ahead as the latest that it believes.
constexpr std::chrono::hours far_ahead{1};

std::optional<base::TimePoint> event_time(const Event& event, const webhook::Named& named) {
  const bool is_end =
      event.name != "issue_comment" && (event.action == "deleted" || event.action == "transferred");
  if (is_end) return base::system_clock().now() + far_ahead;
  return named.updated_at;
}

Brought brought_by(const Received& delivery, const KnownRepository& repository) {
  const auto& event = delivery.event;
  // Its own resource: it takes the place of no load that somebody asked for.
  Brought brought{
      fetch_kind,           "event/" + repository.full_name, "mirror/" + repository.owner,
      repository.full_name, event.repository->github_id,     delivery.guid,
      std::nullopt};
  const auto* named = named_of(event);
  if (named == nullptr) return brought;
  const auto& meaning = *meaning_of(event);
  brought.target += "/" + std::string(meaning.list) + "/" +
                    (named->number ? std::to_string(*named->number) : named->name);
  brought.key = "event/" + brought.target;
  if (!delivery.scope.is_own()) return brought;
  brought.kind = document_kind;
  brought.key = std::string(meaning.member) + "/" + std::to_string(named->id);
  brought.event_at = event_time(event, *named);
  return brought;
}

}  // namespace

std::vector<webhook::Opinion> Subscriber::consider(pg::Connection& connection,
                                                   const config::Config& config,
                                                   std::span<const Received> deliveries,
                                                   bool /*may_wait*/) const {
  std::vector<webhook::Opinion> opinions(deliveries.size());
  if (!config.mirror.enabled) return opinions;
  const auto known = known_of(connection, deliveries);
  for (std::size_t place = 0; place < deliveries.size() && !known.empty(); ++place) {
    const auto& event = deliveries[place].event;
    opinions[place].is_accepted = is_wanted(event) && known.contains(event.repository->github_id);
  }
  return opinions;
}

webhook::Operations Subscriber::record(pg::Connection& connection, const config::Config& config,
                                       std::span<const Received> deliveries) const {
  webhook::Operations operations(deliveries.size());
  if (!config.mirror.enabled) return operations;
  const auto known = known_of(connection, deliveries);
  std::vector<Brought> brought;
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& delivery = deliveries[place];
    if (!is_wanted(delivery.event)) continue;
    const auto found = known.find(delivery.event.repository->github_id);
    if (found == known.end()) continue;
    brought.push_back(brought_by(delivery, found->second));
    places.push_back(place);
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
         (event == "repository" || event == "public" ||
          std::ranges::find(meanings, event, &Meaning::event) != meanings.end());
}

webhook::Recovery Subscriber::recover(pg::Connection& connection, const config::Config&,
                                      const webhook::LostDelivery& lost,
                                      const std::stop_token&) const {
  const bool is_known =
      lost.repository && !known_repositories(connection, {*lost.repository}).empty();
  return is_known ? webhook::Recovery::none : webhook::Recovery::unneeded;
}

}  // namespace devy::mirror
