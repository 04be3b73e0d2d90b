#pragma once
// Reads a tree object where it lies: "mode name", a zero byte and the 20 bytes of an id for each
// entry. Pure; the bytes must outlive what is read. Any thread.

#include <string_view>

#include "core/platform/snapshot/object_id.hpp"

namespace devy::git {

struct RawEntry {
  unsigned mode = 0;
  std::string_view name;  // unchecked bytes
  std::string_view id;    // 20 bytes

  [[nodiscard]] bool is_folder() const;
  [[nodiscard]] bool is_file() const;  // regular; no link
  [[nodiscard]] snapshot::BlobId blob() const;
};

class RawTree {
 public:
  explicit RawTree(std::string_view bytes) : left_(bytes) {}
  // Moves to the next entry; false at the end, and where the bytes are no entry.
  bool next();
  [[nodiscard]] const RawEntry& entry() const { return entry_; }

 private:
  std::string_view left_;
  RawEntry entry_;
};

// Tells which entry comes first in git's order, where a folder's name counts as if it ended in a
// slash: less than zero for the left one. A file and a folder of one name are not equal.
[[nodiscard]] int compare_entries(const RawEntry& left, const RawEntry& right);

}  // namespace devy::git
