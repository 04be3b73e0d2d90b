#include "core/publishing/blog/glob.hpp"

#include <cstddef>

namespace devy::blog {
namespace {

// The result of matching one element of a glob with one byte, and the position of the next element.
struct Step {
  bool is_match = false;
  std::size_t next = 0;
};

// Matches "[…]" at `at`; a bracket that is not closed is a literal.
Step match_class(std::string_view glob, std::size_t at, char byte) {
  std::size_t i = at + 1;
  const bool is_negated = i < glob.size() && (glob[i] == '!' || glob[i] == '^');
  if (is_negated) ++i;
  bool is_inside = false;
  for (bool is_first = true; i < glob.size() && (glob[i] != ']' || is_first); is_first = false) {
    if (glob[i] == '\\' && i + 1 < glob.size()) ++i;
    const auto low = static_cast<unsigned char>(glob[i++]);
    auto high = low;
    if (i + 1 < glob.size() && glob[i] == '-' && glob[i + 1] != ']') {
      high = static_cast<unsigned char>(glob[i + 1]);
      i += 2;
    }
    const auto value = static_cast<unsigned char>(byte);
    is_inside = is_inside || (value >= low && value <= high);
  }
  if (i >= glob.size()) return {byte == '[', at + 1};
  return {is_inside != is_negated, i + 1};
}

Step match_byte(std::string_view glob, std::size_t at, char byte) {
  switch (glob[at]) {
    case '?': return {true, at + 1};
    case '[': return match_class(glob, at, byte);
    case '\\':
      if (at + 1 < glob.size()) return {glob[at + 1] == byte, at + 2};
      return {byte == '\\', at + 1};
    default: return {glob[at] == byte, at + 1};
  }
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80;
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const auto slash = path.find('/');
    if (slash != 0) parts.emplace_back(path.substr(0, slash));
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  }
  return parts;
}

// Backtracking goes to the last "*" only: it can match whatever an earlier one could still match.
bool name_matches(std::string_view glob, std::string_view name) {
  constexpr auto none = std::string_view::npos;
  std::size_t in_glob = 0;
  std::size_t in_name = 0;
  std::size_t star = none;
  std::size_t resume = 0;
  while (in_name < name.size()) {
    if (in_glob < glob.size() && glob[in_glob] == '*') {
      star = in_glob++;
      resume = in_name;
      continue;
    }
    if (in_glob < glob.size()) {
      const bool is_any = glob[in_glob] == '?';
      const Step step = match_byte(glob, in_glob, name[in_name]);
      if (step.is_match) {
        in_glob = step.next;
        ++in_name;
        // A '?' takes a whole character.
        while (is_any && in_name < name.size() && is_continuation(name[in_name]))
          ++in_name;
        continue;
      }
    }
    if (star == none) return false;
    in_glob = star + 1;
    in_name = ++resume;
  }
  while (in_glob < glob.size() && glob[in_glob] == '*')
    ++in_glob;
  return in_glob == glob.size();
}

// Keeps the set of parts of the glob that the path so far may have reached.
bool path_matches(const std::vector<std::string>& glob, std::string_view path) {
  std::vector<bool> reached(glob.size() + 1, false);
  std::vector<bool> next(glob.size() + 1, false);
  const auto is_deep = [&](std::size_t i) { return glob[i] == "**"; };
  const auto close = [&](std::vector<bool>& set) {
    // "**" in the middle may stand for no folder at all; at the end it needs something.
    for (std::size_t i = 0; i + 1 < glob.size(); ++i)
      if (set[i] && is_deep(i)) set[i + 1] = true;
  };
  reached[0] = true;
  close(reached);
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    next.assign(next.size(), false);
    for (std::size_t i = 0; i < glob.size(); ++i) {
      if (!reached[i]) continue;
      if (is_deep(i)) {
        next[i] = true;
        if (i + 1 == glob.size()) next[i + 1] = true;
      } else if (name_matches(glob[i], name)) {
        next[i + 1] = true;
      }
    }
    close(next);
    reached.swap(next);
  }
  return reached[glob.size()];
}

}  // namespace devy::blog
