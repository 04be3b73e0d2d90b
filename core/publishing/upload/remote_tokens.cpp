#include "core/publishing/upload/remote_tokens.hpp"

#include <memory>

#include "core/platform/github/access.hpp"
#include "core/platform/github/installation_tokens.hpp"

namespace devy::upload {

git::TokenSource remote_tokens(const config::Config& config) {
  if (!config.github.has_app()) return {};
  // Owned by every copy of the function together.
  const auto tokens = std::make_shared<github::InstallationTokens>(config, base::system_clock());
  return [tokens, settings = config.github](const std::string& url, bool is_refused,
                                            const std::stop_token& stop) -> base::Secret {
    const auto name = github::repository_name(settings, url);
    if (!name) return {};
    return is_refused ? tokens->renewed(*name, stop) : tokens->known(*name);
  };
}

}  // namespace devy::upload
