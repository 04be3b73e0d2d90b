#pragma once
// A GitHub App's credentials. A token signed with the App's key identifies the App; it is exchanged
// for an installation token, which acts for an hour (github.md, "App auth"). Each one is asked for
// one repository, by its id: for any other, GitHub itself refuses it. Tokens are kept in memory
// until shortly before they expire. One thread; borrows the client and the clock.

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
// Limit for the repositories whose tokens are kept.
inline constexpr std::size_t tokens_max = 10'000;

// A repository as an installation of the App knows it.
struct InstalledRepository {
  std::int64_t installation = 0;
  std::int64_t github_id = 0;
};

class App {
 public:
  App(std::string app_id, token::Signer signer, Client& client, const base::Clock& clock);

  // The token that identifies the App. Valid until the next call of any method.
  [[nodiscard]] const base::Secret& bearer();
  // The token that acts on a repository with all rights of the installation. Valid until the next
  // call of any method. Throws what Client throws, and Error(not_found, "app_not_installed") when
  // the installation does not have the repository.
  [[nodiscard]] const base::Secret& repository_bearer(const InstalledRepository& repository);
  // Requests a new token each time, which may read the repository's contents and nothing else.
  struct Token {
    base::Secret secret;
    base::TimePoint ends_at{};
  };
  [[nodiscard]] Token reading_token(const InstalledRepository& repository);
  // Requests a new token each time, which may ask who the repository of that name is, and nothing
  // else: for one whose id is not known. The owner is the installation's.
  [[nodiscard]] Token asking_token(std::int64_t installation, const std::string& name);
  // Asks which installation is responsible for "owner/name".
  [[nodiscard]] std::int64_t installation_of(const std::string& repository);
  // GitHub has refused the token; the next call requests a new one.
  void forget(std::int64_t github_id) { tokens_.erase(github_id); }

 private:
  [[nodiscard]] Answer send_for_token(std::int64_t installation, const std::string& rights);
  // `rights` names the repository, and the rights where they are not all of the installation's.
  [[nodiscard]] Token new_installation_token(std::int64_t installation, const std::string& rights);

  const std::string app_id_;
  const token::Signer signer_;
  Client& client_;
  const base::Clock& clock_;
  Token own_;
  struct KeptToken {
    std::int64_t installation = 0;
    Token token;
  };
  std::map<std::int64_t, KeptToken> tokens_;  // by GitHub's id of the repository
};

}  // namespace devy::github
