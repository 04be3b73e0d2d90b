#pragma once
// Users' own tokens of GitHub, by which what they make there is theirs (sync.md, sections 1, 5 and
// 7). They lie in user_token, sealed under sync.token_key_file for their account; a pair of tokens
// that ends after eight hours is renewed shortly before. No error and no log names one.
//
// One thread; borrows its parts. Throws what pg::Connection throws, and Error(config) for a key
// file that cannot be used.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/transport.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/web/login/github_oauth.hpp"

namespace devy::tokens {

struct UserToken {
  std::string login;
  base::Secret token;
  base::Secret refresh;  // empty: the token is not renewed
  std::optional<base::TimePoint> ends_at, refresh_ends_at;
};

[[nodiscard]] UserToken of_pair(std::string login, login::TokenPair pair, base::TimePoint now);
// Whether issues can be made with it: a GitHub App's user's, or one that has a scope for it.
[[nodiscard]] bool may_write_issues(std::string_view token, std::string_view scopes);

// Seals and keeps it; one that was kept before is replaced. Does nothing where no key file is
// configured. With the rights of devy_web.
void keep_token(pg::Connection& connection, const config::Config& config,
                const std::string& account_id, const UserToken& token);
// The person's writes are the App's from now on.
void erase_token(pg::Connection& connection, const std::string& account_id);

// A token of the account that can be used now; nothing: there is none, it has ended, or GitHub
// would not renew it (then it is erased). `transport` sends the request that renews it; outside of
// transactions.
struct Usable {
  std::string login;
  base::Secret token;
};
[[nodiscard]] std::optional<Usable> usable_token(pg::Connection& connection,
                                                 const config::Config& config,
                                                 const base::Clock& clock,
                                                 http::Transport& transport,
                                                 const std::string& account_id);

}  // namespace devy::tokens
