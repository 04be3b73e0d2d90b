#pragma once
// Assets: files that posts refer to, stored once by content for all blogs, and which of a blog's
// paths is which. Contents are written before the publish, each in a transaction of its own: what a
// killed run leaves behind is whole, belongs to nobody, and is there already for the next run or
// goes with prune_assets(). What is a blog's is written by the publish itself, in its pipeline.
// Throws what pg::Connection throws.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/id.hpp"
#include "core/base/sha256.hpp"
#include "core/pg/connection.hpp"
#include "core/snapshot/object_id.hpp"

namespace devy::store {

struct BlogAsset {
  std::string path;
  snapshot::BlobId blob;
  base::Sha256 sha256{};
};
// By path.
[[nodiscard]] std::vector<BlogAsset> blog_assets(pg::Connection& connection,
                                                 const base::BlogId& blog);

// From now on pruning leaves that content alone for a day. False: it is not there.
[[nodiscard]] bool touch_asset(pg::Connection& connection, const base::Sha256& sha256);
struct AssetContent {
  base::Sha256 sha256{};
  std::string_view media_type, bytes;
};
// No error when another worker was quicker.
void add_asset(pg::Connection& connection, const AssetContent& content);

// ---- in the pipeline of a publish

void write_blog_asset(pg::Connection& connection, const base::BlogId& blog, const BlogAsset& asset);
// The posts no longer use any asset; who still does is written again by use_assets().
void release_assets(pg::Connection& connection, const std::vector<base::PostId>& posts);
void use_assets(pg::Connection& connection, const base::BlogId& blog, const base::PostId& post,
                const std::vector<std::string>& paths);
// Paths that no post of the blog uses are no longer its assets.
void drop_unused_assets(pg::Connection& connection, const base::BlogId& blog);

// ---- upkeep

// Contents that no blog uses, that long after the last upload that meant to, and never before a day
// has gone by. Returns how many went.
std::int64_t prune_assets(pg::Connection& connection, base::Duration older_than);

}  // namespace devy::store
