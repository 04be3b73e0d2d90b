#pragma once
// Whose token a repository is fetched with where git.token_file has none: its installation's of the
// configured GitHub App.

#include "core/config/config.hpp"
#include "core/repository/clone.hpp"

namespace devy::upload {

// Empty where there is no App. Tokens are kept as long as the source or a copy of it lives; copies
// share them. Any thread.
[[nodiscard]] repository::TokenSource remote_tokens(const config::Config& config);

}  // namespace devy::upload
