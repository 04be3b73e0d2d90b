#pragma once
// The token of git.token_file: which addresses it is sent to. Pure; any thread.

#include <string>

#include "core/platform/config/config.hpp"

namespace devy::git {

// Whether the configuration has a token for fetching from that address: of the one host that is
// named for it, and of the owners and repositories that it is for. Over plain http only where the
// configuration allows that, too.
[[nodiscard]] bool is_token_for(const config::Git& git, const std::string& url);

}  // namespace devy::git
