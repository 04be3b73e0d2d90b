#pragma once
// What a commit publishes: devy.toml as of that commit, and the snapshot of its Markdown files.
// Throws Error(rejected) for what ends the upload: a broken devy.toml, a missing root, a limit.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/blog/settings.hpp"
#include "core/config/config.hpp"
#include "core/repository/clone.hpp"
#include "core/snapshot/file_error.hpp"
#include "core/snapshot/snapshot.hpp"

namespace devy::upload {

// An LFS pointer has three short lines; the format's specification caps it at 1 024 bytes.
inline constexpr std::uint64_t lfs_pointer_bytes_max = 1024;

struct Tree {
  blog::Settings settings;
  std::string origin;  // snapshot::Entry::origin of every entry
  snapshot::Snapshot snapshot;
  // Of all that is in the commit beside the posts: files, folders that are not entered, and which
  // other Markdown files there are.
  std::string files_digest;
  std::vector<snapshot::FileError> warnings;
};

// Blobs that were published before, and their bytes: they need no second look.
using KnownBlobs = std::unordered_map<snapshot::BlobId, std::uint64_t>;

[[nodiscard]] Tree read_tree(const repository::Clone& clone, const config::Limits& limits,
                             const KnownBlobs& known_blobs);

// devy.toml alone; the defaults when there is none.
[[nodiscard]] blog::ParsedSettings read_settings(const repository::Clone& clone,
                                                 const config::Limits& limits);

// Settings as blog.settings keeps them, and back.
[[nodiscard]] std::string settings_to_json(const blog::Settings& settings);
[[nodiscard]] blog::Settings settings_from_json(const std::string& json);

}  // namespace devy::upload
