#pragma once
// Checks whether the API responds and accepts the credential, for `doctor`. It does not count
// against the hourly limit. Uses an Access, with its thread and errors.

#include <string>

#include "core/platform/github/access.hpp"

namespace devy::github {

// Describes the credential: "the GitHub App 'devy'", "the token has 4990 of 5000 requests left this
// hour". What GitHub says in it is untrusted text.
[[nodiscard]] std::string describe_credential(Access& access);

}  // namespace devy::github
