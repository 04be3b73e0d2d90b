#include "core/sync/store/figures_store.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_figures{"sync_figures", R"sql(
  select o_name, o_label, o_value from sync_figures())sql"};

constexpr pg::Statement select_finished{"sync_finished", R"sql(
  select o_name, coalesce(o_kind, '') as kind, coalesce(o_direction, '') as direction, o_outcome, o_value
    from sync_finished($1::timestamptz, $2::timestamptz))sql"};

constexpr pg::Statement select_blocked{"select_blocked_connections", R"sql(
  select a.username || '/' || p.slug as project,
         coalesce(r.full_name, c.name, c.repository_id::text) as repository, c.reason
    from project_repository c
    join project p on p.id = c.project_id
    join account a on a.id = p.account_id
    left join github.repository r on r.id = c.repository_id
   where c.state = 'blocked'
   order by 1, 2
   limit $1::integer)sql"};

constexpr pg::Statement select_connection_subjects{"select_connection_subjects", R"sql(
  select o.id, coalesce(r.full_name, c.name, c.repository_id::text) || ' in ' || a.username || '/'
           || p.slug as subject
    from operation o
    join project_repository c on c.resource_id = o.resource_id
    join project p on p.id = c.project_id
    join account a on a.id = p.account_id
    left join github.repository r on r.id = c.repository_id
   where o.id = any ($1::uuid[]) and o.kind = 'connection_sync')sql"};

constexpr pg::Statement call_connections_due{"connections_due", R"sql(
  select connections_due(make_interval(secs => $1::float8), $2::integer) as count)sql"};

constexpr pg::Statement call_tasks_archive{"tasks_archive", R"sql(
  select tasks_archive(make_interval(secs => $1::float8), $2::integer) as count)sql"};

constexpr pg::Statement call_versions_prune{"versions_prune", R"sql(
  select versions_prune($1::integer) as count)sql"};

}  // namespace

Figures figures(pg::Connection& connection) {
  Figures figures;
  for (const auto row : connection.query(select_figures)) {
    const auto name = row.view("o_name");
    const auto label = row.text("o_label");
    const auto value = row.real("o_value");
    const auto count = static_cast<std::int64_t>(value);
    if (name == "links") figures.links[label] = count;
    else if (name == "connections") figures.connections[label] = count;
    else if (name == "backlog") figures.backlog[label] = count;
    else if (name == "gates") figures.gates[label] = count;
    else if (name == "backlog_age") figures.backlog_age_seconds[label] = value;
  }
  return figures;
}

Finished finished(pg::Connection& connection, const queue::FinishedSpan& span) {
  Finished finished;
  if (!span.from) return finished;
  for (const auto row : connection.query(select_finished, pg::Params(*span.from, span.to))) {
    const auto name = row.view("o_name");
    const auto value = row.real("o_value");
    const auto count = static_cast<std::int64_t>(value);
    if (name == "operations")
      finished.operations.push_back(
          {row.text("kind"), row.text("direction"), row.text("o_outcome"), count});
    else if (name == "visible") finished.visible_seconds.emplace_back(row.text("direction"), value);
    else finished.conflicts[row.text("o_outcome")] = count;
  }
  return finished;
}

std::vector<Blocked> blocked_connections(pg::Connection& connection, int limit) {
  std::vector<Blocked> blocked;
  for (const auto row : connection.query(select_blocked, pg::Params(limit)))
    blocked.push_back({row.text("project"), row.text("repository"), row.text("reason")});
  return blocked;
}

std::map<std::string, std::string> subjects_of(pg::Connection& connection,
                                               const std::vector<std::string>& operations) {
  std::map<std::string, std::string> found;
  for (const auto row : connection.query(select_connection_subjects, pg::Params(operations)))
    found.emplace(row.text("id"), row.text("subject"));
  return found;
}

std::int64_t record_due_connections(pg::Connection& connection, std::int64_t verify_every_seconds,
                                    int limit) {
  return connection.one(call_connections_due, pg::Params(verify_every_seconds, limit))[0].integer(
      "count");
}

std::int64_t archive_tasks(pg::Connection& connection, std::int64_t after_seconds, int limit) {
  return connection.one(call_tasks_archive, pg::Params(after_seconds, limit))[0].integer("count");
}

std::int64_t prune_versions(pg::Connection& connection, int limit) {
  return connection.one(call_versions_prune, pg::Params(limit))[0].integer("count");
}

}  // namespace devy::sync
