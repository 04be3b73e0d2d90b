#pragma once
// Reads a blog's assets in order to serve them; asset_store.hpp writes them. Throws what
// pg::Connection throws.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::publishing {

struct AssetFile {
  base::Sha256 sha256{};
  std::string media_type;
  std::int64_t bytes = 0;
};
// Lists each content once, even when several paths share it.
[[nodiscard]] std::vector<AssetFile> asset_files(pg::Connection& connection,
                                                 const base::BlogId& blog);

// Reads the asset in pieces of at most one mebibyte, so that none is in memory whole. Returns false
// when it does not exist, or was removed between two pieces.
[[nodiscard]] bool read_asset(pg::Connection& connection, const AssetFile& asset,
                              const std::function<void(std::string_view piece)>& take);

}  // namespace devy::publishing
