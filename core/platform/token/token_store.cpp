#include "core/platform/token/token_store.hpp"

namespace devy::token {
namespace {

constexpr pg::Statement insert_token_denied{"insert_token_denied", R"sql(
  with forgotten as (
    delete from token_denied where denied_at < now() - interval '2 days' and jti <> $1::text)
  insert into token_denied (jti, denied_by, reason)
  values ($1::text, $2::text, $3::text)
  on conflict (jti) do nothing)sql"};

constexpr pg::Statement delete_token_denied{"delete_token_denied", R"sql(
  delete from token_denied where jti = $1::text)sql"};

constexpr pg::Statement token_is_denied{"token_is_denied", R"sql(
  select exists (select from token_denied where jti = $1::text) as is_denied)sql"};

constexpr pg::Statement select_tokens_denied{"select_tokens_denied", R"sql(
  select jti, denied_at, denied_by, reason
  from token_denied
  order by denied_at desc, jti
  limit 10000)sql"};

}  // namespace

bool deny_token(pg::Connection& connection, const DeniedToken& token) {
  return connection.execute(insert_token_denied,
                            pg::Params(token.id, token.denied_by, token.reason)) == 1;
}

bool allow_token(pg::Connection& connection, const std::string& id) {
  return connection.execute(delete_token_denied, pg::Params(id)) == 1;
}

bool is_token_denied(pg::Connection& connection, const std::string& id) {
  return connection.one(token_is_denied, pg::Params(id))[0].boolean("is_denied");
}

std::vector<DeniedToken> list_denied_tokens(pg::Connection& connection) {
  std::vector<DeniedToken> tokens;
  for (const auto row : connection.query(select_tokens_denied))
    tokens.push_back(
        {row.text("jti"), row.time("denied_at"), row.text("denied_by"), row.maybe_text("reason")});
  return tokens;
}

}  // namespace devy::token
