#pragma once
// Computes the changeset from two snapshots: what the blog holds and what the tree holds, with the
// files that moved. Throws what pg::Connection throws.

#include <unordered_set>
#include <vector>

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/snapshot/difference.hpp"
#include "core/publishing/plan/plan.hpp"
#include "core/publishing/upload/tree.hpp"

namespace devy::upload {

// Limit from content.md: with more candidates than this on either side, only identical files count
// as renames.
inline constexpr std::size_t similarity_candidates_max = 200;

struct BlogState {
  std::vector<plan::KnownPost> posts;
  [[nodiscard]] snapshot::Snapshot snapshot() const;
  [[nodiscard]] KnownBlobs blobs() const;
};
[[nodiscard]] BlogState read_blog(pg::Connection& connection, const base::BlogId& blog);
// Makes posts that somebody else has changed differ from every tree, with the slugs that they had:
// for a repair, which writes them anew.
void distrust_altered(pg::Connection& connection, const base::BlogId& blog, BlogState& state);

// Posts that were written before slugs had a basis (plan::KnownPost) get it now, from what the
// database has of them, if the changeset writes them and either their bytes or the root changed.
// The roots are those of the head and of the tree.
struct RootChange {
  std::string before, after;
};
void find_slug_bases(pg::Connection& connection, const base::BlogId& blog,
                     const snapshot::Changeset& changeset, const RootChange& root,
                     BlogState& state);

[[nodiscard]] snapshot::Changeset find_changes(pg::Connection& connection, const base::BlogId& blog,
                                               const git::Clone& clone,
                                               const config::Limits& limits, const BlogState& state,
                                               const Tree& tree);

}  // namespace devy::upload
