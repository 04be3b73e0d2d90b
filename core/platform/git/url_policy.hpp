#pragma once
// Decides which repository addresses this installation fetches from. Pure; any thread.

#include <string>
#include <string_view>

#include "core/platform/config/config.hpp"

namespace devy::git {

// Returns the address in the form in which it may be fetched: scheme and host in lower case, no
// userinfo, no query or fragment. `owner/name` and `github.com/owner/name` become https addresses
// of github.com; a bare path becomes file:// (whose scheme must then be allowed). Addresses of
// github.com get the form of GitHub's own clone_url: https://github.com/owner/name.git. A host in
// url_hosts allows its usual port (and any port over plain http, which is for tests); "host:port"
// allows that port only. Throws Error(rejected, "url_not_allowed") with the reason, and a hint
// naming the key.
[[nodiscard]] std::string normalize_url(std::string_view url, const config::Git& policy);

// Returns "owner/name" for display: the last two parts of the path without ".git".
[[nodiscard]] std::string display_name(std::string_view url);

}  // namespace devy::git
