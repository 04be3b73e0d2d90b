#include "core/markdown/link_target.hpp"

#include <algorithm>

#include "core/markdown/plain_text.hpp"

namespace devy::markdown {
namespace {

bool has_control_character(std::string_view url) {
  for (std::size_t i = 0; i < url.size(); ++i) {
    const auto byte = static_cast<unsigned char>(url[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < url.size() && static_cast<unsigned char>(url[i + 1]) < 0xa0)
      return true;
  }
  return false;
}

}  // namespace

bool is_allowed_target(std::string_view url) {
  if (has_control_character(url)) return false;
  const auto end = url.find_first_of(":/?#");
  if (end == std::string_view::npos || url[end] != ':') return true;
  const auto scheme = to_lower_ascii(url.substr(0, end));
  return scheme == "http" || scheme == "https" || scheme == "mailto";
}

bool is_web_address(std::string_view url) {
  if (has_control_character(url)) return false;
  const auto scheme = to_lower_ascii(url.substr(0, url.find(':')));
  return (scheme == "http" || scheme == "https") && url.substr(scheme.size()).starts_with("://");
}

}  // namespace devy::markdown
