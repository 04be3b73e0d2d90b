#include "core/publishing/store/sha256_column.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"

namespace devy::publishing {

base::Sha256 sha256_of(const pg::Row& row) {
  base::Sha256 sha256{};
  const auto bytes = row.bytes("sha256");
  if (bytes.size() != sha256.size())
    throw base::Error(base::ErrorKind::internal,
                      "unable to read an asset: its digest has another length");
  std::ranges::transform(bytes, sha256.begin(),
                         [](char byte) { return static_cast<std::uint8_t>(byte); });
  return sha256;
}

pg::Bytes bytes_of(const base::Sha256& sha256) {
  return {{reinterpret_cast<const char*>(sha256.data()), sha256.size()}};
}

}  // namespace devy::publishing
