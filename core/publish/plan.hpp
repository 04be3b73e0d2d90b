#pragma once
// From a changeset and what rendering gave to what the database must do: which posts go, come,
// change, move; which slug each has; which files are in error. Pure; any thread.
//
// Slugs (content.md): a post that had a slug keeps it; of two files that want one slug the one that
// had it wins, else the first by path, and the other is a file error naming both. A post whose file
// is in error keeps its last good version, under its new path when the file moved.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.hpp"
#include "core/snapshot/difference.hpp"
#include "core/snapshot/file_error.hpp"

namespace devy::publish {

using base::PostId;
using snapshot::BlobId;

// A post as it stands in the database.
struct KnownPost {
  PostId id;
  std::string path, slug;
  BlobId blob;
  std::string origin;
  // The file's blob at the head, where that could not be published and the post is older.
  std::optional<BlobId> failed_blob = {};
  bool has_links = false;        // to files of the repository
  std::uint64_t file_bytes = 0;  // of `blob`
};

// What rendering one changed file gave.
struct RenderedFile {
  std::string path;
  std::optional<std::string> slug;           // the front matter's
  std::optional<snapshot::FileError> error;  // then there is no document
  std::size_t document = 0;                  // index into the Spool
  bool has_links = false;                    // to files of the repository, a cover included
  std::uint64_t file_bytes = 0;
};

struct Write {
  snapshot::ChangeKind kind = snapshot::ChangeKind::created;
  std::string path, slug;
  BlobId blob;
  std::size_t document = 0;
  std::optional<PostId> post;                 // empty: a new one
  std::optional<std::string> old_slug;        // when it changed: becomes a redirect
  bool has_links = false, had_links = false;  // to files of the repository: now, and as it stood
  std::uint64_t file_bytes = 0;
};

struct Relocation {  // the file moved but is in error: the last good version moves with it
  PostId post;
  std::string path;
};

struct FileProblem {
  snapshot::FileError error;
  BlobId blob;
};

struct PublishPlan {
  std::vector<PostId> deletes;
  std::vector<Write> writes;  // by path
  std::vector<Relocation> relocations;
  std::vector<FileProblem> problems;  // by path
  std::size_t unchanged = 0;
};

// `rendered` has one entry for every change that is not a delete, in the changeset's order.
[[nodiscard]] PublishPlan plan(const snapshot::Changeset& changeset, const std::string& root,
                               const std::vector<RenderedFile>& rendered,
                               const std::vector<KnownPost>& known);

}  // namespace devy::publish
