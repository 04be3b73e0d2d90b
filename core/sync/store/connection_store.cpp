#include "core/sync/store/connection_store.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/unless_empty.hpp"
#include "core/sync/store/label_map.hpp"

namespace devy::sync {
namespace {

using base::Error;
using base::ErrorKind;

constexpr pg::Statement select_connections{"select_connections", R"sql(
  select c.id, c.project_id, a.username || '/' || p.slug as project, c.repository_id,
         coalesce(r.full_name, c.name, '') as repository, c.state, coalesce(c.reason, '') as reason,
         coalesce(c.former_state, '') as former_state, c.export, c.labels, c.done, c.total,
         r.installation, c.verified_at, coalesce(o.id::text, '') as operation,
         coalesce(o.state, '') as operation_state
    from project_repository c
    join project p on p.id = c.project_id
    join account a on a.id = p.account_id
    join resource s on s.id = c.resource_id
    left join github.repository r on r.id = c.repository_id
    left join operation o on o.id = s.newest_operation_id
   where ($1::uuid is null or c.project_id = $1::uuid)
     and ($2::uuid is null or c.id = $2::uuid)
     and ($3::text is null or c.repository_id::text = $3::text
          or lower(coalesce(r.full_name, c.name)) = lower($3::text))
   order by c.state = 'disconnected', c.created_at, c.id)sql"};

constexpr pg::Statement call_connect{"connection_connect", R"sql(
  select o_connection, o_operation
    from connection_connect($1::uuid, $2::bigint, $3::text, $4::uuid, $5::text, $6::boolean,
                            $7::text))sql"};

constexpr pg::Statement call_disconnect{"connection_disconnect", R"sql(
  select coalesce(connection_disconnect($1::uuid, $2::text, $3::text)::text, '') as operation)sql"};

constexpr pg::Statement call_approve{"connection_approve", R"sql(
  select connection_approve($1::uuid, $2::text) as operation)sql"};

constexpr pg::Statement call_sync{"connection_sync", R"sql(
  select connection_sync($1::uuid, $2::text) as operation)sql"};

Connected read_connected(const pg::Row& row) {
  Connected connected;
  connected.id = row.text("id");
  connected.project_id = row.text("project_id");
  connected.project = row.text("project");
  connected.repository_id = row.integer("repository_id");
  connected.repository = row.text("repository");
  connected.state = row.text("state");
  connected.reason = row.text("reason");
  connected.former_state = row.text("former_state");
  connected.export_mode = row.text("export");
  connected.labels = read_label_map(row.text("labels"));
  connected.done = row.integer("done");
  connected.total = row.maybe_integer("total");
  connected.installation = row.maybe_integer("installation");
  connected.verified_at = row.maybe_time("verified_at");
  connected.operation = row.text("operation");
  connected.operation_state = row.text("operation_state");
  return connected;
}

using Text = std::optional<std::string>;

std::vector<Connected> select(pg::Connection& connection, const Text& project, const Text& id,
                              const Text& repository) {
  std::vector<Connected> found;
  for (const auto row : connection.query(select_connections, pg::Params(project, id, repository)))
    found.push_back(read_connected(row));
  return found;
}

std::optional<Connected> first(std::vector<Connected> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

[[noreturn]] void throw_state_error(const Error& error) {
  if (error.code() != "DV015") throw error;
  const auto colon = error.text().find("': ");
  throw Error(ErrorKind::conflict,
              "unable to do that with the connection: " +
                  (colon == std::string::npos ? error.text() : error.text().substr(colon + 3)),
              "`devy-upload project show` says in which state it is, and why.", "connection_state");
}

}  // namespace

std::vector<Connected> list_connections(pg::Connection& connection, const std::string& project_id) {
  return select(connection, project_id, std::nullopt, std::nullopt);
}

std::optional<Connected> find_connection(pg::Connection& connection, const std::string& id) {
  return first(select(connection, std::nullopt, id, std::nullopt));
}

std::optional<Connected> find_connection(pg::Connection& connection, const std::string& project_id,
                                         const std::string& repository) {
  return first(select(connection, project_id, std::nullopt, repository));
}

Act connect(pg::Connection& connection, const Connect& wish) {
  try {
    const auto rows = connection.one(
        call_connect, pg::Params(wish.project_id, wish.repository_id, wish.export_mode, wish.by,
                                 base::unless_empty(wish.name), wish.is_approved,
                                 base::unless_empty(wish.requested_by)));
    return {rows[0].text("o_connection"), rows[0].text("o_operation")};
  } catch (const Error& error) {
    if (error.code() == "23505")
      throw Error(ErrorKind::conflict,
                  "unable to connect the repository: another project is connected with it",
                  "A repository belongs to one project; disconnect it there first.",
                  "repository_taken");
    if (error.code() == "23514")
      throw Error(ErrorKind::usage, "unable to connect the repository: no such tasks to send",
                  "Send none, open or all tasks.", "connection_export");
    throw;
  }
}

Act disconnect(pg::Connection& connection, const std::string& id, const std::string& reason,
               const std::string& requested_by) {
  return {id, connection
                  .one(call_disconnect, pg::Params(id, reason, base::unless_empty(requested_by)))[0]
                  .text("operation")};
}

Act approve(pg::Connection& connection, const std::string& id, const std::string& requested_by) {
  try {
    return {id,
            connection.one(call_approve, pg::Params(id, base::unless_empty(requested_by)))[0].text(
                "operation")};
  } catch (const Error& error) {
    throw_state_error(error);
  }
}

Act sync_again(pg::Connection& connection, const std::string& id, const std::string& requested_by) {
  try {
    return {id, connection.one(call_sync, pg::Params(id, base::unless_empty(requested_by)))[0].text(
                    "operation")};
  } catch (const Error& error) {
    throw_state_error(error);
  }
}

}  // namespace devy::sync
