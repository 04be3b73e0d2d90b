#pragma once
// Copies the content of a folder on this disk into a bare repository, as one tree. For a git work
// tree these are its tracked files and its untracked but not ignored ones, as they are on disk;
// otherwise every file. Symbolic links stay links. The user's own git configuration (a global
// ignore file) is not read.

#include <string>

#include "core/platform/config/config.hpp"
#include "core/platform/snapshot/object_id.hpp"

namespace devy::git {

// Creates the repository in `repository` and returns the tree. Throws Error(not_found) when
// `directory` is not a folder, and Error(rejected) with tree_too_large, tree_too_deep,
// pack_too_large or object_format_unsupported.
[[nodiscard]] snapshot::BlobId import_files(const std::string& directory,
                                            const std::string& repository,
                                            const config::Limits& limits);

}  // namespace devy::git
