#pragma once
// A GitHub App's credentials: a token signed with its key says who it is, and is changed for an
// installation's token, which acts on the installation's repositories for an hour (github.md, "App
// auth"). Tokens are kept in memory until shortly before their end. One thread; borrows the client
// and the clock.

#include <cstdint>
#include <map>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/secret.hpp"
#include "core/github/client.hpp"
#include "core/token/signer.hpp"

namespace devy::github {

// Our clock may run ahead of GitHub's; its own bound for a token's life is ten minutes.
inline constexpr std::chrono::seconds issued_before{60};
inline constexpr std::chrono::seconds app_token_life{540};
// A token that ends within it is not used any more.
inline constexpr std::chrono::seconds token_margin{300};
inline constexpr std::size_t installations_max = 10'000;  // whose tokens are kept

class App {
 public:
  App(std::string app_id, token::Signer signer, Client& client, const base::Clock& clock);

  // Says who the App is. Valid until the next call of any method.
  [[nodiscard]] const base::Secret& bearer();
  // Acts for an installation. Valid until the next call of any method. Throws what Client throws.
  [[nodiscard]] const base::Secret& installation_bearer(std::int64_t installation);
  // A new one each time, that may read what its repositories hold and nothing else.
  struct Token {
    base::Secret secret;
    base::TimePoint ends_at{};
  };
  [[nodiscard]] Token reading_token(std::int64_t installation);
  // Which installation speaks for "owner/name".
  [[nodiscard]] std::int64_t installation_of(const std::string& repository);
  // A token that GitHub refuses is asked for anew.
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
