#include "core/platform/web/session_store.hpp"

#include "core/platform/base/hex.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::web {
namespace {

constexpr std::size_t agent_bytes_max = 200;

constexpr pg::Statement call_session_begin{"web_session_begin", R"sql(
  select web_session_begin($1::uuid, $2::bytea, $3::bigint * interval '1 microsecond',
                           $4::bigint * interval '1 microsecond', $5::text, $6::inet, $7::text) as id)sql"};

constexpr pg::Statement call_session_visit{"web_session_visit", R"sql(
  select o_id, o_account_id, o_username, o_is_operator, o_is_supporter, o_created_at, o_seen_at,
         o_expires_at, o_ends_at, o_method, o_is_renewed
    from web_session_visit($1::bytea, $2::bytea, $3::bigint * interval '1 microsecond'))sql",
                                           true};

constexpr pg::Statement call_session_end_own{"web_session_end_own", R"sql(
  select web_session_end_own($1::uuid, $2::uuid) as is_ended)sql"};

constexpr pg::Statement call_session_end{"web_session_end", R"sql(
  select web_session_end($1::uuid) as is_ended)sql"};

constexpr pg::Statement call_sessions_end{"web_sessions_end", R"sql(
  select web_sessions_end($1::uuid, $2::uuid) as ended)sql"};

constexpr pg::Statement select_sessions{"select_web_sessions", R"sql(
  select s.id, a.username, s.created_at, s.seen_at, s.expires_at, s.ends_at, s.agent,
         host(s.address) as address, s.method
    from web_session s
    join account a on a.id = s.account_id
   where s.expires_at > clock_timestamp()
     and ($1::uuid is null or s.account_id = $1::uuid)
   order by s.seen_at desc, s.id
   limit $2::integer)sql"};

constexpr pg::Statement select_session_between{"select_web_session", R"sql(
  select s.id, a.username, s.created_at, s.seen_at, s.expires_at, s.ends_at, s.agent,
         host(s.address) as address, s.method
    from web_session s
    join account a on a.id = s.account_id
   where s.expires_at > clock_timestamp() and s.id between $1::uuid and $2::uuid
   limit 2)sql"};

constexpr pg::Statement count_living_sessions{"count_web_sessions", R"sql(
  select count(*) as count from web_session where expires_at > clock_timestamp())sql"};

constexpr pg::Statement call_token_keep{"session_token_keep", R"sql(
  select session_token_keep($1::uuid, $2::bytea, $3::text) as is_kept)sql"};

constexpr pg::Statement call_token_read{"session_token_read", R"sql(
  select o_sealed, o_scopes from session_token_read($1::uuid))sql",
                                        false, true};

pg::Bytes bytes_of(const base::Sha256& digest) {
  return {base::view_of(digest)};
}

ListedSession read_listed(const pg::Row& row) {
  return {SessionId::trusted(row.text("id")),
          row.text("username"),
          row.time("created_at"),
          row.time("seen_at"),
          row.time("expires_at"),
          row.time("ends_at"),
          row.text("agent"),
          row.text("address"),
          row.text("method")};
}

}  // namespace

std::string_view to_string(LoginMethod method) {
  switch (method) {
    case LoginMethod::github: return "github";
    case LoginMethod::link: return "link";
  }
  return "";
}

SessionId begin_session(pg::Connection& connection, const NewSession& session,
                        const SessionTimes& times) {
  const auto row = connection.one(
      call_session_begin,
      pg::Params(session.account.text(), bytes_of(session.token_hash), times.idle.count(),
                 times.life.count(), base::safe_text(session.agent, agent_bytes_max),
                 base::unless_empty(session.address), to_string(session.method)));
  return SessionId::trusted(row[0].text("id"));
}

std::optional<Visit> visit_session(pg::Connection& connection, const base::Sha256& token_hash,
                                   const base::Sha256& fresh_hash, base::Duration idle) {
  const auto found = connection.maybe(
      call_session_visit, pg::Params(bytes_of(token_hash), bytes_of(fresh_hash), idle.count()));
  if (!found) return std::nullopt;
  const auto row = (*found)[0];
  Visit visit;
  visit.session = {SessionId::trusted(row.text("o_id")),
                   base::AccountId::trusted(row.text("o_account_id")),
                   row.text("o_username"),
                   row.boolean("o_is_operator"),
                   row.boolean("o_is_supporter"),
                   row.time("o_created_at"),
                   row.time("o_seen_at"),
                   row.time("o_expires_at"),
                   row.time("o_ends_at"),
                   row.text("o_method")};
  visit.is_renewed = row.boolean("o_is_renewed");
  return visit;
}

bool end_own_session(pg::Connection& connection, const base::AccountId& account,
                     const SessionId& session) {
  return connection.one(call_session_end_own, pg::Params(account.text(), session.text()))[0]
      .boolean("is_ended");
}

int end_sessions(pg::Connection& connection, const base::AccountId& account,
                 const std::optional<SessionId>& except) {
  std::optional<std::string> id;
  if (except) id = except->text();
  const auto row = connection.one(call_sessions_end, pg::Params(account.text(), id));
  return static_cast<int>(row[0].integer("ended"));
}

bool end_session(pg::Connection& connection, const SessionId& session) {
  return connection.one(call_session_end, pg::Params(session.text()))[0].boolean("is_ended");
}

std::vector<ListedSession> list_sessions(pg::Connection& connection, const SessionFilter& filter) {
  std::optional<std::string> account;
  if (filter.account) account = filter.account->text();
  std::vector<ListedSession> sessions;
  for (const auto row : connection.query(select_sessions, pg::Params(account, filter.limit)))
    sessions.push_back(read_listed(row));
  return sessions;
}

ListedSession find_session(pg::Connection& connection, const std::string& name) {
  const auto range = base::uuid_range(name);
  if (range) {
    const auto rows =
        connection.query(select_session_between, pg::Params(range->first, range->second));
    if (rows.size() == 1) return read_listed(rows[0]);
    if (rows.size() > 1)
      throw base::Error(base::ErrorKind::not_found,
                        "unable to find session " + base::in_quotes(name) + ": it is ambiguous",
                        "Give more of its id.", "session_ambiguous");
  }
  throw base::Error(base::ErrorKind::not_found, "unable to find session " + base::in_quotes(name),
                    "`devy-upload web session list` shows those that live.", "session_not_found");
}

std::int64_t count_sessions(pg::Connection& connection) {
  return connection.one(count_living_sessions)[0].integer("count");
}

bool keep_session_token(pg::Connection& connection, const SessionId& session,
                        const SealedToken& token) {
  return connection
      .one(call_token_keep, pg::Params(session.text(), pg::Bytes{token.sealed}, token.scopes))[0]
      .boolean("is_kept");
}

std::optional<SealedToken> read_session_token(pg::Connection& connection,
                                              const SessionId& session) {
  const auto found = connection.maybe(call_token_read, pg::Params(session.text()));
  if (!found) return std::nullopt;
  return SealedToken{std::string((*found)[0].bytes("o_sealed")), (*found)[0].text("o_scopes")};
}

}  // namespace devy::web
