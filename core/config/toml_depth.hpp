#pragma once
// toml++ recurses along dotted keys and nested values, and crashes on 10^5 parts. The file is our
// own, but a slip of an editor must not look like a bug. Coarser than markdown/toml_guard, which
// has to tell an author what is wrong: dots and brackets in strings count too. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string_view>

namespace devy::config {

inline constexpr std::size_t dots_per_line_max = 4096;  // toml++ takes 10^4 parts
inline constexpr std::size_t brackets_per_file_max = 1024;

// The line on which there are too many.
[[nodiscard]] std::optional<std::size_t> find_too_deep(std::string_view toml);

}  // namespace devy::config
