#include "core/platform/base/unless_empty.hpp"
#include "core/platform/json/reader.hpp"
#include "core/sync/store/connection_store.hpp"

namespace devy::sync {
namespace {

constexpr json::Format stored_permissions{.name = "an installation's permissions",
                                          .bytes_max = std::size_t{64} << 10U,
                                          .kind = base::ErrorKind::internal,
                                          .code = "permissions_unreadable"};

// His own, those of accounts whose repositories his projects are connected with, or all.
constexpr pg::Statement select_installations{"select_installations", R"sql(
  select i.id, i.github_account_id, i.login, i.account_type, i.state, i.permissions,
         array(select r.full_name
                 from github.repository r
                 join project_repository c on c.repository_id = r.id and c.state <> 'disconnected'
                where r.installation = i.id
                  and ($1::uuid is null or project_is_visible(c.project_id, $1::uuid))
                order by lower(r.full_name)) as repositories,
         (select b.remaining from api_budget b
           where b.credential = 'installation/' || i.id and b.resource = 'core'
             and b.reset_at > clock_timestamp()) as remaining
    from installation i
   where i.state <> 'deleted'
     and ($1::uuid is null
          or exists (select from account a where a.id = $1::uuid
                        and (a.is_operator or a.github_id = i.github_account_id))
          or exists (select from github.repository r
                       join project_repository c on c.repository_id = r.id
                      where r.installation = i.id
                        and project_role_of(c.project_id, $1::uuid) = 'admin'))
   order by lower(i.login), i.id)sql"};

constexpr pg::Statement call_event{"installation_event", R"sql(
  select e::text as operation
    from installation_event($1::bigint, $2::bigint, $3::text, $4::text, $5::text, $6::jsonb,
                            $7::bigint[], $8::bigint[]) e
   where e is not null)sql"};

constexpr pg::Statement call_revoke{"user_token_revoke", R"sql(
  select user_token_revoke($1::bigint))sql"};

constexpr pg::Statement call_repositories{"connection_repositories", R"sql(
  select connection_repositories($1::bigint[]))sql"};

// Names what syncing asks of the App, and how much of it.
constexpr std::pair<const char*, const char*> wanted[] = {
    {"issues", "write"}, {"metadata", "read"}, {"pull_requests", "read"}};

bool is_enough(const std::string& given, std::string_view least) {
  return given == least || given == "admin" || (given == "write" && least == "read");
}

std::vector<std::string> texts(const std::vector<std::int64_t>& numbers) {
  std::vector<std::string> found;
  for (const auto number : numbers)
    found.push_back(std::to_string(number));
  return found;
}

Installation read_installation(const pg::Row& row) {
  Installation installation;
  installation.id = row.integer("id");
  installation.github_account_id = row.integer("github_account_id");
  installation.login = row.text("login");
  installation.account_type = row.text("account_type");
  installation.state = row.text("state");
  for (const auto& [name, value] :
       json::parse(row.view("permissions"), stored_permissions).members())
    installation.permissions.emplace(name, value.if_text().value_or(""));
  // Where GitHub has not said them nothing is missing, as far as is known.
  if (!installation.permissions.empty())
    for (const auto& [name, least] : wanted) {
      const auto given = installation.permissions.find(name);
      if (given == installation.permissions.end() || !is_enough(given->second, least))
        installation.missing.push_back(std::string(name) + ": " + least);
    }
  installation.repositories = row.texts("repositories");
  installation.remaining = row.maybe_integer("remaining");
  return installation;
}

}  // namespace

std::vector<Installation> list_installations(pg::Connection& connection,
                                             const std::optional<std::string>& account_id) {
  std::vector<Installation> installations;
  for (const auto row : connection.query(select_installations, pg::Params(account_id)))
    installations.push_back(read_installation(row));
  return installations;
}

std::vector<std::string> note_installation(pg::Connection& connection,
                                           const InstallationEvent& event) {
  std::vector<std::string> operations;
  for (const auto row :
       connection.query(call_event, pg::Params(event.id, event.github_account_id, event.login,
                                               event.account_type, event.action,
                                               base::unless_empty(event.permissions),
                                               texts(event.gained), texts(event.lost))))
    operations.push_back(row.text("operation"));
  return operations;
}

void note_revocation(pg::Connection& connection, std::int64_t github_user) {
  connection.execute(call_revoke, pg::Params(github_user));
}

void note_repositories(pg::Connection& connection, const std::vector<std::int64_t>& repositories) {
  connection.execute(call_repositories, pg::Params(texts(repositories)));
}

}  // namespace devy::sync
