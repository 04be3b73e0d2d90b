#include "core/mirror/records/records.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/mirror/records/column.hpp"

namespace devy::records {
namespace {

using json::Json;

constexpr auto id_min = std::numeric_limits<std::int64_t>::min();

void sort_by_name(Json::Fields& columns) {
  const auto is_before = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::sort(columns.begin(), columns.end(), is_before);
}

bool has_same(const Record& a, const Record& b, std::string_view name) {
  const auto* in_a = find_column(a.columns, name);
  const auto* in_b = find_column(b.columns, name);
  return in_a != nullptr && in_b != nullptr && in_a->compact() == in_b->compact();
}

// Tells whether the second one counts as the newer one.
bool is_newer(const Record& record, const Record& than) {
  if (record.is_added_only != than.is_added_only) return than.is_added_only;
  if (record.github_at != than.github_at) return record.github_at > than.github_at;
  return record.columns.size() >= than.columns.size();
}

// An older `mergeable` is known still while base and head are the same two commits.
void drop_stale_mergeable(const Record& newer, Record& older) {
  if (!newer.mergeable_is_unknown) return;
  if (has_same(newer, older, "base_sha") && has_same(newer, older, "head_sha")) return;
  std::erase_if(older.columns, [](const auto& column) { return column.first == "mergeable"; });
}

template <class Set>
void complete(std::optional<Set>& set, std::optional<Set>&& older) {
  if (!set) set = std::move(older);
}

Record merge(Record newer, Record older) {
  if (older.is_added_only && !newer.is_added_only) return newer;
  drop_stale_mergeable(newer, older);
  for (auto& [name, value] : older.columns)
    if (find_column(newer.columns, name) == nullptr)
      newer.columns.emplace_back(std::move(name), std::move(value));
  sort_by_name(newer.columns);
  newer.mergeable_is_unknown |= older.mergeable_is_unknown;
  if (find_column(newer.columns, "mergeable") != nullptr) newer.mergeable_is_unknown = false;
  if (newer.links.number == 0) newer.links.number = older.links.number;
  complete(newer.links.labels, std::move(older.links.labels));
  complete(newer.links.assignees, std::move(older.links.assignees));
  complete(newer.links.requested_reviewers, std::move(older.links.requested_reviewers));
  return newer;
}

}  // namespace

void Skipped::add(std::string reason) {
  if (count++ == 0) first_reason = std::move(reason);
}

void Records::add(Record record) {
  sort_by_name(record.columns);
  const Key key(record.relation, record.id, record.second_id, record.filename);
  const auto [found, is_first] = records_.try_emplace(key);
  if (is_first) found->second = std::move(record);
  else if (is_newer(record, found->second))
    found->second = merge(std::move(record), std::move(found->second));
  else found->second = merge(std::move(found->second), std::move(record));
}

std::vector<const Record*> Records::of(Relation relation) const {
  std::vector<const Record*> records;
  for (auto at = records_.lower_bound(Key(relation, id_min, id_min, ""));
       at != records_.end() && at->second.relation == relation; ++at)
    records.push_back(&at->second);
  return records;
}

const Record* Records::find(Relation relation, std::int64_t id) const {
  const auto found = records_.lower_bound(Key(relation, id, id_min, ""));
  if (found == records_.end()) return nullptr;
  const auto& record = found->second;
  return record.relation == relation && record.id == id ? &record : nullptr;
}

}  // namespace devy::records
