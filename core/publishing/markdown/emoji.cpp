#include "core/publishing/markdown/emoji.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/platform/base/ascii.hpp"
#include "embedded/emoji_txt.hpp"

namespace devy::markdown {
namespace {

// GitHub's names for pictures that Unicode does not have.
constexpr std::array<std::string_view, 21> picture_names{
    "accessibility", "atom",     "basecamp",   "basecampy", "bowtie",  "dependabot",  "electron",
    "feelsgood",     "finnadie", "fishsticks", "goberserk", "godmode", "hurtrealbad", "neckbeard",
    "octocat",       "rage1",    "rage2",      "rage3",     "rage4",   "shipit",      "trollface"};
static_assert(std::ranges::is_sorted(picture_names));

constexpr std::size_t name_bytes_max = 64;  // the longest has 40

bool is_name_byte(char byte) {
  return base::is_lower_letter(byte) || base::is_digit(byte) || byte == '_' || byte == '+' ||
         byte == '-';
}

// "name" of a ":name:" at the front of `text`, or nothing.
std::string_view leading_name(std::string_view text) {
  const auto within = text.substr(1, name_bytes_max + 1);
  const auto end = std::ranges::find_if_not(within, is_name_byte);
  if (end == within.end() || *end != ':') return {};
  return within.substr(0, static_cast<std::size_t>(end - within.begin()));
}

}  // namespace

// The table's lines are sorted, and so are the comments at its head: '#' comes before any name.
std::string_view find_emoji(std::string_view name) {
  std::string_view rest = embedded::emoji_txt;  // whole lines
  while (!rest.empty()) {
    const auto middle = rest.substr(0, rest.size() / 2);
    const std::size_t begin = middle.rfind('\n') + 1;  // 0 after npos
    const std::size_t end = rest.find('\n', begin);
    const auto line = rest.substr(begin, end - begin);
    const auto space = line.find(' ');
    const auto found = line.substr(0, space);
    if (found == name && !found.starts_with('#')) return line.substr(space + 1);
    rest = found < name ? rest.substr(end + 1) : rest.substr(0, begin);
  }
  const auto* picture = std::ranges::lower_bound(picture_names, name);
  if (picture != picture_names.end() && *picture == name) return *picture;
  return {};
}

std::optional<std::string> with_emoji(std::string_view text) {
  std::optional<std::string> out;
  std::size_t copied = 0;
  for (auto at = text.find(':'); at != std::string_view::npos;) {
    const auto name = leading_name(text.substr(at));
    const auto emoji = name.empty() ? std::string_view() : find_emoji(name);
    if (emoji.empty()) {
      // The colon that ends no name may begin one.
      at = text.find(':', at + 1);
      continue;
    }
    if (!out) out.emplace().reserve(text.size());
    out->append(text, copied, at - copied).append(emoji);
    copied = at + name.size() + 2;
    at = text.find(':', copied);
  }
  if (out) out->append(text, copied);
  return out;
}

}  // namespace devy::markdown
