#include "core/sync/store/viewer_store.hpp"

#include <map>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_viewer{"select_sync_viewer", R"sql(
  select id, username, is_operator from account
   where username = $1::text or github_id = $2::bigint
   order by github_id = $2::bigint desc nulls last limit 1)sql"};

constexpr pg::Statement select_accounts_named{"select_accounts_named", R"sql(
  select id, username from account where username = any ($1::text[]))sql"};

constexpr pg::Statement count_unsent_tasks{"count_unsent_tasks", R"sql(
  select count(*) as unsent from (
    select from task t join sync_link l on l.id = t.id
     where t.project_id = $1::uuid and l.github_key is null and l.gone_at is null
     limit $2::bigint) n)sql"};

}  // namespace

KnownViewer find_viewer(pg::Connection& connection, const std::string& username,
                        std::optional<std::int64_t> github_id) {
  KnownViewer viewer;
  const auto rows = connection.maybe(
      select_viewer, pg::Params(base::unless_empty(base::to_lower(username)), github_id));
  if (!rows) return viewer;
  viewer.account_id = (*rows)[0].text("id");
  viewer.username = (*rows)[0].text("username");
  viewer.sees_all = (*rows)[0].boolean("is_operator");
  return viewer;
}

std::vector<std::string> accounts_named(pg::Connection& connection,
                                        const std::vector<std::string>& usernames) {
  std::vector<std::string> lowered;
  for (const auto& username : usernames)
    lowered.push_back(base::to_lower(username));
  std::map<std::string, std::string> ids;
  for (const auto row : connection.query(select_accounts_named, pg::Params(lowered)))
    ids[row.text("username")] = row.text("id");
  std::vector<std::string> found;
  for (const auto& username : lowered) {
    const auto id = ids.find(username);
    if (id == ids.end())
      throw base::Error(base::ErrorKind::usage,
                        "unable to find the account " + base::in_quotes(base::safe_text(username)) +
                            ": there is none",
                        "Name accounts of this site.", "account_unknown");
    found.push_back(id->second);
  }
  return found;
}

std::int64_t count_unsent(pg::Connection& connection, const std::string& project_id,
                          std::int64_t most) {
  return connection.one(count_unsent_tasks, pg::Params(project_id, most))[0].integer("unsent");
}

}  // namespace devy::sync
