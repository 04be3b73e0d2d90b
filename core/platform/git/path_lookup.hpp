#pragma once
// Finds paths in one tree and caches the folders it has read: posts link to the same folders
// repeatedly, and each is read once. Private to this folder. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/platform/git/object_store.hpp"

namespace devy::git {

class PathLookup {
 public:
  // Reads at most `entries_max` entries in all.
  PathLookup(snapshot::BlobId tree, std::size_t entries_max)
      : tree_(tree), entries_max_(entries_max) {}
  // Follows folders only, not links. Returns nothing when there is no such path, or a part of it is
  // not a valid name. Throws Error(rejected, "tree_too_large") when a folder on the way would
  // exceed the limit.
  [[nodiscard]] std::optional<TreeEntry> find(const Objects& store, std::string_view path);

 private:
  // Keyed by name, so that finding an entry needs no search.
  using Folder = std::unordered_map<std::string, TreeEntry>;
  const Folder& read(const Objects& store, const snapshot::BlobId& tree);

  snapshot::BlobId tree_;
  std::size_t entries_max_, entries_ = 0;
  std::unordered_map<snapshot::BlobId, Folder> folders_;
};

}  // namespace devy::git
