#pragma once
// Downloads of contents that are in S3 (files.md, section 3): whoever asks is sent there with an
// address that is good for five minutes, or gets the bytes from here. Any thread.

#include <optional>
#include <string>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/message.hpp"
#include "daemon/web/files_api.hpp"

namespace devy::daemon {

[[nodiscard]] bool is_in_s3(const files::File& file);
// 307. Throws Error(config) when the credentials cannot be read.
[[nodiscard]] http::Response redirect_to_s3(const FilesCall& call, const files::File& file,
                                            const std::string& disposition);
// Reads the content into a file without a name on the disk, and checks its digest. Nothing when its
// bytes are others, or not there. Throws Error(busy) when enough are being read, and what
// s3::Client throws.
[[nodiscard]] std::optional<base::Descriptor> fetch_from_s3(FilesCall& call,
                                                            const files::File& file,
                                                            const storage::Disk& disk);

}  // namespace devy::daemon
