#pragma once
// Matches one of .gitignore's globs. Pure; any thread. The time is never exponential.

#include <string>
#include <string_view>
#include <vector>

namespace devy::blog {

[[nodiscard]] std::vector<std::string> split_path(std::string_view path);

// Matches one name without '/'. The glob may contain "*", "?", "[a-z]", "[!a-z]", and "\\" before a
// literal character.
[[nodiscard]] bool name_matches(std::string_view glob, std::string_view name);

// Matches a whole path, part by part; a part "**" matches any number of folders, and at the end
// everything below.
[[nodiscard]] bool path_matches(const std::vector<std::string>& glob, std::string_view path);

}  // namespace devy::blog
