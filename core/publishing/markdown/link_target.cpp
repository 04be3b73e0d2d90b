#include "core/publishing/markdown/link_target.hpp"

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/markdown/plain_text.hpp"

namespace devy::markdown {

bool is_allowed_target(std::string_view url) {
  if (base::has_control_character(url)) return false;
  const auto end = url.find_first_of(":/?#");
  if (end == std::string_view::npos || url[end] != ':') return true;
  const auto scheme = base::to_lower(url.substr(0, end));
  return scheme == "http" || scheme == "https" || scheme == "mailto";
}

bool is_web_address(std::string_view url) {
  if (base::has_control_character(url)) return false;
  const auto scheme = base::to_lower(url.substr(0, url.find(':')));
  return (scheme == "http" || scheme == "https") && url.substr(scheme.size()).starts_with("://");
}

}  // namespace devy::markdown
