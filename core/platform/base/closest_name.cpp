#include "core/platform/base/closest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/platform/base/ascii.hpp"

namespace devy::base {
namespace {

// Longer than any name that is meant; the count below is quadratic.
constexpr std::size_t name_bytes_max = 64;

bool is_same(char a, char b) {
  return to_lower(a) == to_lower(b);
}

// Insertions, deletions, replacements, and swaps of neighbours without edits inside.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j)
    last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (is_same(a[i - 1], b[j - 1]) ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]))
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

bool begins(std::string_view name, std::string_view known) {
  constexpr std::size_t letters_min = 3;  // fewer begin too much
  return name.size() >= letters_min && name.size() <= known.size() &&
         std::ranges::equal(name, known.substr(0, name.size()), is_same);
}

template <class Name>
std::optional<std::string_view> closest(std::string_view name, std::span<const Name> known) {
  if (name.empty() || name.size() > name_bytes_max) return std::nullopt;
  std::optional<std::string_view> found;
  const std::size_t edits_max = name.size() <= 4 ? 2 : name.size() <= 8 ? 3 : 4;
  // Halves of an edit: of two that are as near, the one that the name begins is meant.
  std::size_t fewest = 2 * edits_max;
  for (const std::string_view candidate : known) {
    const std::size_t count = edits(name, candidate);
    const std::size_t distance =
        begins(name, candidate) ? std::min<std::size_t>(2 * count, 1) : 2 * count;
    if (distance >= fewest) continue;
    found = candidate;
    fewest = distance;
  }
  return found;
}

}  // namespace

std::optional<std::string_view> closest_name(std::string_view name,
                                             std::span<const std::string_view> known) {
  return closest(name, known);
}

std::optional<std::string_view> closest_name(std::string_view name,
                                             std::span<const std::string> known) {
  return closest(name, known);
}

}  // namespace devy::base
