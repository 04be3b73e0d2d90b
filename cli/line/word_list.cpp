#include "cli/line/word_list.hpp"

namespace devy::cli {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string line;
  for (const auto& word : words) {
    if (!line.empty()) line += between;
    line += word;
  }
  return line;
}

}  // namespace devy::cli
