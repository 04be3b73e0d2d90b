#pragma once
// Reads a finished bare repository: sizes before contents, always, because a small pack may hold a
// very large object. Private to this folder. Move-only; one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/repository/git_handle.hpp"
#include "core/snapshot/object_id.hpp"

namespace devy::repository {

// One entry of one tree, copied out of libgit2.
struct TreeEntry {
  std::string name;  // bytes as they are: check before use
  unsigned mode = 0;
  snapshot::BlobId id;  // of a tree or a submodule's commit, too
};

enum class EntryKind { regular, symlink, submodule, folder, unknown };
[[nodiscard]] EntryKind kind_of(const TreeEntry& entry);

[[nodiscard]] git_oid to_oid(const snapshot::ObjectIdBytes& bytes);
[[nodiscard]] snapshot::BlobId to_blob_id(const git_oid& oid);

struct CommitFacts {
  snapshot::BlobId tree;
  base::TimePoint committed_at;
};

class ObjectStore {
 public:
  ObjectStore(const std::string& path, const config::Limits& limits);

  // Without asking the disk whether more has come since: look_again() does.
  [[nodiscard]] bool has(const snapshot::BlobId& id) const;
  void look_again() const;
  [[nodiscard]] CommitFacts commit(const snapshot::CommitId& id) const;
  // In git's order, whatever order they have in the object. Throws Error(rejected,
  // "tree_too_large") by the object's size alone when it cannot be within the limit.
  [[nodiscard]] std::vector<TreeEntry> tree(const snapshot::BlobId& id) const;
  [[nodiscard]] std::uint64_t blob_bytes(const snapshot::BlobId& id) const;
  // Throws Error(rejected, "file_too_large") without inflating.
  [[nodiscard]] std::string blob(const snapshot::BlobId& id, std::uint64_t bytes_max) const;

 private:
  RepositoryHandle repository_;
  OdbHandle odb_;
  std::uint64_t tree_bytes_max_;
};

}  // namespace devy::repository
