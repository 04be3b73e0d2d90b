#pragma once
// Moves contents from S3 to this node's disk (`file move --to disk`), one at a time: whoever is
// stopped between two of them goes on with the next. To S3 they go by operations `file_store`. One
// connection, one thread; throws what Disk, s3::Client and pg::Connection throw.

#include <functional>
#include <string_view>

#include "core/files/s3/client.hpp"
#include "core/files/storage/disk.hpp"
#include "core/files/store/storing_store.hpp"

namespace devy::storing {

enum class Moved {
  done,
  gone,  // somebody has deleted it, or moved it, meanwhile
  lost   // its bytes are not there, or others
};
// `on_bytes` may throw, to stop.
[[nodiscard]] Moved move_to_disk(pg::Connection& connection, storage::Disk& disk,
                                 s3::Client& client, const config::Files& settings,
                                 const files::Placed& content,
                                 const std::function<void(std::string_view)>& on_bytes);

}  // namespace devy::storing
