#pragma once
// API tokens that were revoked before they expire. They are denied by their id (jti), for every
// daemon at once. A token without an id cannot be denied, but its key can be removed.

#include <optional>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::token {

struct DeniedToken {
  std::string id;
  base::TimePoint denied_at{};
  std::string denied_by;
  std::optional<std::string> reason;
};

// Returns false when the token was denied before; the entry then stays as it was. Entries are
// deleted after two days, because no token lives longer than a day (api.token_life_max).
bool deny_token(pg::Connection& connection, const DeniedToken& token);
// Forgets that; returns false when it was not denied.
bool allow_token(pg::Connection& connection, const std::string& id);
[[nodiscard]] bool is_token_denied(pg::Connection& connection, const std::string& id);
// The latest come first.
[[nodiscard]] std::vector<DeniedToken> list_denied_tokens(pg::Connection& connection);

}  // namespace devy::token
