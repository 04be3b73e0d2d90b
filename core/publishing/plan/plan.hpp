#pragma once
// Computes from a changeset and the rendered files what the database must do: which posts are
// deleted, created, changed or moved; which slug each has; which files are in error. Pure; any
// thread.
//
// Slugs are given by slug_allocator.hpp. A post whose file is in error keeps its last good version,
// under its new path when the file moved.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/snapshot/difference.hpp"
#include "core/platform/snapshot/file_error.hpp"
#include "core/publishing/plan/date_source.hpp"

namespace devy::plan {

using base::PostId;
using snapshot::BlobId;

// A post as the database has it now.
struct KnownPost {
  PostId id;
  std::string path, slug;
  BlobId blob;
  std::string origin;
  // The blob of the file at the head, when it could not be published and the post shows an older
  // one.
  std::optional<BlobId> failed_blob = {};
  bool has_links = false;        // has links to files of the repository
  std::uint64_t file_bytes = 0;  // size of `blob`
  // The slug_basis() of `slug`. Posts that were written before there was one have none.
  std::optional<std::string> slug_basis = {};
  std::vector<std::string> aliases = {};  // of its front matter, as slugs
  DateSource date_source = DateSource::commit;
};

// The result of rendering one changed file.
struct RenderedFile {
  std::string path;
  std::optional<std::string> slug = {}, permalink = {};  // as in the front matter
  std::uint32_t slug_line = 0, slug_column = 0;
  std::optional<snapshot::FileError> error = {};  // when set, there is no document
  std::size_t document = 0;                       // index into the Spool
  bool has_links = false;  // has links to files of the repository, or a cover
  std::uint64_t file_bytes = 0;
  std::vector<std::string> aliases = {};  // as slugs
  bool has_date = false;                  // written in the file, or in its name
};

struct Write {
  snapshot::ChangeKind kind = snapshot::ChangeKind::created;
  std::string path, slug;
  BlobId blob;
  std::size_t document = 0;
  std::optional<PostId> post;                 // empty: a new post
  std::optional<std::string> old_slug;        // set when it changed; it becomes a redirect
  bool has_links = false, had_links = false;  // links to files of the repository: now, and before
  std::uint64_t file_bytes = 0;
  std::string slug_basis = {};
  std::vector<std::string> aliases = {};  // as slugs
  bool has_date = false;                  // written in the file, or in its name
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
  std::vector<Write> writes;  // ordered by path
  std::vector<Relocation> relocations;
  std::vector<FileProblem> problems;          // ordered by path
  std::vector<snapshot::FileError> warnings;  // about slugs, ordered by path
  std::size_t unchanged = 0;
};

// Returns the part of a path of the blog that counts for its slug.
[[nodiscard]] std::string under_root(const std::string& path, const std::string& root);

// `rendered` has one entry for every change that is not a delete, in the changeset's order.
[[nodiscard]] PublishPlan plan(const snapshot::Changeset& changeset, const std::string& root,
                               const std::vector<RenderedFile>& rendered,
                               const std::vector<KnownPost>& known);

}  // namespace devy::plan
