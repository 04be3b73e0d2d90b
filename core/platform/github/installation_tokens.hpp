#pragma once
// Tokens for fetching the repositories on which a GitHub App is installed. The App's key must not
// enter the process that needs the token, because workers read untrusted content. A child process
// reads the key, asks GitHub and exits (architecture.md, "Processes"). The token it returns can
// read the contents of one repository for an hour, and is kept in memory until shortly before it
// expires. Any thread.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"

namespace devy::github {

class InstallationTokens {
 public:
  // Copies what it needs of the configuration, for which has_app() must hold.
  InstallationTokens(const config::Config& config, const base::Clock& clock);

  // The token kept for the repository of that id; empty when none is known that is valid long
  // enough.
  [[nodiscard]] base::Secret known(std::int64_t github_id);
  // Requests a new token for the repository of that id, which is "owner/name" now. Throws
  // Error(not_found, "app_not_installed") with a hint when the App may not read the repository;
  // otherwise what github::Access throws, and Error(stopped).
  [[nodiscard]] base::Secret renewed(const std::string& repository, std::int64_t github_id,
                                     const std::stop_token& stop);

 private:
  struct Token {
    base::Secret secret;
    base::TimePoint ends_at{};
  };
  [[nodiscard]] Token ask(const std::string& repository, std::int64_t github_id,
                          const std::stop_token& stop) const;

  config::Config config_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::int64_t, Token> tokens_;  // guarded by the mutex; by GitHub's id of the repository
};

// Registers the child role in this program; main calls it once, as for the other roles.
void register_token_role();

}  // namespace devy::github
