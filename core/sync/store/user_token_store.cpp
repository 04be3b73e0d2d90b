#include "core/sync/store/user_token_store.hpp"

#include "core/platform/base/time_text.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement call_token_keep{"user_token_keep", R"sql(
  select user_token_keep($1::uuid, $2::text, $3::bytea, $4::bytea, $5::timestamptz,
                         $6::timestamptz))sql"};

constexpr pg::Statement select_token{"select_user_token", R"sql(
  select login, token, refresh from user_token where account_id = $1::uuid)sql",
                                     false, true};

constexpr pg::Statement select_token_ends{"select_user_token_ends", R"sql(
  select token_ends_at, refresh_ends_at from user_token where account_id = $1::uuid)sql"};

constexpr pg::Statement call_token_erase{"user_token_erase", R"sql(
  select user_token_erase($1::uuid) as is_erased)sql"};

std::optional<std::string> when(const std::optional<base::TimePoint>& time) {
  return time ? std::optional(base::format_rfc3339(*time)) : std::nullopt;
}

}  // namespace

void keep_sealed_token(pg::Connection& connection, const std::string& account_id,
                       const SealedToken& token) {
  const auto refresh =
      token.refresh.empty() ? std::nullopt : std::optional(pg::Bytes{token.refresh});
  connection.execute(call_token_keep,
                     pg::Params(account_id, token.login, pg::Bytes{token.token}, refresh,
                                when(token.ends_at), when(token.refresh_ends_at)));
}

std::optional<SealedToken> find_sealed_token(pg::Connection& connection,
                                             const std::string& account_id) {
  const auto found = connection.maybe(select_token, pg::Params(account_id));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  SealedToken token;
  token.login = row.text("login");
  token.token = row.bytes("token");
  token.refresh = row.bytes("refresh");
  const auto ends = connection.maybe(select_token_ends, pg::Params(account_id));
  if (!ends) return std::nullopt;
  token.ends_at = (*ends)[0].maybe_time("token_ends_at");
  token.refresh_ends_at = (*ends)[0].maybe_time("refresh_ends_at");
  return token;
}

bool erase_sealed_token(pg::Connection& connection, const std::string& account_id) {
  return connection.one(call_token_erase, pg::Params(account_id))[0].boolean("is_erased");
}

}  // namespace devy::sync
