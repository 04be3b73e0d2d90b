#pragma once
// The content that a commit publishes: devy.toml at that commit, and the snapshot of its Markdown
// files. Throws Error(rejected) for what ends the upload: an invalid devy.toml, a missing root, a
// limit.

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/platform/snapshot/snapshot.hpp"
#include "core/publishing/blog/left_out.hpp"
#include "core/publishing/blog/settings.hpp"

namespace devy::upload {

// An LFS pointer has three short lines; the format's specification caps it at 1 024 bytes.
inline constexpr std::uint64_t lfs_pointer_bytes_max = 1024;

// So many entries of folders that are left out are looked at, to count what is in them. It bounds
// what they cost each push; a count that stopped says so (blog::LeftOut::is_at_least).
inline constexpr std::uint32_t left_out_entries_max = 10'000;

struct Tree {
  blog::Settings settings;
  std::string origin;  // the snapshot::Entry::origin of every entry
  snapshot::Snapshot snapshot;
  // Digest of everything in the commit besides the posts: files, folders that are not entered, and
  // which other Markdown files exist.
  std::string files_digest;
  std::vector<snapshot::FileError> warnings;
  blog::LeftOut left_out;  // the files that look like posts and are none
};

// Blobs that were published before, with their sizes; they are not read again.
using KnownBlobs = std::unordered_map<snapshot::BlobId, std::uint64_t>;

[[nodiscard]] Tree read_tree(const git::Clone& clone, const config::Limits& limits,
                             const KnownBlobs& known_blobs);

// Reads devy.toml alone; returns the defaults when there is none.
[[nodiscard]] blog::ParsedSettings read_settings(const git::Clone& clone,
                                                 const config::Limits& limits);

// Converts settings to the JSON in which blog.settings stores them, and back.
[[nodiscard]] std::string settings_to_json(const blog::Settings& settings);
[[nodiscard]] blog::Settings settings_from_json(const std::string& json);

}  // namespace devy::upload
