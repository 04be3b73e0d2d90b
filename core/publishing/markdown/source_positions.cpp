#include "core/publishing/markdown/source_positions.hpp"

#include <algorithm>
#include <cstdint>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/markdown/link_url.hpp"

namespace devy::markdown {
namespace {

// The value of an attribute as it is written, from behind its '='. Empty when there is none.
std::string_view value_at(std::string_view html) {
  const auto begin = html.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  html.remove_prefix(begin);
  const char quote = html[0];
  if (quote != '"' && quote != '\'') return html.substr(0, html.find_first_of(" \t\n>"));
  html.remove_prefix(1);
  return html.substr(0, html.find(quote));
}

bool ends_with_name(std::string_view text, std::string_view name) {
  return text.size() >= name.size() &&
         base::is_same_word(text.substr(text.size() - name.size()), name);
}

}  // namespace

void SourcePositions::add_url(std::string_view url, Place place) {
  if (auto* reserved = reserve(url)) *reserved = place;
}

Place* SourcePositions::reserve(std::string_view url) {
  auto parsed = parse_link_url(url, path_);
  if (parsed.kind == LinkUrl::Kind::fragment) parsed.target = '#' + parsed.fragment;
  else if (parsed.kind != LinkUrl::Kind::file) return nullptr;
  auto& place = places_.emplace_back();
  by_target_[std::move(parsed.target)].push_back(&place);
  return &place;
}

void SourcePositions::add_html(std::string_view html, Place place) {
  std::size_t line_begin = 0, value_end = 0;
  for (std::size_t at = 0; at < html.size(); ++at) {
    if (html[at] == '\n') {
      ++place.line;
      place.column = 1;
      line_begin = at + 1;
    }
    if (html[at] != '=' || at == 0 || at < value_end) continue;
    const auto name = html.substr(0, html.find_last_not_of(" \t\n", at - 1) + 1);
    if (!ends_with_name(name, "href") && !ends_with_name(name, "src") &&
        !ends_with_name(name, "srcset"))
      continue;
    const auto value = value_at(html.substr(at + 1));
    value_end = at + 1 + value.size();
    const auto ahead = static_cast<std::uint32_t>(at - line_begin);
    const Place here{place.line, place.column + ahead + 1};
    add_url(value, here);
    // The first of a set; the others follow in descriptors that mean little to a reader.
    if (ends_with_name(name, "srcset")) add_url(value.substr(0, value.find_first_of(" ,")), here);
  }
}

Place SourcePositions::find(const std::string& target, std::size_t nth) const {
  const auto found = by_target_.find(target);
  if (found == by_target_.end()) return {};
  return *found->second[std::min(nth, found->second.size() - 1)];
}

}  // namespace devy::markdown
