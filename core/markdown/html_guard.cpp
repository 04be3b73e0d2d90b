#include "core/markdown/html_guard.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/markdown/plain_text.hpp"

namespace devy::markdown {
namespace {

// Elements that close by themselves: another one, or their parent's end, ends them.
constexpr std::array<std::string_view, 33> self_closing{
    "area",  "base",  "basefont", "bgsound", "br",    "caption", "col",    "colgroup", "dd",
    "dt",    "embed", "hr",       "img",     "input", "li",      "link",   "meta",     "option",
    "p",     "param", "rb",       "rp",      "rt",    "rtc",     "source", "tbody",    "td",
    "tfoot", "th",    "thead",    "tr",      "track", "wbr"};
static_assert(std::ranges::is_sorted(self_closing));

bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool is_blank(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r' || byte == '\f';
}

std::string_view take_name(std::string_view& html) {
  std::size_t length = 0;
  while (length < html.size() && !is_blank(html[length]) && html[length] != '>' &&
         html[length] != '/')
    ++length;
  const auto name = html.substr(0, length);
  html.remove_prefix(length);
  return name;
}

// Takes the rest of a tag; how many words stand in it, which are no fewer than its attributes but
// for those without a blank between.
std::size_t take_attributes(std::string_view& html) {
  std::size_t words = 0;
  char quote = 0;
  bool was_separator = false;
  std::size_t at = 0;
  for (; at < html.size() && (quote != 0 || html[at] != '>'); ++at) {
    const char byte = html[at];
    if (quote != 0) {
      if (byte == quote) {
        quote = 0;
        was_separator = true;
      }
      continue;
    }
    const bool is_separator = is_blank(byte) || byte == '/';
    if (was_separator && !is_separator) ++words;
    was_separator = is_separator;
    if (byte == '"' || byte == '\'') quote = byte;
  }
  html.remove_prefix(at);
  return words;
}

}  // namespace

std::string problem_before_parsing(std::string_view html) {
  std::unordered_map<std::string, std::size_t> open;
  std::size_t open_count = 0;
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<')) {
    html.remove_prefix(at + 1);
    const bool is_end = html.starts_with('/');
    if (is_end) html.remove_prefix(1);
    if (html.empty() || !is_letter(html[0])) continue;
    const auto name = to_lower_ascii(take_name(html));
    if (take_attributes(html) > tag_attributes_max)
      return "an HTML tag has more than " + std::to_string(tag_attributes_max) + " attributes";
    if (std::ranges::binary_search(self_closing, name)) continue;
    if (!is_end) {
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
