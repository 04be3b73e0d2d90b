#include "core/mirror/store/change_store.hpp"

#include <charconv>
#include <string_view>
#include <utility>

namespace devy::mirror {
namespace {

constexpr pg::Statement select_cursor{"select_change_cursor", R"sql(
  select github.change_cursor() as cursor)sql"};

constexpr pg::Statement select_changes{"read_changes", R"sql(
  select c.*, r.full_name
  from github.changes($1::text, $2::integer) c
  left join github.repository r on r.id = c.repository_id
  order by c.txid, c.seq)sql"};

constexpr pg::Statement select_changes_of{"read_changes_of", R"sql(
  select c.*, r.full_name,
         case
           when c.relation = 'user' then true
           when c.relation in ('repository_hook', 'user_repository') then u.can_admin is true
           else u.can_pull is true
                or (r.private is false and coalesce(r.visibility, 'public') = 'public'
                    and r.deleted_at is null)
         end as is_shown
  from github.changes($1::text, $2::integer) c
  left join github.repository r on r.id = c.repository_id
  left join github.user_repository u
    on u.repository_id = c.repository_id and u.user_id = $3::bigint and u.deleted_at is null
   and u.last_replicated_via_api_at > clock_timestamp() - make_interval(secs => $4::float8)
  order by c.txid, c.seq)sql"};

constexpr pg::Statement listen_change{"listen_change", "listen github_change"};

// "<feed>:<txid>:<seq>", as a place in the order of the feed.
std::pair<std::uint64_t, std::uint64_t> place_of(std::string_view cursor) {
  std::pair<std::uint64_t, std::uint64_t> place;
  const auto txid = cursor.find(':') + 1;
  const auto seq = cursor.find(':', txid) + 1;
  std::from_chars(cursor.data() + txid, cursor.data() + cursor.size(), place.first);
  std::from_chars(cursor.data() + seq, cursor.data() + cursor.size(), place.second);
  return place;
}

Change read_change(const pg::Row& row) {
  Change change;
  change.cursor = row.text("cursor");
  change.at = row.time("at");
  change.relation = row.text("relation");
  change.id = row.integer("id");
  change.repository_id = row.maybe_integer("repository_id");
  change.repository = row.maybe_text("full_name");
  change.action = row.text("action");
  change.columns = row.texts("columns");
  change.via = row.maybe_text("via");
  change.operation_id = row.maybe_text("operation_id");
  change.delivery_guid = row.maybe_text("delivery_guid");
  return change;
}

// The page of what was looked at; `is_shown` says which of it the reader gets.
template <class IsShown>
ChangePage page_of(pg::Connection& connection, const pg::Statement& statement,
                   const pg::Params& params, const std::string& cursor, int limit,
                   const IsShown& is_shown) {
  // Before the reading: whatever is older than it is read, or is not this reader's.
  const auto horizon = cursor_of_now(connection);
  ChangePage page;
  page.cursor = cursor;
  const auto rows = connection.query(statement, params);
  for (const auto row : rows) {
    page.cursor = row.text("cursor");
    if (is_shown(row)) page.changes.push_back(read_change(row));
  }
  page.is_whole = std::cmp_less(rows.size(), limit);
  if (page.is_whole && (page.cursor.empty() || place_of(page.cursor) < place_of(horizon)))
    page.cursor = horizon;
  return page;
}

}  // namespace

json::Json change_json(const Change& change) {
  return json::Json::object({{"cursor", change.cursor},
                             {"at", change.at},
                             {"relation", change.relation},
                             {"id", change.id},
                             {"repository_id", change.repository_id},
                             {"repository", change.repository},
                             {"action", change.action},
                             {"columns", change.columns},
                             {"via", change.via},
                             {"operation_id", change.operation_id},
                             {"delivery_guid", change.delivery_guid}});
}

ChangePage read_changes(pg::Connection& connection, const std::string& cursor, int limit) {
  return page_of(connection, select_changes, pg::Params(cursor, limit), cursor, limit,
                 [](const pg::Row&) { return true; });
}

ChangePage read_changes_of(pg::Connection& connection, const Reader& reader,
                           const std::string& cursor, int limit) {
  return page_of(connection, select_changes_of,
                 pg::Params(cursor, limit, reader.github_id,
                            static_cast<std::int64_t>(reader.access_max_age.count())),
                 cursor, limit, [](const pg::Row& row) { return row.boolean("is_shown"); });
}

std::string cursor_of_now(pg::Connection& connection) {
  return connection.one(select_cursor)[0].text("cursor");
}

void listen_to_changes(pg::Connection& connection) {
  // A pooling proxy would give the session to another client.
  if (connection.is_direct()) connection.execute(listen_change);
}

}  // namespace devy::mirror
