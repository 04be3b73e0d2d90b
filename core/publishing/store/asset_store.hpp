#pragma once
// Assets: files that posts refer to. Each content is stored once for all blogs; a table says which
// path of a blog has which content. Contents are written before the publish, each in a transaction
// of its own: whatever a killed run leaves behind is complete and unreferenced, so the next run
// reuses it or prune_assets() removes it. The publish itself writes the blog's paths, in its
// pipeline. Throws what pg::Connection throws.

#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/prune.hpp"
#include "core/platform/snapshot/object_id.hpp"

namespace devy::publishing {

struct BlogAsset {
  std::string path;
  snapshot::BlobId blob;
  base::Sha256 sha256{};
};
// Ordered by path.
[[nodiscard]] std::vector<BlogAsset> blog_assets(pg::Connection& connection,
                                                 const base::BlogId& blog);

// Protects that content from pruning for a day. Returns false when it does not exist.
[[nodiscard]] bool touch_asset(pg::Connection& connection, const base::Sha256& sha256);
struct AssetContent {
  base::Sha256 sha256{};
  std::string_view media_type, bytes;
};
// It is no error when another worker has added it first.
void add_asset(pg::Connection& connection, const AssetContent& content);

// ---- writes in the pipeline of a publish

void write_blog_asset(pg::Connection& connection, const base::BlogId& blog, const BlogAsset& asset);
// Records that these posts use no asset any more; use_assets() then records those that still do.
void release_assets(pg::Connection& connection, const std::vector<base::PostId>& posts);
void use_assets(pg::Connection& connection, const base::BlogId& blog, const base::PostId& post,
                const std::vector<std::string>& paths);
// Removes the paths that no post of the blog uses any more.
void drop_unused_assets(pg::Connection& connection, const base::BlogId& blog);

// ---- maintenance

// Removes contents that no blog uses, once they are old enough since the last upload that meant to
// use them, and never before a day has passed (store/prune.hpp).
[[nodiscard]] queue::PruneBatch prune_assets(pg::Connection& connection,
                                             const queue::PruneRequest& request);
[[nodiscard]] queue::PruneEstimate count_unused_assets(pg::Connection& connection,
                                                       const queue::PruneAges& ages, int rows_max);

}  // namespace devy::publishing
