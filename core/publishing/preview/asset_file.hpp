#pragma once
// Names an asset in a preview's folder. For local files a browser goes by the file's name, so the
// name follows from the asset's media type and never from its name in the repository: it cannot
// become ".html" or a script. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::preview {

// Returns "assets/<sha256>.png". `sha256` has 64 hexadecimal digits; `media_type` is as the
// database has it.
[[nodiscard]] std::string asset_path(std::string_view sha256, std::string_view media_type);

}  // namespace devy::preview
