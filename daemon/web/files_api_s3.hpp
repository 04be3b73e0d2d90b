#pragma once
// Downloads of contents that are in S3 (files.md, section 3): whoever asks is sent there with an
// address that is good for five minutes, or gets the bytes from here. Any thread.

#include <optional>
#include <string>

#include "core/files/storage/disk.hpp"
#include "core/files/store/file.hpp"
#include "core/platform/base/descriptor.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/message.hpp"

namespace devy::daemon {

[[nodiscard]] bool is_in_s3(const files::File& file);
// 307, for a request of that method. Throws Error(config) when the credentials cannot be read.
[[nodiscard]] http::Response redirect_to_s3(const config::Files& settings,
                                            const std::string& method, const files::File& file,
                                            const std::string& disposition);
// Reads the content into a file without a name on the disk, and checks its digest. Nothing when its
// bytes are others, or not there. Throws Error(busy) when enough are being read, (unavailable,
// "storage_full") where the disk has no room for it, and what s3::Client throws.
[[nodiscard]] std::optional<base::Descriptor> fetch_from_s3(const config::Files& settings,
                                                            const files::File& file,
                                                            const storage::Disk& disk);

}  // namespace devy::daemon
