#include "core/platform/snapshot/difference.hpp"

#include <algorithm>
#include <unordered_map>

namespace devy::snapshot {
namespace {

void sort_by_path(std::vector<Change>& changes) {
  std::ranges::sort(changes, {}, &Change::path);
}

// Pairs deletes and creates of one blob, in path order on both sides.
void pair_identical(std::vector<Change>& changes) {
  std::unordered_map<BlobId, std::vector<std::size_t>> deleted;  // indexes, in reverse path order
  for (std::size_t i = changes.size(); i-- > 0;)
    if (changes[i].kind == ChangeKind::deleted) deleted[changes[i].blob].push_back(i);
  if (deleted.empty()) return;
  std::vector<bool> is_gone(changes.size(), false);
  for (auto& change : changes) {
    if (change.kind != ChangeKind::created) continue;
    const auto found = deleted.find(change.blob);
    if (found == deleted.end() || found->second.empty()) continue;
    const auto source = found->second.back();
    found->second.pop_back();
    change.kind = ChangeKind::renamed;
    change.from = changes[source].path;
    is_gone[source] = true;
  }
  std::size_t index = 0;
  std::erase_if(changes, [&](const Change&) { return is_gone[index++]; });
}

}  // namespace

std::string_view to_string(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::created: return "created";
    case ChangeKind::updated: return "updated";
    case ChangeKind::renamed: return "renamed";
    case ChangeKind::deleted: return "deleted";
  }
  return "created";
}

std::size_t Changeset::count(ChangeKind kind) const {
  return static_cast<std::size_t>(std::ranges::count(changes, kind, &Change::kind));
}

Changeset difference(const Snapshot& before, const Snapshot& after) {
  Changeset result;
  auto old_entry = before.entries.begin();
  auto new_entry = after.entries.begin();
  while (old_entry != before.entries.end() || new_entry != after.entries.end()) {
    const bool is_old_only =
        new_entry == after.entries.end() ||
        (old_entry != before.entries.end() && old_entry->path < new_entry->path);
    if (is_old_only) {
      result.changes.push_back({ChangeKind::deleted, old_entry->path, old_entry->blob, {}});
      ++old_entry;
    } else if (old_entry == before.entries.end() || new_entry->path < old_entry->path) {
      result.changes.push_back({ChangeKind::created, new_entry->path, new_entry->blob, {}});
      ++new_entry;
    } else {
      if (*old_entry == *new_entry) ++result.unchanged;
      else result.changes.push_back({ChangeKind::updated, new_entry->path, new_entry->blob, {}});
      ++old_entry;
      ++new_entry;
    }
  }
  pair_identical(result.changes);
  return result;
}

void pair_similar(Changeset& changeset,
                  const std::vector<std::pair<std::string, std::string>>& pairs) {
  const auto find = [&](const std::string& path, ChangeKind kind) {
    return std::ranges::find_if(changeset.changes, [&](const Change& change) {
      return change.kind == kind && change.path == path;
    });
  };
  for (const auto& [from, to] : pairs) {
    const auto source = find(from, ChangeKind::deleted);
    const auto target = find(to, ChangeKind::created);
    if (source == changeset.changes.end() || target == changeset.changes.end()) continue;
    target->kind = ChangeKind::renamed;
    target->from = from;
    changeset.changes.erase(source);
  }
  sort_by_path(changeset.changes);
}

}  // namespace devy::snapshot
