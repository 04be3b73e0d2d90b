#pragma once
// Reads a finished bare repository. It always checks sizes before contents, because a small pack
// may hold a very large object. Private to this folder. Move-only; one thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/git/git_handle.hpp"
#include "core/platform/snapshot/object_id.hpp"

namespace devy::git {

// One entry of one tree, copied out of libgit2.
struct TreeEntry {
  std::string name;  // unchecked bytes: check before use
  unsigned mode = 0;
  snapshot::BlobId id;  // may also be that of a tree or of a submodule's commit
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

  // Does not check the disk for objects added since; look_again() does.
  [[nodiscard]] bool has(const snapshot::BlobId& id) const;
  void look_again() const;
  [[nodiscard]] CommitFacts commit(const snapshot::CommitId& id) const;
  // The entries are in git's order, whatever their order in the object. Throws Error(rejected,
  // "tree_too_large") by the object's size alone when it must exceed the limit.
  [[nodiscard]] std::vector<TreeEntry> tree(const snapshot::BlobId& id) const;
  [[nodiscard]] std::uint64_t blob_bytes(const snapshot::BlobId& id) const;
  // Throws Error(rejected, "file_too_large") without inflating.
  [[nodiscard]] std::string blob(const snapshot::BlobId& id, std::uint64_t bytes_max) const;

 private:
  RepositoryHandle repository_;
  OdbHandle odb_;
  std::uint64_t tree_bytes_max_;
};

}  // namespace devy::git
