#include "core/publishing/store/asset_read_store.hpp"
#include "core/publishing/store/reading_store.hpp"
#include "core/publishing/store/sha256_column.hpp"

// Files for readers; see reading_store.hpp.

namespace devy::publishing {
namespace {

// Larger ones are read in pieces: the session would keep a buffer of such a size.
constexpr std::int64_t whole_bytes_max = std::int64_t{1} << 20U;

constexpr pg::Statement select_readable_asset{"select_readable_asset", R"sql(
  select a.media_type, octet_length(a.bytes) as size,
         case when $2::boolean and octet_length(a.bytes) <= $3::bigint then a.bytes end as bytes
  from asset a
  where a.sha256 = $1::bytea
    and exists (select from blog_asset u join blog b on b.id = u.blog_id
                 where u.sha256 = a.sha256 and b.is_connected))sql",
                                              true, true};

}  // namespace

std::optional<ReadableAsset> read_readable_asset(pg::Connection& connection,
                                                 const base::Sha256& sha256, AssetBody body) {
  const bool with_body = body == AssetBody::with;
  const auto rows = connection.maybe(select_readable_asset,
                                     pg::Params(bytes_of(sha256), with_body, whole_bytes_max));
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  ReadableAsset asset{row.text("media_type"), std::string(row.bytes("bytes"))};
  const auto size = row.integer("size");
  if (!with_body || size <= whole_bytes_max) return asset;
  asset.bytes.reserve(static_cast<std::size_t>(size));
  const bool is_whole = read_asset(connection, {sha256, asset.media_type, size},
                                   [&](std::string_view piece) { asset.bytes.append(piece); });
  if (!is_whole) return std::nullopt;
  return asset;
}

}  // namespace devy::publishing
