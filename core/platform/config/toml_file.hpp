#pragma once
// Reads our own TOML file into settings; the only user of toml++ for it. Private to this folder.

#include <map>
#include <string>
#include <string_view>

#include "core/platform/config/load.hpp"

namespace devy::config {

// The place of each key that was read: "git.url_hosts" → "devy-upload.toml:3:1".
using Places = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t file_bytes_max = std::size_t{64} * 1024;

// Stores what the text sets into `loaded` (config, origins, problems). `name` is the file's name in
// messages. Never throws because of the text: every mistake becomes a problem.
void read_toml(std::string_view text, const std::string& name, Loaded& loaded, Places& places);

}  // namespace devy::config
