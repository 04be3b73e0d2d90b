#pragma once
// Finds paths in one tree and remembers the folders it has read: posts link to the same folders
// over and over, and each is read once. Private to this folder. One thread.

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/repository/object_store.hpp"

namespace devy::repository {

class PathLookup {
 public:
  // Reads at most `entries_max` entries in all.
  PathLookup(snapshot::BlobId tree, std::size_t entries_max)
      : tree_(tree), entries_max_(entries_max) {}
  // Following folders only. Nothing when there is none, or a part of the path is no name. Throws
  // Error(rejected, "tree_too_large") where a folder on the way may not be read any more.
  [[nodiscard]] std::optional<TreeEntry> find(const ObjectStore& store, std::string_view path);

 private:
  // By name, so that one is found without a look at all.
  using Folder = std::unordered_map<std::string, TreeEntry>;
  const Folder& read(const ObjectStore& store, const snapshot::BlobId& tree);

  snapshot::BlobId tree_;
  std::size_t entries_max_, entries_ = 0;
  std::unordered_map<snapshot::BlobId, Folder> folders_;
};

}  // namespace devy::repository
