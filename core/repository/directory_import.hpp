#pragma once
// Copies what a folder on this disk holds into a bare repository, as one tree: for a work tree of
// git its tracked and its untracked, not ignored files as they are on disk; else every file. Links
// stay links. The user's own git configuration (a global ignore file) is not read.

#include <string>

#include "core/config/config.hpp"
#include "core/snapshot/object_id.hpp"

namespace devy::repository {

// Makes the repository in `repository`; returns the tree. Throws Error(not_found) when `directory`
// is no folder, and Error(rejected) with tree_too_large, tree_too_deep or pack_too_large.
[[nodiscard]] snapshot::BlobId import_files(const std::string& directory,
                                            const std::string& repository,
                                            const config::Limits& limits);

}  // namespace devy::repository
