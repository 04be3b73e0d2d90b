#include "core/blog/closest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/markdown/plain_text.hpp"

namespace devy::blog {
namespace {

std::size_t edits(std::string_view source, std::string_view target) {
  std::vector<std::size_t> row(target.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i)
    row[i] = i;
  for (std::size_t i = 0; i < source.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < target.size(); ++j) {
      const std::size_t replaced = diagonal + (source[i] == target[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view closest_name(std::string_view name, std::span<const std::string_view> known) {
  constexpr std::size_t name_bytes_max = 64;  // longer than any key that is meant
  if (name.size() > name_bytes_max) return {};
  const std::string lower = markdown::to_lower_ascii(name);
  std::string_view closest;
  std::size_t fewest = std::max<std::size_t>(name.size() / 3, 1) + 1;
  for (const auto candidate : known) {
    const auto count = edits(lower, candidate);
    if (count < fewest) {
      fewest = count;
      closest = candidate;
    }
  }
  return closest;
}

}  // namespace devy::blog
