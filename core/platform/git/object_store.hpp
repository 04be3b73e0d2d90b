#pragma once
// Reads a finished bare repository. It always checks sizes before contents, because a small pack
// may hold a very large object. Private to this folder. Move-only; one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
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

// Orders the entries as git does, whatever their order in the object.
void sort_as_git_does(std::vector<TreeEntry>& entries);
[[nodiscard]] base::Error file_too_large(const std::string& file, std::uint64_t bytes,
                                         std::uint64_t bytes_max);

// A commit as one of a history.
struct CommitNode {
  snapshot::BlobId tree;
  std::vector<snapshot::CommitId> parents;
  std::int64_t authored_at = 0, committed_at = 0;  // seconds since 1970, as they are written
};

// A tree's bytes, not copied, for whoever reads thousands of trees.
class TreeObject {
 public:
  explicit TreeObject(OdbObjectHandle object) : object_(std::move(object)) {}
  [[nodiscard]] std::string_view bytes() const;

 private:
  OdbObjectHandle object_;
};

// The trees and blobs that a walk and a lookup read. It is an interface because a folder on disk is
// read as if it were a commit (directory_files.hpp). Reading changes nothing.
class Objects {
 public:
  Objects() = default;
  Objects(const Objects&) = delete;
  Objects& operator=(const Objects&) = delete;
  virtual ~Objects() = default;

  // The entries are in git's order. Throws Error(rejected, "tree_too_large") when there must be
  // more than the limit.
  [[nodiscard]] virtual std::vector<TreeEntry> tree(const snapshot::BlobId& id) const = 0;
  // How many entries a tree has at least, as far as that is known without reading it.
  [[nodiscard]] virtual std::uint64_t tree_entries_min(const snapshot::BlobId& id) const = 0;
  [[nodiscard]] virtual std::uint64_t blob_bytes(const snapshot::BlobId& id) const = 0;
  // Throws Error(rejected, "file_too_large") without reading it.
  [[nodiscard]] virtual std::string blob(const snapshot::BlobId& id,
                                         std::uint64_t bytes_max) const = 0;

 protected:
  Objects(Objects&&) = default;
  Objects& operator=(Objects&&) = default;
};

class ObjectStore final : public Objects {
 public:
  ObjectStore(const std::string& path, const config::Limits& limits);

  // Does not check the disk for objects added since; look_again() does.
  [[nodiscard]] bool has(const snapshot::BlobId& id) const;
  void look_again() const;
  [[nodiscard]] CommitFacts commit(const snapshot::CommitId& id) const;
  // Returns nothing when the store has no such commit.
  [[nodiscard]] std::optional<CommitNode> commit_node(const snapshot::CommitId& id) const;
  [[nodiscard]] std::string commit_message(const snapshot::CommitId& id) const;
  // Throws what tree() throws.
  [[nodiscard]] TreeObject tree_object(const snapshot::BlobId& id) const;
  // Judges by the object's size, which costs nothing.
  [[nodiscard]] std::vector<TreeEntry> tree(const snapshot::BlobId& id) const override;
  [[nodiscard]] std::uint64_t tree_entries_min(const snapshot::BlobId& id) const override;
  [[nodiscard]] std::uint64_t blob_bytes(const snapshot::BlobId& id) const override;
  [[nodiscard]] std::string blob(const snapshot::BlobId& id,
                                 std::uint64_t bytes_max) const override;

 private:
  void require_size_of_tree(const git_oid& oid, const std::string& hex) const;

  RepositoryHandle repository_;
  OdbHandle odb_;
  std::uint64_t tree_bytes_max_;
};

}  // namespace devy::git
