#pragma once
// Provides the token for fetching a repository when git.token_file has none: that of the configured
// GitHub App's installation on it.

#include "core/platform/config/config.hpp"
#include "core/platform/git/clone.hpp"

namespace devy::upload {

// Returns an empty source when no App is configured. Tokens are kept as long as the source or a
// copy of it lives; copies share them. Any thread.
[[nodiscard]] git::TokenSource remote_tokens(const config::Config& config);

}  // namespace devy::upload
