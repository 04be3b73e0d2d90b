#include "core/publishing/store/asset_read_store.hpp"

#include "core/platform/base/error.hpp"

namespace devy::publishing {
namespace {

constexpr std::int64_t piece_bytes_max = std::int64_t{1} << 20U;

constexpr pg::Statement select_asset_files{"select_asset_files", R"sql(
  select encode(a.sha256, 'hex') as sha256, a.media_type, octet_length(a.bytes) as bytes
  from asset a
  where exists (select from blog_asset b where b.blog_id = $1::uuid and b.sha256 = a.sha256)
  order by a.sha256)sql"};

constexpr pg::Statement select_asset_piece{"select_asset_piece", R"sql(
  select encode(substring(bytes from $2::integer for $3::integer), 'hex') as piece
  from asset where sha256 = decode($1::text, 'hex'))sql"};

std::string from_hex(std::string_view digits) {
  const auto value = [](char digit) {
    return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  };
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(value(digits[i]) << 4U | value(digits[i + 1]));
  return bytes;
}

}  // namespace

std::vector<AssetFile> asset_files(pg::Connection& connection, const base::BlogId& blog) {
  std::vector<AssetFile> files;
  for (const auto row : connection.query(select_asset_files, pg::Params(blog.text())))
    files.push_back({row.text("sha256"), row.text("media_type"), row.integer("bytes")});
  return files;
}

bool read_asset(pg::Connection& connection, const AssetFile& asset,
                const std::function<void(std::string_view piece)>& take) {
  for (std::int64_t at = 0; at < asset.bytes; at += piece_bytes_max) {
    const auto found =
        connection.maybe(select_asset_piece, pg::Params(asset.sha256, at + 1, piece_bytes_max));
    if (!found) return false;
    take(from_hex((*found)[0].view("piece")));
  }
  return true;
}

}  // namespace devy::publishing
