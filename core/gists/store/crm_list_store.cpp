#include "core/gists/store/crm_list_store.hpp"

#include <algorithm>

namespace devy::gists {
namespace {

constexpr pg::Statement select_crm_list{"list_crm_items", R"sql(
  select c.id, c.kind, c.state, coalesce(f.gist_id, c.gist_id) as gist, f.filename, c.wanted,
         c.sent, c.remote_id, c.attempt_at, c.error
    from crm_item c left join gist_file f on f.id = c.gist_file_id
   where $1::text is null or c.state = $1::text
   order by c.wanted_at desc, c.id
   limit $2::integer)sql"};

constexpr pg::Statement select_crm_figures{"crm_figures", R"sql(
  select s.state, count(c.state) as count,
         floor(extract(epoch from clock_timestamp() - min(c.wanted_at)))::bigint as oldest
    from unnest(array['pending', 'sending', 'sent', 'refused', 'gone']) with ordinality s (state, place)
    left join crm_item c on c.state = s.state
   group by s.state, s.place
   order by s.place)sql"};

constexpr pg::Statement select_crm_pause{"select_crm_pause", R"sql(
  select not_before, reason from api_pause
   where name = any ($1::text[]) and not_before > clock_timestamp()
   order by not_before desc limit 1)sql"};

constexpr pg::Statement call_retry{"gist_crm_retry", R"sql(
  select gist_crm_retry($1::uuid) as state)sql"};

constexpr pg::Statement select_made{"made_crm_activities", R"sql(
  select id, remote_id,
         state = 'sent' and attempt_at < clock_timestamp() - interval '5 minutes' as is_settled
    from crm_item
   where kind = 'activity' and remote_id is not null and state <> 'gone'
   order by id)sql"};

constexpr pg::Statement select_is_item{"is_crm_item", R"sql(
  select exists (select from crm_item where id = $1::uuid) as is_there)sql"};

}  // namespace

std::vector<ListedCrmItem> list_crm_items(pg::Connection& connection,
                                          const std::optional<std::string>& state, int limit) {
  std::vector<ListedCrmItem> items;
  for (const auto row : connection.query(select_crm_list, pg::Params(state, limit))) {
    ListedCrmItem item;
    item.id = row.text("id");
    item.kind = row.text("kind");
    item.state = row.text("state");
    item.gist = row.maybe_text("gist");
    item.filename = row.maybe_text("filename");
    item.wanted = static_cast<int>(row.integer("wanted"));
    item.sent = static_cast<int>(row.integer("sent"));
    item.remote_id = row.maybe_integer("remote_id");
    item.attempt_at = row.maybe_time("attempt_at");
    item.error = row.maybe_text("error");
    items.push_back(std::move(item));
  }
  return items;
}

CrmFigures crm_figures(pg::Connection& connection) {
  CrmFigures figures;
  for (const auto row : connection.query(select_crm_figures)) {
    figures.states.push_back({row.text("state"), row.integer("count")});
    const auto& state = figures.states.back().state;
    const auto oldest = row.maybe_integer("oldest");
    if ((state == "pending" || state == "sending") && oldest)
      figures.oldest_pending_seconds =
          std::max(figures.oldest_pending_seconds.value_or(0), *oldest);
  }
  return figures;
}

std::optional<CrmPause> crm_pause(pg::Connection& connection,
                                  const std::vector<std::string>& names) {
  const auto rows = connection.maybe(select_crm_pause, pg::Params(names));
  if (!rows) return std::nullopt;
  return CrmPause{(*rows)[0].time("not_before"), (*rows)[0].text("reason")};
}

std::optional<std::string> retry_crm_item(pg::Connection& connection, const std::string& id) {
  return connection.one(call_retry, pg::Params(id))[0].maybe_text("state");
}

std::vector<MadeActivity> made_crm_activities(pg::Connection& connection) {
  std::vector<MadeActivity> made;
  for (const auto row : connection.query(select_made))
    made.push_back({row.text("id"), row.integer("remote_id"), row.boolean("is_settled")});
  return made;
}

bool is_crm_item(pg::Connection& connection, const std::string& id) {
  return connection.one(select_is_item, pg::Params(id))[0].boolean("is_there");
}

}  // namespace devy::gists
