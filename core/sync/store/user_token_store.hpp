#pragma once
// Users' tokens of GitHub as the database has them: sealed (core/sync/tokens). Throws what
// pg::Connection throws.

#include <optional>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::sync {

struct SealedToken {
  std::string login;
  std::string token, refresh;  // sealed; an empty refresh: it is not renewed
  std::optional<base::TimePoint> ends_at, refresh_ends_at;
};
void keep_sealed_token(pg::Connection& connection, const std::string& account_id,
                       const SealedToken& token);
[[nodiscard]] std::optional<SealedToken> find_sealed_token(pg::Connection& connection,
                                                           const std::string& account_id);
bool erase_sealed_token(pg::Connection& connection, const std::string& account_id);

}  // namespace devy::sync
