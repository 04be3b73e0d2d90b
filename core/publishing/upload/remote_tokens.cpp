#include "core/publishing/upload/remote_tokens.hpp"

#include <memory>

#include "core/platform/github/access.hpp"
#include "core/platform/github/installation_tokens.hpp"

namespace devy::upload {

git::TokenSource remote_tokens(const config::Config& config) {
  if (!config.github.has_app()) return {};
  // Owned by every copy of the function together.
  const auto tokens = std::make_shared<github::InstallationTokens>(config, base::system_clock());
  return [tokens, settings = config.github](const git::TokenRequest& request,
                                            const std::stop_token& stop) -> base::Secret {
    const auto name = github::repository_name(settings, request.url);
    if (!name) return {};
    if (request.github_id)
      return request.is_refused ? tokens->renewed(*name, *request.github_id, stop)
                                : tokens->known(*request.github_id);
    if (request.is_refused) throw github::unbound(*name);
    return {};
  };
}

}  // namespace devy::upload
