#pragma once
// Which repository addresses this installation fetches from. Pure; any thread.

#include <string>
#include <string_view>

#include "core/config/config.hpp"

namespace devy::repository {

// The address as it may be fetched: scheme and host lower case, no userinfo, no query or fragment.
// `owner/name` and `github.com/owner/name` become https addresses of github.com; a bare path
// becomes file:// (and then needs that scheme to be allowed).
// Throws Error(rejected, "url_not_allowed") with the reason, and a hint naming the configuration key.
[[nodiscard]] std::string normalize_url(std::string_view url, const config::Git& policy);

// "owner/name" for display: the last two parts of the path without ".git".
[[nodiscard]] std::string display_name(std::string_view url);

}  // namespace devy::repository
