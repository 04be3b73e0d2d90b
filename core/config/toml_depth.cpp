#include "core/config/toml_depth.hpp"

namespace devy::config {

std::optional<std::size_t> find_too_deep(std::string_view toml) {
  std::size_t line = 1, dots = 0, brackets = 0;
  for (const char c : toml) {
    if (c == '\n') {
      ++line;
      dots = 0;
    }
    if (c == '.' && ++dots > dots_per_line_max) return line;
    if ((c == '[' || c == '{') && ++brackets > brackets_per_file_max) return line;
  }
  return std::nullopt;
}

}  // namespace devy::config
