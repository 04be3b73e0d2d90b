#pragma once
// What an asset is called in a preview's folder. From a folder a browser goes by a file's name, so
// the name follows from what the file is and never from what a repository calls it: no ".html" and
// no script comes of it. Pure; any thread.

#include <string>
#include <string_view>

namespace devy::preview {

// "assets/<sha256>.png". `sha256`: 64 hexadecimal digits; `media_type` as the database has it.
[[nodiscard]] std::string asset_path(std::string_view sha256, std::string_view media_type);

}  // namespace devy::preview
