#pragma once
// A folder on this disk, read as if it were the tree of a commit: nothing is listed or read before
// it is asked for, as an upload needs no more of a repository either. For a git work tree its files
// are the tracked ones and the untracked but not ignored ones, as they are on disk; otherwise all.
// Symbolic links stay links. The user's own git configuration (a global ignore file) is not read.
//
// Ids stand for paths and are git's own for nothing. A file that is read is kept packed in a bare
// repository, so that it stays what it was, and the sum of those is held against
// limits.pack_bytes_max: what nobody reads does not count. Private to this folder. One thread.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/platform/config/config.hpp"
#include "core/platform/git/object_store.hpp"

namespace devy::git {

class DirectoryFiles final : public Objects {
 public:
  // Creates the repository in `repository`. Throws Error(not_found) when `directory` is not a
  // folder, and Error(rejected) for a repository without files.
  DirectoryFiles(const std::string& directory, const std::string& repository,
                 const config::Limits& limits);
  ~DirectoryFiles() override;

  [[nodiscard]] snapshot::BlobId root() const { return root_; }

  // The functions of Objects throw Error(not_found) for what cannot be read, and Error(rejected)
  // with tree_too_large, file_too_large or pack_too_large.
  [[nodiscard]] std::vector<TreeEntry> tree(const snapshot::BlobId& id) const override;
  [[nodiscard]] std::uint64_t tree_entries_min(const snapshot::BlobId& id) const override;
  [[nodiscard]] std::uint64_t blob_bytes(const snapshot::BlobId& id) const override;
  [[nodiscard]] std::string blob(const snapshot::BlobId& id,
                                 std::uint64_t bytes_max) const override;

 private:
  class Ignores;
  struct Listed;
  struct Place {
    std::string path;  // relative to the folder; empty for itself
    std::uint64_t bytes = 0;
  };

  [[nodiscard]] const Place& place_of(const snapshot::BlobId& id) const;
  [[nodiscard]] std::vector<Listed> list(const std::string& folder) const;
  [[nodiscard]] bool has_file(const std::string& folder, std::uint32_t depth) const;
  [[nodiscard]] TreeEntry entry_of(const Listed& listed) const;
  [[nodiscard]] snapshot::BlobId keep(const Place& place) const;
  [[nodiscard]] git_oid copy(const Place& place) const;

  std::string directory_, repository_path_;
  config::Limits limits_;
  std::unique_ptr<Ignores> ignores_;
  RepositoryHandle repository_;
  OdbHandle odb_;
  ObjectStore kept_;
  snapshot::BlobId root_;
  // These grow as files are found and read; no caller can see a difference.
  mutable std::unordered_map<snapshot::BlobId, Place> places_;
  mutable std::unordered_map<std::string, snapshot::BlobId> kept_by_path_;
  mutable std::unordered_set<snapshot::BlobId> kept_contents_;
  mutable std::uint64_t packed_bytes_ = 0;
  mutable std::uint64_t searched_entries_ = 0;
};

}  // namespace devy::git
