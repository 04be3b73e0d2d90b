#pragma once
// Access to the API as this installation is configured: the transport, the client, and the
// configured credential, which is a token or a GitHub App's key. All code that talks to GitHub
// starts here. One thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/github/app.hpp"
#include "core/platform/github/client.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::github {

inline constexpr std::uint64_t answer_bytes_max = std::uint64_t{4} * 1024 * 1024;

// The repository that a call is about.
struct Repository {
  std::string name;                          // "owner/name"
  std::optional<std::int64_t> installation;  // of the App; empty when it is not known
};

class Access {
 public:
  // Reads the credential's file. Throws Error(config) when it cannot be used. A test may supply
  // `transport`; otherwise the real one is used.
  Access(const config::Config& config, const base::Clock& clock,
         std::unique_ptr<http::Transport> transport = nullptr);
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  ~Access();

  [[nodiscard]] Client& client() { return client_; }
  [[nodiscard]] bool is_app() const { return app_.has_value(); }
  // The bearer of the App itself. Call it only when is_app().
  [[nodiscard]] const base::Secret& app_bearer();
  // The bearer for actions on a repository. When its installation is not known, GitHub is asked for
  // it, and it is stored in `repository`. Valid until the next call.
  [[nodiscard]] const base::Secret& bearer_for(Repository& repository);
  // Requests a new token for fetching the repository by git. Call it only when is_app().
  [[nodiscard]] App::Token reading_token(Repository& repository);
  // GitHub has refused the bearer: the next call gets a new one.
  void forget(const Repository& repository);

 private:
  std::unique_ptr<http::Transport> transport_;
  Client client_;
  base::Secret token_;
  std::optional<App> app_;
};

// Returns "owner/name" for an address at this API's host; nothing for any other.
[[nodiscard]] std::optional<std::string> repository_name(const config::Github& settings,
                                                         const std::string& url);

}  // namespace devy::github
