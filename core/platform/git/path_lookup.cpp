#include "core/platform/git/path_lookup.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/git/tree_walk.hpp"

namespace devy::git {

const PathLookup::Folder& PathLookup::read(const Objects& store, const snapshot::BlobId& tree) {
  if (const auto known = folders_.find(tree); known != folders_.end()) return known->second;
  if (entries_ > entries_max_)
    throw base::Error(base::ErrorKind::rejected,
                      "unable to look into more folders: more than " +
                          std::to_string(entries_max_) + " entries were read",
                      "Raise limits.tree_entries_max.", "tree_too_large");
  auto entries = store.tree(tree);
  entries_ += entries.size();
  auto& folder = folders_[tree];
  folder.reserve(entries.size());
  for (auto& entry : entries) {
    auto name = entry.name;
    folder.emplace(std::move(name), std::move(entry));  // of two with one name the first, as a walk
  }
  return folder;
}

std::optional<TreeEntry> PathLookup::find(const Objects& store, std::string_view path) {
  auto tree = tree_;
  for (;;) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    if (!name_fault(name).empty()) return std::nullopt;
    const auto& folder = read(store, tree);
    const auto found = folder.find(std::string(name));
    if (found == folder.end()) return std::nullopt;
    if (slash == std::string_view::npos) return found->second;
    if (kind_of(found->second) != EntryKind::folder) return std::nullopt;
    tree = found->second.id;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace devy::git
