#pragma once
// .gitignore's globs, one match at a time. Pure; any thread. Never exponential.

#include <string>
#include <string_view>
#include <vector>

namespace devy::blog {

[[nodiscard]] std::vector<std::string> split_path(std::string_view path);

// One name without '/': "*", "?", "[a-z]", "[!a-z]", "\\" before a character that means itself.
[[nodiscard]] bool name_matches(std::string_view glob, std::string_view name);

// All of a path, part by part; a part "**" stands for any number of folders, and at the end for
// everything below.
[[nodiscard]] bool path_matches(const std::vector<std::string>& glob, std::string_view path);

}  // namespace devy::blog
