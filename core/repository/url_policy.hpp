#pragma once
// Which repository addresses this installation fetches from. Pure; any thread.

#include <string>
#include <string_view>

#include "core/config/config.hpp"

namespace devy::repository {

// The address as it may be fetched: scheme and host lower case, no userinfo, no query or fragment.
// `owner/name` and `github.com/owner/name` become https addresses of github.com; a bare path
// becomes file:// (and then needs that scheme to be allowed).
// Addresses of github.com come out as GitHub's own clone_url: https://github.com/owner/name.git. A
// host in url_hosts stands for its usual port (and any port over plain http, which is for tests);
// "host:port" for that one.
// Throws Error(rejected, "url_not_allowed") with the reason, and a hint naming the key.
[[nodiscard]] std::string normalize_url(std::string_view url, const config::Git& policy);

// "owner/name" for display: the last two parts of the path without ".git".
[[nodiscard]] std::string display_name(std::string_view url);

}  // namespace devy::repository
