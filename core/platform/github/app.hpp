#pragma once
// A GitHub App's credentials. A token signed with the App's key identifies the App; it is exchanged
// for an installation token, which acts on the installation's repositories for an hour (github.md,
// "App auth"). Tokens are kept in memory until shortly before they expire. One thread; borrows the
// client and the clock.

#include <cstdint>
#include <map>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/github/client.hpp"
#include "core/platform/token/signer.hpp"

namespace devy::github {

// Allowance for our clock running ahead of GitHub's; GitHub's own limit for a token's life is ten
// minutes.
inline constexpr std::chrono::seconds issued_before{60};
inline constexpr std::chrono::seconds app_token_life{540};
// A token that expires within this time is not used any more.
inline constexpr std::chrono::seconds token_margin{300};
// Limit for the installations whose tokens are kept.
inline constexpr std::size_t installations_max = 10'000;

class App {
 public:
  App(std::string app_id, token::Signer signer, Client& client, const base::Clock& clock);

  // The token that identifies the App. Valid until the next call of any method.
  [[nodiscard]] const base::Secret& bearer();
  // The token that acts for an installation. Valid until the next call of any method. Throws what
  // Client throws.
  [[nodiscard]] const base::Secret& installation_bearer(std::int64_t installation);
  // Requests a new token each time, which may read the contents of the installation's repositories
  // and nothing else.
  struct Token {
    base::Secret secret;
    base::TimePoint ends_at{};
  };
  [[nodiscard]] Token reading_token(std::int64_t installation);
  // Asks which installation is responsible for "owner/name".
  [[nodiscard]] std::int64_t installation_of(const std::string& repository);
  // GitHub has refused the token; the next call requests a new one.
  void forget(std::int64_t installation) { tokens_.erase(installation); }

 private:
  [[nodiscard]] Token new_installation_token(std::int64_t installation, const char* rights);

  const std::string app_id_;
  const token::Signer signer_;
  Client& client_;
  const base::Clock& clock_;
  Token own_;
  std::map<std::int64_t, Token> tokens_;
};

}  // namespace devy::github
