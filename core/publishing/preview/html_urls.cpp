#include "core/publishing/preview/html_urls.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace devy::preview {
namespace {

constexpr std::array<std::string_view, 4> url_attributes{"href", "src", "cite", "longdesc"};
constexpr std::string_view url_set_attribute = "srcset";

std::string changed(std::string_view url, const UrlChange& change) {
  return change(url).value_or(std::string(url));
}

// "a.png 1x, b.png 2x": a URL begins after white space and commas, and ends at white space.
std::string changed_set(std::string_view set, const UrlChange& change) {
  constexpr std::string_view space = " \t\n";
  std::string result;
  while (!set.empty()) {
    const auto begin = std::min(set.find_first_not_of(" \t\n,"), set.size());
    result += set.substr(0, begin);
    set.remove_prefix(begin);
    auto end = std::min(set.find_first_of(space), set.size());
    while (end > 0 && set[end - 1] == ',')
      --end;
    if (end > 0) result += changed(set.substr(0, end), change);
    set.remove_prefix(end);
    const auto next = std::min(set.find(','), set.size());
    result += set.substr(0, next);
    set.remove_prefix(next);
  }
  return result;
}

// From "<" up to ">".
std::string changed_tag(std::string_view tag, const UrlChange& change) {
  std::string result;
  while (!tag.empty()) {
    const auto open = tag.find("=\"");
    const auto close = open == std::string_view::npos ? open : tag.find('"', open + 2);
    if (close == std::string_view::npos) break;
    const auto space = tag.rfind(' ', open);
    const auto name = tag.substr(space + 1, open - space - 1);
    const auto value = tag.substr(open + 2, close - open - 2);
    result += tag.substr(0, open + 2);
    if (name == url_set_attribute) result += changed_set(value, change);
    else if (std::ranges::find(url_attributes, name) != url_attributes.end())
      result += changed(value, change);
    else result += value;
    result += '"';
    tag.remove_prefix(close + 1);
  }
  return result.append(tag);
}

}  // namespace

std::string change_urls(std::string_view html, const UrlChange& change) {
  std::string result;
  result.reserve(html.size());
  while (!html.empty()) {
    const auto open = std::min(html.find('<'), html.size());
    result += html.substr(0, open);
    html.remove_prefix(open);
    const auto close = html.find('>');
    const auto tag = html.substr(0, close == std::string_view::npos ? html.size() : close + 1);
    result += changed_tag(tag, change);
    html.remove_prefix(tag.size());
  }
  return result;
}

}  // namespace devy::preview
