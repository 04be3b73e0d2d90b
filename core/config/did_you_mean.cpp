#include "core/config/did_you_mean.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace devy::config {
namespace {

// Longer words are no key of ours; the table below is quadratic.
constexpr std::size_t word_bytes_max = 64;

// Damerau-Levenshtein distance, without edits inside a swapped pair.
std::size_t edits(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string_view> did_you_mean(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > word_bytes_max) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_edits = word.size() <= 4 ? 2 : word.size() <= 8 ? 3 : 4;
  for (const auto candidate : candidates) {
    const std::size_t found = edits(word, candidate);
    if (found >= best_edits) continue;
    best = candidate;
    best_edits = found;
  }
  return best;
}

}  // namespace devy::config
