#pragma once
// The step from two snapshots to a changeset: what the blog holds, what the tree holds, which files
// moved. Throws what pg::Connection throws.

#include <unordered_set>
#include <vector>

#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
#include "core/publish/plan.hpp"
#include "core/repository/clone.hpp"
#include "core/snapshot/difference.hpp"
#include "core/upload/tree.hpp"

namespace devy::upload {

// content.md: more candidates than this on either side, and only identical files are renames.
inline constexpr std::size_t similarity_candidates_max = 200;

struct BlogState {
  std::vector<publish::KnownPost> posts;
  [[nodiscard]] snapshot::Snapshot snapshot() const;
  [[nodiscard]] KnownBlobs blobs() const;
};
[[nodiscard]] BlogState read_blog(pg::Connection& connection, const base::BlogId& blog);

[[nodiscard]] snapshot::Changeset find_changes(pg::Connection& connection, const base::BlogId& blog,
                                               const repository::Clone& clone,
                                               const config::Limits& limits, const BlogState& state,
                                               const Tree& tree);

}  // namespace devy::upload
