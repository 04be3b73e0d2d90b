#pragma once
// GitHub tokens that callers of the APIs send along, and what GitHub says of them: whose each is,
// and which repositories it opens (web.md, "Who"; mirror.md, section 8). A token is asked about
// once in five minutes, and one that GitHub does not know once in 30 seconds: until then its
// SHA-256 is remembered with the answer, in this process alone. It is never stored, and no error
// and no log names it.
//
// Any thread. What begins with `known_` never waits; the others wait for GitHub, so that a server's
// own threads do not call them.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/http/transport.hpp"
#include "core/platform/web/expiring_map.hpp"

namespace devy::web {

struct TokenOwner {
  std::int64_t id = 0;  // of the user at GitHub
  std::string login;
};
// A repository as GitHub shows it to whoever sends a token, or none.
struct OpenedRepository {
  std::int64_t id = 0;
  bool is_public = false;
  bool can_pull = false, can_admin = false;  // without a token neither is told
};
enum class NotTold {
  refused,      // GitHub does not know the token, or shows the token no such repository
  limited,      // GitHub answers no more for a while
  unreachable,  // GitHub did not answer, or not as it should
};
template <class Value>
using Told = std::variant<Value, NotTold>;

// The OAuth App of this site: it may ask GitHub whether a token was given to it.
struct OwnApp {
  std::string client_id;
  base::Secret client_secret;
};

class GithubTokens {
 public:
  using MakeTransport = std::function<std::unique_ptr<http::Transport>()>;
  // `api_url` is the setting github.api_url. Each question gets a transport of its own. Borrows the
  // clock.
  // With an App of ours, a token that is no personal one is believed only if it was given to that
  // App: any other application has tokens of its users, too.
  GithubTokens(std::string api_url, MakeTransport make_transport, const base::Clock& clock,
               std::optional<OwnApp> own_app = {});

  [[nodiscard]] std::optional<Told<TokenOwner>> known_owner(const base::Secret& token) const;
  [[nodiscard]] Told<TokenOwner> owner(const base::Secret& token);

  // `repository` is "owner/name", checked as a name. An empty token: as GitHub shows it to
  // everybody.
  [[nodiscard]] std::optional<Told<OpenedRepository>> known_repository(
      const base::Secret& token, std::string_view repository) const;
  [[nodiscard]] Told<OpenedRepository> repository(const base::Secret& token,
                                                  std::string_view repository);

 private:
  const std::string api_url_;
  const MakeTransport make_transport_;
  [[nodiscard]] TokenOwner ask_owner(const base::Secret& token) const;

  const base::Clock& clock_;
  const std::optional<OwnApp> own_app_;
  ExpiringMap<Told<TokenOwner>> owners_;
  ExpiringMap<Told<OpenedRepository>> repositories_;
};

// Tells whether a bearer's text has the form of a GitHub token: letters, digits and "_", or of an
// older one 40 hexadecimal digits; a token of the site has dots.
[[nodiscard]] bool is_github_token(std::string_view text);
// Tells whether its user made it for himself, and no application got it.
[[nodiscard]] bool is_personal_token(std::string_view text);

}  // namespace devy::web
