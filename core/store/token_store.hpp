#pragma once
// Tokens of the API that are no longer good though they have not expired: denied by their own id
// (jti), for every daemon at once. A token without one cannot be denied; its key can be taken away.

#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.hpp"
#include "core/pg/connection.hpp"

namespace devy::store {

struct DeniedToken {
  std::string id;
  base::TimePoint denied_at{};
  std::string denied_by;
  std::optional<std::string> reason;
};

// False: it was denied before, and stays as it was. What was denied two days ago is forgotten: no
// token lives longer than a day (api.token_life_max).
bool deny_token(pg::Connection& connection, const DeniedToken& token);
[[nodiscard]] bool is_token_denied(pg::Connection& connection, const std::string& id);
// The latest first.
[[nodiscard]] std::vector<DeniedToken> list_denied_tokens(pg::Connection& connection);

}  // namespace devy::store
