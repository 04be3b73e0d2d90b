#include "core/publishing/store/asset_store.hpp"

#include "core/platform/base/error.hpp"
#include "core/publishing/store/sha256_column.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement select_blog_assets{"select_blog_assets", R"sql(
  select path, blob, sha256
  from blog_asset where blog_id = $1::uuid
  order by path collate "C")sql",
                                           false, true};

constexpr pg::Statement touch_asset_statement{"touch_asset", R"sql(
  update asset set wanted_at = clock_timestamp() where sha256 = $1::bytea)sql"};

constexpr pg::Statement insert_asset{"insert_asset", R"sql(
  insert into asset (sha256, media_type, bytes) values ($1::bytea, $2::text, $3::bytea)
  on conflict (sha256) do update set wanted_at = excluded.wanted_at)sql"};

constexpr pg::Statement upsert_blog_asset{"upsert_blog_asset", R"sql(
  insert into blog_asset (blog_id, path, blob, sha256)
  values ($1::uuid, $2::text, $3::text, $4::bytea)
  on conflict (blog_id, path) do update set blob = excluded.blob, sha256 = excluded.sha256)sql"};

constexpr pg::Statement delete_post_assets{"delete_post_assets", R"sql(
  delete from post_asset where post_id = any ($1::uuid[]))sql"};

constexpr pg::Statement insert_post_assets{"insert_post_assets", R"sql(
  insert into post_asset (post_id, blog_id, path)
  select $1::uuid, $2::uuid, path from unnest($3::text[]) path)sql"};

constexpr pg::Statement delete_unused_blog_assets{"delete_unused_blog_assets", R"sql(
  delete from blog_asset a
  where a.blog_id = $1::uuid
    and not exists (select from post_asset p where p.blog_id = a.blog_id and p.path = a.path))sql"};

// In the order of their digests, because the time when an asset was wanted is in no index: most are
// old and in use, and an index on it would be written at every upload.
//
// A publish takes at most as long as its lease is renewed: never near a day.
constexpr pg::Statement prune_unused_assets{"prune_unused_assets", R"sql(
  with looked_at as materialized (
    select sha256, wanted_at
      from asset
     where sha256 > decode($2::text, 'hex')
     order by sha256
     limit $3::integer
  ), gone as (
    delete from asset a
     using looked_at l
     where a.sha256 = l.sha256
       and a.wanted_at < clock_timestamp() -
                         greatest($1::bigint * interval '1 microsecond', interval '1 day')
       and not exists (select from blog_asset b where b.sha256 = a.sha256)
    returning 1
  )
  select (select count(*) from looked_at) as looked_at,
         (select count(*) from gone) as pruned,
         (select encode(sha256, 'hex') from looked_at order by sha256 desc limit 1) as position)sql"};

constexpr pg::Statement count_unused{"count_unused_assets", R"sql(
  select count(*) as looked_at,
         count(*) filter (
           where l.wanted_at < clock_timestamp() -
                               greatest($1::bigint * interval '1 microsecond', interval '1 day')
             and not exists (select from blog_asset b where b.sha256 = l.sha256)) as unused
    from (select sha256, wanted_at from asset order by sha256 limit $2::integer) l)sql"};

}  // namespace

std::vector<BlogAsset> blog_assets(pg::Connection& connection, const base::BlogId& blog) {
  std::vector<BlogAsset> assets;
  for (const auto row : connection.query(select_blog_assets, pg::Params(blog.text()))) {
    const auto blob = snapshot::BlobId::parse(row.view("blob"));
    if (!blob)
      throw base::Error(base::ErrorKind::internal,
                        "unable to read asset '" + row.text("path") + "': its blob is no id");
    assets.push_back({row.text("path"), *blob, sha256_of(row)});
  }
  return assets;
}

bool touch_asset(pg::Connection& connection, const base::Sha256& sha256) {
  return connection.execute(touch_asset_statement, pg::Params(bytes_of(sha256))) == 1;
}

void add_asset(pg::Connection& connection, const AssetContent& content) {
  connection.execute(insert_asset, pg::Params(bytes_of(content.sha256), content.media_type,
                                              pg::Bytes{content.bytes}));
}

void write_blog_asset(pg::Connection& connection, const base::BlogId& blog,
                      const BlogAsset& asset) {
  connection.push(upsert_blog_asset,
                  pg::Params(blog.text(), asset.path, asset.blob.hex(), bytes_of(asset.sha256)));
}

void release_assets(pg::Connection& connection, const std::vector<base::PostId>& posts) {
  if (posts.empty()) return;
  std::vector<std::string> ids;
  ids.reserve(posts.size());
  for (const auto& post : posts)
    ids.push_back(post.text());
  connection.push(delete_post_assets, pg::Params(ids));
}

void use_assets(pg::Connection& connection, const base::BlogId& blog, const base::PostId& post,
                const std::vector<std::string>& paths) {
  if (paths.empty()) return;
  connection.push(insert_post_assets, pg::Params(post.text(), blog.text(), paths));
}

void drop_unused_assets(pg::Connection& connection, const base::BlogId& blog) {
  connection.push(delete_unused_blog_assets, pg::Params(blog.text()));
}

queue::PruneBatch prune_assets(pg::Connection& connection, const queue::PruneRequest& request) {
  const auto result =
      connection.one(prune_unused_assets,
                     pg::Params(request.older_than.count(), request.position, request.rows_max));
  const auto row = result[0];
  queue::PruneBatch batch;
  batch.pruned["assets"] = row.integer("pruned");
  batch.position = row.is_null("position") ? request.position : row.text("position");
  batch.is_last = row.integer("looked_at") < request.rows_max;
  return batch;
}

queue::PruneEstimate count_unused_assets(pg::Connection& connection, const queue::PruneAges& ages,
                                         int rows_max) {
  const auto result = connection.one(count_unused, pg::Params(ages.older_than.count(), rows_max));
  return {{{"assets", result[0].integer("unused")}}, result[0].integer("looked_at") == rows_max};
}

}  // namespace devy::publishing
