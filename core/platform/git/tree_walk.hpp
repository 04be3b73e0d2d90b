#pragma once
// Walks every file below a folder of a commit, with the guards of content.md. Private to this
// folder.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/git/object_store.hpp"

namespace devy::git {

struct WalkCalls {
  const std::function<bool(std::string_view)>& wants_folder;
  const std::function<void(const TreeFile&)>& on_file;
  std::vector<snapshot::FileError>& warnings;
  const std::function<void(const TreeFile&)>& on_passed;  // may be empty
};

// Works like Clone::walk().
void walk_tree(const Objects& store, const config::Limits& limits, const BlobId& tree,
               std::string_view root, const WalkCalls& calls);

// Works like Clone::look_below().
[[nodiscard]] bool list_below(const Objects& store, const config::Limits& limits,
                              const TreeFile& folder, std::uint32_t& entries_left,
                              const std::function<void(const TreeFile&)>& on_file);

// Returns the entry with that path, following folders only; nothing when there is none.
[[nodiscard]] std::optional<TreeEntry> find_entry(const Objects& store, const BlobId& tree,
                                                  std::string_view path);

// Returns nothing for a mode that git does not define.
[[nodiscard]] std::optional<FileKind> file_kind_of(const TreeEntry& entry);

// Returns why a name cannot be part of a path; empty when it can.
[[nodiscard]] std::string_view name_fault(std::string_view name);

}  // namespace devy::git
