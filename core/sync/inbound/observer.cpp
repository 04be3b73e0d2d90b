#include "core/sync/inbound/observer.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "core/sync/inbound/installations.hpp"
#include "core/sync/merging/pair_json.hpp"
#include "core/sync/record/marker.hpp"
#include "core/sync/record/remote.hpp"
#include "core/sync/store/inbound_store.hpp"

namespace devy::inbound {
namespace {

constexpr std::array<std::string_view, 3> watched_relations{"issue", "pull_request",
                                                            "issue_comment"};
// A record has something of these alone; counts, for example, change with each comment.
constexpr std::array<std::string_view, 12> watched_columns{
    "title",  "body",  "state",  "state_reason", "labels",         "assignees", "milestone_number",
    "locked", "draft", "merged", "merged_at",    "is_pull_request"};

// A milestone concerns its issues only by its title.
bool is_watched(const mirror::ChangedRow& row) {
  if (!row.repository_id) return false;
  const bool is_update = row.action == "update";
  if (row.relation == "milestone")
    return row.action != "insert" &&
           (!is_update || std::ranges::find(row.columns, "title") != row.columns.end());
  return std::ranges::find(watched_relations, row.relation) != watched_relations.end() &&
         (!is_update || std::ranges::any_of(row.columns, [](const auto& column) {
           return std::ranges::find(watched_columns, column) != watched_columns.end();
         }));
}

struct Said {
  std::string digest, marker;
};

Said said_of(const sync::Change& change) {
  Said said;
  std::string body;
  if (change.is_task) {
    const auto remote = record::remote_task(change.said);
    said.digest = record::digest(remote);
    body = remote.body;
  } else {
    const auto remote = record::remote_comment(change.said);
    said.digest = record::digest(remote);
    body = remote.body;
  }
  if (const auto marker = record::strip(body).marker) said.marker = record::to_text(*marker);
  return said;
}

}  // namespace

void Observer::observe(pg::Connection& connection,
                       const std::vector<mirror::ChangedRow>& rows) const {
  std::set<std::int64_t> repositories;
  sync::ChangedRows changed;
  note_repositories(connection, rows);
  for (const auto& row : rows) {
    if (!is_watched(row)) continue;
    repositories.insert(*row.repository_id);
    changed.relations.push_back(row.relation);
    changed.ids.push_back(std::to_string(row.id));
    changed.actions.push_back(row.action);
  }
  if (repositories.empty() ||
      sync::known_connections(connection, {repositories.begin(), repositories.end()}).empty())
    return;
  std::vector<sync::News> news;
  for (const auto& change : sync::changes_of(connection, changed)) {
    if (!except_link_.empty() && change.link == except_link_) continue;
    const auto said = said_of(change);
    const bool is_known = !change.base_digest.empty();
    if (change.is_gone ? !is_known : change.base_digest == said.digest && change.is_same_otherwise)
      continue;
    sync::News one;
    one.connection = change.connection;
    one.is_task = change.is_task;
    one.key = change.key;
    one.number = change.number;
    one.marker = said.marker;
    one.event_at = change.at;
    one.is_end = change.is_gone;
    one.is_forced = change.is_restored && !change.is_gone;
    if (!change.is_gone) one.revision = merging::revision_of(change.at, said.digest);
    news.push_back(std::move(one));
  }
  if (!news.empty()) sync::record_news(connection, news, queue::Source::reconcile);
}

}  // namespace devy::inbound
