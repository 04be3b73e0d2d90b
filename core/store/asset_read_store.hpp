#pragma once
// A blog's assets for whoever shows them; asset_store.hpp writes them. Throws what pg::Connection
// throws.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct AssetFile {
  std::string sha256;  // 64 hexadecimal digits
  std::string media_type;
  std::int64_t bytes = 0;
};
// Each content once.
[[nodiscard]] std::vector<AssetFile> asset_files(pg::Connection& connection,
                                                 const base::BlogId& blog);

// In pieces of at most a mebibyte, so that no asset is in memory whole. False when it is not there,
// or went between two pieces.
[[nodiscard]] bool read_asset(pg::Connection& connection, const AssetFile& asset,
                              const std::function<void(std::string_view piece)>& take);

}  // namespace devy::store
