#pragma once
// Access to the API as this installation is configured: the transport, the client, and the
// configured credential, which is a token or a GitHub App's key. All code that talks to GitHub
// starts here. One thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
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
  std::optional<std::int64_t> github_id;     // empty while it is not bound
};

class Access {
 public:
  // Reads the credential's file, where one is configured; public repositories can be asked about
  // without. Throws Error(config) when it cannot be used. A test may supply `transport`; otherwise
  // the real one is used.
  Access(const config::Config& config, const base::Clock& clock,
         std::unique_ptr<http::Transport> transport = nullptr);
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  ~Access();

  [[nodiscard]] Client& client() { return client_; }
  [[nodiscard]] bool is_app() const { return app_.has_value(); }
  // The bearer of the App itself. Call it only when is_app().
  [[nodiscard]] const base::Secret& app_bearer();
  // Whether the credential may be used for the repository "owner/name": a token only where
  // github.token_for says so; an App is asked for each repository.
  [[nodiscard]] bool is_for(const std::string& name) const;
  // The bearer for actions on a repository, good for no other where it is an App's. When its
  // installation is not known, GitHub is asked for it, and it is stored in `repository`. Valid
  // until the next call. Throws Error(not_found): "repository_unbound" for an App when the id is
  // not known; Error(denied): "token_for_others" when is_for() does not hold.
  [[nodiscard]] const base::Secret& bearer_for(Repository& repository);
  // The bearer for asking who a repository is, bound or not; null: to be asked without one. The
  // same as to installations and validity.
  [[nodiscard]] const base::Secret* asking_bearer(Repository& repository);
  // The token itself, which belongs to no repository. Call it only unless is_app().
  [[nodiscard]] const base::Secret& token() const { return token_; }
  // Requests a new token for fetching the repository by git. Call it only when is_app(). Throws as
  // bearer_for().
  [[nodiscard]] App::Token reading_token(Repository& repository);
  // GitHub has refused the bearer: the next call gets a new one.
  void forget(const Repository& repository);

 private:
  std::unique_ptr<http::Transport> transport_;
  Client client_;
  [[nodiscard]] InstalledRepository installed(Repository& repository);

  std::vector<std::string> token_for_;
  base::Secret token_;
  App::Token asking_token_;
  std::optional<App> app_;
};

// The error for what needs a repository's id while it is not bound: "repository_unbound".
[[nodiscard]] base::Error unbound(const std::string& name);

// Returns "owner/name" for an address at this API's host; nothing for any other.
[[nodiscard]] std::optional<std::string> repository_name(const config::Github& settings,
                                                         const std::string& url);

}  // namespace devy::github
