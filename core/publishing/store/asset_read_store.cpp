#include "core/publishing/store/asset_read_store.hpp"

#include "core/publishing/store/sha256_column.hpp"

namespace devy::publishing {
namespace {

constexpr std::int64_t piece_bytes_max = std::int64_t{1} << 20U;

constexpr pg::Statement select_asset_files{"select_asset_files", R"sql(
  select a.sha256, a.media_type, octet_length(a.bytes) as bytes
  from asset a
  where exists (select from blog_asset b where b.blog_id = $1::uuid and b.sha256 = a.sha256)
  order by a.sha256)sql",
                                           false, true};

constexpr pg::Statement select_asset_piece{"select_asset_piece", R"sql(
  select substring(bytes from $2::integer for $3::integer) as piece
  from asset where sha256 = $1::bytea)sql",
                                           false, true};

}  // namespace

std::vector<AssetFile> asset_files(pg::Connection& connection, const base::BlogId& blog) {
  std::vector<AssetFile> files;
  for (const auto row : connection.query(select_asset_files, pg::Params(blog.text())))
    files.push_back({sha256_of(row), row.text("media_type"), row.integer("bytes")});
  return files;
}

bool read_asset(pg::Connection& connection, const AssetFile& asset,
                const std::function<void(std::string_view piece)>& take) {
  for (std::int64_t at = 0; at < asset.bytes; at += piece_bytes_max) {
    const auto found = connection.maybe(
        select_asset_piece, pg::Params(bytes_of(asset.sha256), at + 1, piece_bytes_max));
    if (!found) return false;
    take((*found)[0].bytes("piece"));
  }
  return true;
}

}  // namespace devy::publishing
