#include "cli/commands/web/site_address.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"

namespace devy::cli {

std::string site_address(const config::Config& config) {
  auto url = config.web.url;
  while (url.ends_with('/'))
    url.pop_back();
  if (!url.empty()) return url;
  const auto& addresses = config.web.addresses;
  const auto found = std::ranges::find_if(
      addresses, [](const std::string& address) { return !address.starts_with("unix:"); });
  if (found != addresses.end()) return "http://" + *found;
  throw base::Error(base::ErrorKind::config, "unable to name this site's address: it has none",
                    "Set web.url, or give web.addresses a TCP address.", "site_address_missing");
}

}  // namespace devy::cli
