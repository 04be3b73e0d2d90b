#pragma once
// The content of a blog at one moment: path → blob, with everything else that determines a post's
// metadata. There are two kinds, which can be compared: of a tree at a commit, and of a blog in the
// database. Sorted by path (bytewise), no path twice. Values; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/snapshot/object_id.hpp"

namespace devy::snapshot {

struct Entry {
  std::string path;  // relative to the repository's root, '/'-separated, valid UTF-8
  BlobId blob;
  // Digest of everything else that determines the post: renderer version, devy.toml keys.
  std::string origin;
  bool operator==(const Entry&) const = default;
};

struct Snapshot {
  std::vector<Entry> entries;

  // Sorts; throws Error(internal) for a path that occurs twice.
  void seal();
  [[nodiscard]] const Entry* find(std::string_view path) const;
};

}  // namespace devy::snapshot
