#pragma once
// The API as this installation may use it: the transport, the client, and whichever credential the
// configuration names, a token or a GitHub App's key. Private to nobody: what speaks to GitHub
// begins here. One thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"
#include "core/github/app.hpp"
#include "core/github/client.hpp"
#include "core/http/transport.hpp"

namespace devy::github {

inline constexpr std::uint64_t answer_bytes_max = std::uint64_t{4} * 1024 * 1024;

// Whom a call is about.
struct Repository {
  std::string name;                          // "owner/name"
  std::optional<std::int64_t> installation;  // of the App, when it is known
};

class Access {
 public:
  // Reads the credential's file. Throws Error(config) when it cannot be used. `transport`: of a
  // test; else the real one.
  Access(const config::Config& config, const base::Clock& clock,
         std::unique_ptr<http::Transport> transport = nullptr);
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;
  ~Access();

  [[nodiscard]] Client& client() { return client_; }
  [[nodiscard]] bool is_app() const { return app_.has_value(); }
  // Of the App itself. Only where is_app().
  [[nodiscard]] const base::Secret& app_bearer();
  // For what is done to a repository. Asks which installation it is when nobody knows; that is then
  // in `repository`. Valid until the next call.
  [[nodiscard]] const base::Secret& bearer_for(Repository& repository);
  // A new token for fetching the repository by git. Only where is_app().
  [[nodiscard]] App::Token reading_token(Repository& repository);
  // GitHub refused it: the next call gets another.
  void forget(const Repository& repository);

 private:
  std::unique_ptr<http::Transport> transport_;
  Client client_;
  base::Secret token_;
  std::optional<App> app_;
};

// "owner/name" of an address at this API's host; nothing for any other.
[[nodiscard]] std::optional<std::string> repository_name(const config::Github& settings,
                                                         const std::string& url);

}  // namespace devy::github
