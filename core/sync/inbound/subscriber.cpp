#include "core/sync/inbound/subscriber.hpp"

#include <algorithm>
#include <utility>

#include "core/sync/inbound/installations.hpp"
#include "core/sync/inbound/payload.hpp"
#include "core/sync/merging/pair_json.hpp"
#include "core/sync/record/marker.hpp"
#include "core/sync/store/inbound_store.hpp"

namespace devy::inbound {
namespace {

using webhook::Event;
using webhook::Received;

// The document of a payload that an event of that name is about; empty for other events.
std::string_view document_of(const Event& event) {
  if (event.name == "issues") return "issue";
  if (event.name == "pull_request") return "pull_request";
  if (event.name == "issue_comment") return "comment";
  return {};
}

bool is_about_record(const Received& delivery) {
  const auto& event = delivery.event;
  if (!event.repository || !event.payload || !delivery.scope.is_own()) return false;
  const auto member = document_of(event);
  return !member.empty() && event.payload->has(member) &&
         (member != "comment" || event.payload->if_integer("issue/number"));
}

// A label or a milestone that has another name, or is no more.
std::optional<sync::NameChange> name_change(const Received& delivery) {
  const auto& event = delivery.event;
  const bool is_label = event.name == "label";
  if (!(is_label || event.name == "milestone") || !event.repository || !event.payload ||
      !delivery.scope.is_own())
    return std::nullopt;
  const auto* name = is_label ? "label/name" : "milestone/title";
  const auto now = event.payload->if_text(name);
  if (!now) return std::nullopt;
  if (event.action == "deleted") return sync::NameChange{is_label, *now, std::nullopt};
  const auto before = event.payload->if_text(is_label ? "changes/name/from" : "changes/title/from");
  if (event.action != "edited" || !before || *before == *now) return std::nullopt;
  return sync::NameChange{is_label, *before, now};
}

const webhook::Named* named_in(const Event& event, std::string_view member) {
  const auto found = std::ranges::find(event.named, member, &webhook::Named::member);
  return found == event.named.end() ? nullptr : &*found;
}

std::string marker_in(const std::string& body) {
  const auto marker = record::strip(body).marker;
  return marker ? record::to_text(*marker) : std::string();
}

sync::News news_of(const Received& delivery, const std::string& connection) {
  sync::News news;
  news.connection = connection;
  news.guid = delivery.guid;
  news.installation = delivery.event.installation;
  news.action = delivery.event.action;
  return news;
}

// The document is an issue or a pull request. Nothing for a document without an identity.
std::optional<sync::News> task_news(const Received& delivery, const std::string& connection,
                                    std::string_view member) {
  const auto* named = named_in(delivery.event, member);
  if (named == nullptr || !named->number) return std::nullopt;
  auto news = news_of(delivery, connection);
  news.key = *named->number;
  news.number = news.key;
  news.event_at = named->updated_at;
  const bool is_own_event = delivery.event.name != "issue_comment";
  news.is_end = is_own_event && (news.action == "deleted" || news.action == "transferred");
  news.is_extra = !is_own_event;
  const auto remote = remote_task_of(delivery.event.payload->at(member));
  news.marker = marker_in(remote.body);
  if (!news.is_end) news.revision = merging::revision_of(news.event_at, record::digest(remote));
  return news;
}

std::optional<sync::News> comment_news(const Received& delivery, const std::string& connection) {
  const auto* named = named_in(delivery.event, "comment");
  if (named == nullptr) return std::nullopt;
  const auto& payload = *delivery.event.payload;
  auto news = news_of(delivery, connection);
  news.is_task = false;
  news.key = named->id;
  news.number = payload.integer("issue/number");
  news.event_at = named->updated_at;
  news.is_end = news.action == "deleted";
  const auto remote = remote_comment_of(payload.at("comment"));
  news.marker = marker_in(remote.body);
  if (!news.is_end) news.revision = merging::revision_of(news.event_at, record::digest(remote));
  return news;
}

std::vector<sync::News> news_in(const Received& delivery, const std::string& connection) {
  std::vector<sync::News> news;
  const auto add = [&](std::optional<sync::News> one) {
    if (one) news.push_back(std::move(*one));
  };
  const auto member = document_of(delivery.event);
  if (member != "comment") add(task_news(delivery, connection, member));
  else {
    // The task comes first, and may exist already.
    add(task_news(delivery, connection, "issue"));
    add(comment_news(delivery, connection));
  }
  return news;
}

std::map<std::int64_t, std::string> connections_of(pg::Connection& connection,
                                                   std::span<const Received> deliveries) {
  std::vector<std::int64_t> repositories;
  for (const auto& delivery : deliveries)
    if (is_about_record(delivery) || name_change(delivery))
      repositories.push_back(delivery.event.repository->github_id);
  if (repositories.empty()) return {};
  return sync::known_connections(connection, repositories);
}

}  // namespace

std::vector<webhook::Opinion> Subscriber::consider(pg::Connection& connection,
                                                   const config::Config& config,
                                                   std::span<const Received> deliveries,
                                                   bool /*may_wait*/) const {
  std::vector<webhook::Opinion> opinions(deliveries.size());
  if (!config.sync.enabled) return opinions;
  const auto known = connections_of(connection, deliveries);
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& delivery = deliveries[place];
    const auto is_known = [&] { return known.contains(delivery.event.repository->github_id); };
    opinions[place].is_accepted =
        is_about_installation(delivery) || (is_about_record(delivery) && is_known());
    opinions[place].is_relevant = name_change(delivery) && is_known();
  }
  return opinions;
}

webhook::Operations Subscriber::record(pg::Connection& connection, const config::Config& config,
                                       std::span<const Received> deliveries) const {
  webhook::Operations operations(deliveries.size());
  if (!config.sync.enabled) return operations;
  const auto known = connections_of(connection, deliveries);
  std::vector<sync::News> news;
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < deliveries.size(); ++place) {
    const auto& delivery = deliveries[place];
    if (is_about_installation(delivery))
      operations[place] = record_installation(connection, delivery);
    if (!delivery.event.repository) continue;
    const auto found = known.find(delivery.event.repository->github_id);
    if (found == known.end()) continue;
    if (const auto change = name_change(delivery))
      sync::note_name(connection, found->second, *change);
    if (!is_about_record(delivery)) continue;
    for (auto& one : news_in(delivery, found->second)) {
      news.push_back(std::move(one));
      places.push_back(place);
    }
  }
  if (news.empty()) return operations;
  for (const auto& [place, operation] : sync::record_news(connection, news, queue::Source::webhook))
    operations[places[place]].push_back(operation);
  return operations;
}

webhook::Operations Subscriber::find_recorded(pg::Connection& connection,
                                              std::span<const std::string> guids) const {
  return sync::operations_of_deliveries(connection, guids);
}

}  // namespace devy::inbound
