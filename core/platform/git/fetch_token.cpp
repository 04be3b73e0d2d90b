#include "core/platform/git/fetch_token.hpp"

#include <algorithm>
#include <string_view>

#include "core/platform/config/token_scope.hpp"

namespace devy::git {

bool is_token_for(const config::Git& git, const std::string& url) {
  const auto scheme = url.find("://");
  if (git.token_file.empty() || scheme == std::string::npos || url.starts_with("file://"))
    return false;
  const auto rest = std::string_view(url).substr(scheme + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  auto host = rest.substr(0, slash);
  host = host.substr(0, host.find(':', host.starts_with('[') ? host.find(']') : 0));
  auto path = rest.substr(std::min(slash + 1, rest.size()));
  if (path.ends_with(".git")) path.remove_suffix(4);
  return host == git.token_host && config::is_in_token_scope(git.token_for, path);
}

}  // namespace devy::git
