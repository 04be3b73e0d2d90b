#pragma once
// Whether a caller may know of a mirrored repository (mirror.md, section 8, "Who"): a public one
// everybody, a private one who may pull from it, its hooks who is an administrator. GitHub has said
// so within mirror.access_max_age, or is asked as the caller: with the token that he sent along, or
// without one. A user whom the site alone knows is asked about by an operation, with the mirror's
// credential: until that has ended, the repository is as if it were not there.
//
// Any thread. Borrows everything. Throws what pg::Connection throws.

#include "core/mirror/store/repository_store.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/web/expiring_map.hpp"
#include "core/platform/web/github_tokens.hpp"
#include "daemon/web/api_caller.hpp"

namespace devy::daemon {

enum class Access {
  open,
  closed,      // it is not there, or not his: nobody is told which
  ask_github,  // again in a thread that may wait
  not_told,    // GitHub does not answer
};
enum class Wanted { pull, admin };

class MirrorAccess {
 public:
  MirrorAccess(const config::Config& config, web::GithubTokens& tokens);

  // `name` is "owner/name", checked as a name; `known` is what the mirror knows under it.
  [[nodiscard]] Access check(pg::Connection& connection, const Caller& caller,
                             const std::string& name,
                             const std::optional<mirror::Repository>& known, Wanted wanted,
                             bool is_waiting_allowed);
  // By what is known already, without asking.
  [[nodiscard]] bool is_known_open(pg::Connection& connection, const Caller& caller,
                                   const mirror::Repository& repository,
                                   Wanted wanted = Wanted::pull) const;
  [[nodiscard]] mirror::Reader reader(const Caller& caller) const;

 private:
  void ask_by_operation(pg::Connection& connection, const Caller& caller,
                        const mirror::Repository& repository);

  const config::Config& config_;
  web::GithubTokens& tokens_;
  web::ExpiringMap<bool> asked_;  // by an operation, a while ago
};

}  // namespace devy::daemon
