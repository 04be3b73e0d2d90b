#pragma once
// The header Upload-Metadata of tus: `filename d29ybGQ=,temporary`, keys and values in base64.
// Pure; any thread.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace devy::intake {

inline constexpr std::size_t upload_metadata_bytes_max = 4096;

struct UploadMetadata {
  std::string filename, filetype;  // also as `name` and `type`
  bool is_temporary = false;       // `temporary`, alone or "true" or "1"
  std::vector<std::pair<std::string, std::string>> others;
};

// Throws Error(rejected, "metadata_refused"): longer than 4 KiB, a key twice or without a name,
// anything that is no base64, a value that is not UTF-8.
[[nodiscard]] UploadMetadata read_upload_metadata(std::string_view header);

}  // namespace devy::intake
