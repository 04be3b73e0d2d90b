#include "core/platform/git/skip_marker.hpp"

#include <algorithm>
#include <array>

namespace devy::git {

bool has_skip_marker(std::string_view message) {
  static constexpr std::array<std::string_view, 6> markers{
      "[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]", "[skip devy]"};
  const auto is_there = [&](std::string_view marker) {
    return message.find(marker) != message.npos;
  };
  if (std::ranges::any_of(markers, is_there)) return true;
  // A trailer is a line of the last paragraph; GitHub's rule asks for nothing but the line.
  constexpr std::string_view trailer = "skip-checks:";
  for (std::size_t at = message.find(trailer); at != std::string_view::npos;
       at = message.find(trailer, at + 1)) {
    if (at != 0 && message[at - 1] != '\n') continue;
    auto value = message.substr(at + trailer.size());
    value = value.substr(0, value.find('\n'));
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
      value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\r'))
      value.remove_suffix(1);
    if (value == "true") return true;
  }
  return false;
}

}  // namespace devy::git
