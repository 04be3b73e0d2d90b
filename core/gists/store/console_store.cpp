#include "core/gists/store/console_store.hpp"

namespace devy::gists {
namespace {

// A statement for each filter, so that each has its index.
constexpr pg::Statement select_tracked{"console_tracked_users", R"sql(
  select id from tracked_user
   where state <> 'off' and (login, id) > ($1::text, $2::uuid)
   order by login, id limit $3::integer)sql"};

constexpr pg::Statement select_in_state{"console_users_in_state", R"sql(
  select id from tracked_user
   where state = $4::text and (login, id) > ($1::text, $2::uuid)
   order by login, id limit $3::integer)sql"};

constexpr pg::Statement select_failing{"console_failing_users", R"sql(
  select id from tracked_user
   where failures > 0 and state <> 'off' and (login, id) > ($1::text, $2::uuid)
   order by login, id limit $3::integer)sql"};

constexpr pg::Statement select_listed_users{"console_users", R"sql(
  select t.id, t.login, t.state, t.scanned_at, t.scan_at, t.failures, t.error,
         (select count(*) from (select from gist g
            where g.tracked_user_id = t.id and g.gone_at is null limit $2::integer) g) as gists,
         o.id as operation_id, o.state as operation_state, o.step
    from tracked_user t
    left join operation o on o.id = t.operation_id and o.finished_at is null
   where t.id = any ($1::uuid[])
   order by t.login, t.id)sql"};

constexpr pg::Statement select_open_scan{"console_open_scan", R"sql(
  select o.id as operation_id, o.state as operation_state, o.step
    from tracked_user t
    join operation o on o.id = t.operation_id and o.finished_at is null
   where t.id = $1::uuid)sql"};

constexpr pg::Statement select_origin{"console_user_origin", R"sql(
  select created_at, added_by from tracked_user where id = $1::uuid)sql"};

constexpr pg::Statement select_news_count{"console_news", R"sql(
  select count(*) as count
    from (select v.gist_file_id, v.number from gist_version v
           where v.tracked_user_id = $1::uuid
             and v.seq > coalesce((select seen_seq from gist_visitor
                                    where tracked_user_id = $1::uuid and visitor = $2::text), 0)
           order by v.seq limit $3::integer) v
    join gist_file f on f.id = v.gist_file_id and f.removed_at is null
    join gist g on g.id = f.gist_id and g.gone_at is null
   where v.number = 1)sql"};

std::optional<OpenScan> scan_of(const pg::Row& row) {
  if (row.is_null("operation_id")) return std::nullopt;
  return OpenScan{row.text("operation_id"), row.text("operation_state"), row.text("step")};
}

constexpr const char* first_id = "00000000-0000-0000-0000-000000000000";
constexpr int bound = static_cast<int>(counted_max) + 1;

pg::Result ids_of_users(pg::Connection& connection, const UserFilter& filter) {
  const auto id = filter.id ? filter.id->text() : std::string(first_id);
  if (filter.state.empty())
    return connection.query(select_tracked, pg::Params(filter.login, id, filter.limit));
  if (filter.state == "failing")
    return connection.query(select_failing, pg::Params(filter.login, id, filter.limit));
  return connection.query(select_in_state,
                          pg::Params(filter.login, id, filter.limit, filter.state));
}

}  // namespace

std::vector<ListedUser> list_users(pg::Connection& connection, const UserFilter& filter) {
  std::vector<std::string> ids;
  for (const auto row : ids_of_users(connection, filter))
    ids.push_back(row.text("id"));
  std::vector<ListedUser> users;
  for (const auto row : connection.query(select_listed_users, pg::Params(ids, bound))) {
    ListedUser user;
    user.id = UserId::trusted(row.text("id"));
    user.login = row.text("login");
    user.state = row.text("state");
    user.scanned_at = row.maybe_time("scanned_at");
    user.scan_at = row.maybe_time("scan_at");
    user.failures = static_cast<int>(row.integer("failures"));
    user.error = row.text("error");
    user.gists = row.integer("gists");
    user.scan = scan_of(row);
    users.push_back(std::move(user));
  }
  return users;
}

std::optional<OpenScan> open_scan(pg::Connection& connection, const UserId& user) {
  const auto rows = connection.maybe(select_open_scan, pg::Params(user.text()));
  return rows ? scan_of((*rows)[0]) : std::nullopt;
}

UserOrigin origin_of(pg::Connection& connection, const UserId& user) {
  const auto rows = connection.one(select_origin, pg::Params(user.text()));
  return {rows[0].time("created_at"), rows[0].text("added_by")};
}

std::int64_t count_news(pg::Connection& connection, const UserId& user,
                        const std::string& visitor) {
  return connection.one(select_news_count, pg::Params(user.text(), visitor, bound))[0].integer(
      "count");
}

}  // namespace devy::gists
