#pragma once
// What a blog consists of at one moment: path → blob, with what a post's metadata derives from
// besides its blob. Two kinds exist and compare as equals: of a tree at a commit, and of a blog in
// the database. Sorted by path (bytewise), no path twice. Values; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/snapshot/object_id.hpp"

namespace devy::snapshot {

struct Entry {
  std::string path;  // from the repository's root, '/'-separated, valid UTF-8
  BlobId blob;
  std::string origin;  // digest of what else decides the post: renderer version, devy.toml keys
  bool operator==(const Entry&) const = default;
};

struct Snapshot {
  std::vector<Entry> entries;

  // Sorts; throws Error(internal) on a path that is there twice.
  void seal();
  [[nodiscard]] const Entry* find(std::string_view path) const;
};

}  // namespace devy::snapshot
