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
  // Before the reading: whatever is older than it is read, or is not this reader's.
  const auto horizon = cursor_of_now(connection);
  ChangePage page;
  page.cursor = cursor;
  for (const auto row : connection.query(select_changes, pg::Params(cursor, limit))) {
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
    page.changes.push_back(std::move(change));
  }
  if (!page.changes.empty()) page.cursor = page.changes.back().cursor;
  const bool is_whole = std::cmp_less(page.changes.size(), limit);
  if (is_whole && (page.cursor.empty() || place_of(page.cursor) < place_of(horizon)))
    page.cursor = horizon;
  return page;
}

std::string cursor_of_now(pg::Connection& connection) {
  return connection.one(select_cursor)[0].text("cursor");
}

void listen_to_changes(pg::Connection& connection) {
  // A pooling proxy would give the session to another client.
  if (connection.is_direct()) connection.execute(listen_change);
}

}  // namespace devy::mirror
