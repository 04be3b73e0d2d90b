#include "core/publishing/markdown/html_guard.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/html_tag.hpp"
#include "core/publishing/markdown/plain_text.hpp"

namespace devy::markdown {
namespace {

// Elements that close by themselves: another one, or their parent's end, ends them.
constexpr std::array<std::string_view, 33> self_closing{
    "area",  "base",  "basefont", "bgsound", "br",    "caption", "col",    "colgroup", "dd",
    "dt",    "embed", "hr",       "img",     "input", "li",      "link",   "meta",     "option",
    "p",     "param", "rb",       "rp",      "rt",    "rtc",     "source", "tbody",    "td",
    "tfoot", "th",    "thead",    "tr",      "track", "wbr"};
static_assert(std::ranges::is_sorted(self_closing));

}  // namespace

std::string problem_before_parsing(std::string_view html) {
  std::unordered_map<std::string, std::size_t> open;
  std::size_t open_count = 0;
  while (const auto tag = read_tag(html)) {
    if (tag->words > tag_attributes_max)
      return "an HTML tag has more than " + std::to_string(tag_attributes_max) + " attributes";
    const auto name = base::to_lower(tag->name);
    if (std::ranges::binary_search(self_closing, name)) continue;
    if (!tag->is_end) {
      ++open[name];
      if (++open_count > open_elements_max)
        return "more than " + std::to_string(open_elements_max) + " HTML elements are open at once";
    } else if (const auto found = open.find(name); found != open.end() && found->second > 0) {
      --found->second;
      --open_count;
    }
  }
  return {};
}

}  // namespace devy::markdown
