#include "daemon/web/mirror_api_lists.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/mirror/store/change_store.hpp"
#include "core/mirror/store/console_store.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/mirror/store/scan_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/http/server/query.hpp"
#include "daemon/web/api_answer.hpp"

namespace devy::daemon {
namespace {

using json::Json;

constexpr int repositories_max = 100, changes_max = 1'000, change_wait_seconds_max = 30;
constexpr int shown_scans_max = 20;  // of one repository
// Pages of changes that one request looks at: of most a reader may see none.
constexpr int change_pages_max = 10;

int read_number(const server::Fields& query, std::string_view name, int least, int most,
                int otherwise) {
  const auto text = query.line(name);
  if (!text) return otherwise;
  int number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  if (read.ec != std::errc() || read.ptr != text->data() + text->size() || number < least ||
      number > most)
    throw base::Error(base::ErrorKind::usage,
                      "unable to read '" + std::string(name) + "': it is no number from " +
                          std::to_string(least) + " to " + std::to_string(most),
                      "Leave it out for " + std::to_string(otherwise) + ".");
  return number;
}

// Facts about all repositories of a page, read at once.
struct PageFacts {
  std::map<std::int64_t, mirror::RowCounts> counts;
  std::map<std::int64_t, mirror::HookState> hooks;
};

PageFacts facts_of(pg::Connection& connection,
                   const std::vector<mirror::Repository>& repositories) {
  std::vector<std::int64_t> ids;
  for (const auto& repository : repositories)
    ids.push_back(repository.id);
  return {mirror::count_rows_of(connection, ids), mirror::hook_states(connection, ids)};
}

Json hook_json(const mirror::HookState& hook) {
  return Json::object(
      {{"id", hook.id}, {"state", hook.state}, {"last_ping_at", hook.last_ping_at}});
}

// Hooks are for administrators alone, and so is how many there are.
Json rows_json(const mirror::RowCounts& counts, bool is_admin) {
  auto rows = Json::object();
  for (const auto& [name, count] : counts.rows)
    if (is_admin || name != "hooks") rows.set(name, count);
  return rows;
}

Json repository_json(pg::Connection& connection, const mirror::Repository& repository,
                     const PageFacts& facts, bool is_admin) {
  auto scanned = Json::object();
  for (const auto& [list, time] : repository.last_scanned)
    scanned.set(list, time);
  auto scans = Json::array();
  for (const auto& scan : mirror::list_scans(connection, repository.id, shown_scans_max))
    if (scan.is_open())
      scans.push(Json::object({{"id", scan.id},
                               {"list", scan.list},
                               {"state", scan.state},
                               {"phase", scan.phase},
                               {"items", scan.items},
                               {"requests", scan.requests},
                               {"started_at", scan.started_at}}));
  return Json::object({{"full_name", repository.full_name},
                       {"id", repository.id},
                       {"private", repository.is_private},
                       {"is_mirrored", repository.is_mirrored},
                       {"hook", is_admin ? hook_json(facts.hooks.at(repository.id)) : Json()},
                       {"rows", rows_json(facts.counts.at(repository.id), is_admin)},
                       {"unsettled", facts.counts.at(repository.id).unsettled},
                       {"last_replicated_via_webhook_at", repository.via_webhook_at},
                       {"last_replicated_via_api_at", repository.via_api_at},
                       {"last_scanned", scanned},
                       {"open_scans", scans}});
}

MirrorAnswer list_mirrored_repositories(MirrorCall& call) {
  const auto query = server::read_query(call.request);
  const auto limit = read_number(query, "limit", 1, repositories_max, repositories_max);
  const auto after = std::string(query.line("cursor").value_or(""));
  const auto found = mirror::list_readable_repositories(
      call.connection, call.access.reader(call.caller), after, limit);
  const auto facts = facts_of(call.connection, found);
  auto repositories = Json::array();
  for (const auto& repository : found)
    repositories.push(repository_json(
        call.connection, repository, facts,
        call.access.is_known_open(call.connection, call.caller, repository, Wanted::admin)));
  const bool is_more = std::cmp_equal(found.size(), limit);
  return json_answer(200,
                     Json::object({{"repositories", repositories},
                                   {"cursor", is_more ? Json(found.back().full_name) : Json()}}));
}

// Looks behind the cursor, which moves on, until there is something to show.
mirror::ChangePage look_for_changes(pg::Connection& connection, const mirror::Reader& reader,
                                    std::string cursor, int limit) {
  mirror::ChangePage page;
  page.cursor = std::move(cursor);
  for (int i = 0; i < change_pages_max && page.changes.empty() && !page.is_whole; ++i)
    page = mirror::read_changes_of(connection, reader, page.cursor, limit);
  return page;
}

http::Response changes_answer(const mirror::ChangePage& page) {
  auto changes = Json::array();
  for (const auto& change : page.changes)
    changes.push(mirror::change_json(change));
  return json_answer(200, Json::object({{"changes", changes}, {"cursor", page.cursor}}));
}

MirrorAnswer list_changes(MirrorCall& call) {
  const auto query = server::read_query(call.request);
  const auto limit = read_number(query, "limit", 1, changes_max, changes_max);
  const auto wait = read_number(query, "wait", 0, change_wait_seconds_max, 0);
  auto cursor = std::string(query.line("cursor").value_or(""));
  if (cursor == "now") cursor = mirror::cursor_of_now(call.connection);
  const auto reader = call.access.reader(call.caller);
  auto page = look_for_changes(call.connection, reader, cursor, limit);
  if (!page.changes.empty() || wait == 0) return changes_answer(page);
  LateAnswer late;
  late.longest = std::chrono::seconds(wait);
  late.look = [reader, limit, place = page.cursor](
                  pg::Connection& connection,
                  bool is_last) mutable -> std::optional<http::Response> {
    const auto found = look_for_changes(connection, reader, place, limit);
    place = found.cursor;
    if (found.changes.empty() && !is_last) return std::nullopt;
    return changes_answer(found);
  };
  return late;
}

}  // namespace

std::vector<MirrorRoute> mirror_list_routes() {
  return {{"GET", "/v1/mirror/repositories", 0, list_mirrored_repositories},
          {"GET", "/v1/mirror/changes", 0, list_changes}};
}

}  // namespace devy::daemon
