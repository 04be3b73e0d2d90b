#pragma once
// Asks GitHub about users and their gists, within the limits and the budget that all daemons share.
// The token goes with every request, where there is one: all that is asked for is public. An App
// has no token for users, so it asks without. Owned by a handler; one thread.

#include <string>

#include "core/platform/config/config.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::scanning {

class Api {
 public:
  // Borrows both.
  Api(const config::Config& config, github::Access& access);

  // Throws Error(busy, "rate_limited") where less than a fifth of the hour's requests is left: no
  // scan begins then.
  void require_budget(pg::Connection& connection) const;
  // With an ETag the answer may be that it is unchanged. Throws what github::Client throws.
  [[nodiscard]] github::Answer get(pg::Connection& connection, const std::string& address,
                                   const std::string& etag = {});
  // The name of the limit that the requests count against.
  [[nodiscard]] std::string share() const;

 private:
  [[nodiscard]] const base::Secret* bearer() const;

  const config::Config& config_;
  github::Access& access_;
};

}  // namespace devy::scanning
