#pragma once
// Checks untrusted TOML before toml++ parses it: toml++ crashes on a dotted key of 10^5 parts, and
// its recursion follows nesting. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace devy::config {

inline constexpr std::size_t toml_key_parts_max = 32;
inline constexpr std::size_t toml_depth_max = 64;

struct TomlProblem {
  std::uint32_t line = 0, column = 0;  // from 1
  std::string message;
};

// Finds the first key of more than toml_key_parts_max parts, or value nested deeper than
// toml_depth_max.
[[nodiscard]] std::optional<TomlProblem> find_toml_problem(std::string_view toml);

}  // namespace devy::config
