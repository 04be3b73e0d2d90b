#pragma once
// Tokens by which repositories are fetched that a GitHub App is installed on. The App's key stays
// out of the process that wants the token: workers read what strangers push. A child of its own
// reads the key, asks GitHub and is gone (architecture.md, "Processes"); what it gives back reads
// the contents of one installation's repositories for an hour, and is kept in memory until shortly
// before its end. Any thread.

#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"
#include "core/config/config.hpp"

namespace devy::github {

class InstallationTokens {
 public:
  // Copies what it needs of the configuration, which has_app().
  InstallationTokens(const config::Config& config, const base::Clock& clock);

  // For "owner/name"; empty: none is known that lasts.
  [[nodiscard]] base::Secret known(const std::string& repository);
  // A new one. Throws Error(not_found, "app_not_installed") when the App may not read it, with a
  // hint; for the rest what github::Access throws; Error(stopped).
  [[nodiscard]] base::Secret renewed(const std::string& repository, const std::stop_token& stop);

 private:
  struct Token {
    base::Secret secret;
    base::TimePoint ends_at{};
  };
  [[nodiscard]] Token ask(const std::string& repository, const std::stop_token& stop) const;

  config::Config config_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Token> tokens_;  // guarded; by owner, who has one installation of an App
};

// Makes this program able to play the child; main calls it once, as for the others.
void register_token_role();

}  // namespace devy::github
