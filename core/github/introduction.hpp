#pragma once
// Whether the API answers, and takes the credential: for `doctor`. Costs nothing of the hour's
// share. Uses an Access; same thread and errors.

#include <string>

#include "core/github/access.hpp"

namespace devy::github {

// "the GitHub App 'devy'", "the token has 4990 of 5000 requests left this hour". What GitHub says
// is untrusted text.
[[nodiscard]] std::string introduce(Access& access);

}  // namespace devy::github
