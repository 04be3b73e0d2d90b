#include "core/sync/store/record_history.hpp"

#include "core/platform/base/id.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_versions{"select_record_versions", R"sql(
  select v.version, v.origin, v.fields, v.is_lost, v.lost_to, v.operation_id, v.at,
         coalesce(n.o_account_id::text, '') as account,
         coalesce(n.o_username, '') as name, coalesce(n.o_github_login, '') as login
    from record_version v
    left join lateral person_named(v.author_id, v.github_author_id) n on true
   where v.record_id = $1::uuid
   order by v.version desc
   limit $2::integer)sql"};

constexpr pg::Statement select_record_operations{"select_record_operations", R"sql(
  select l.id as record_id, o.id, o.kind, o.state, o.direction, o.source, coalesce(s.outcome, '') as outcome,
         coalesce(s.action, '') as action, coalesce(o.error_code, '') as error_code,
         coalesce(o.error_text, '') as error_text, coalesce(o.error_hint, '') as error_hint,
         coalesce(s.delivery_guid::text, '') as delivery, coalesce(s.fields, '{}') as fields,
         coalesce(s.api_calls, 0) as api_calls, o.attempt, o.created_at, o.run_at, o.finished_at
    from sync_link l
    join operation o on o.resource_id = l.resource_id
    left join sync_operation s on s.operation_id = o.id
   where ($1::uuid is null or l.id = $1::uuid) and ($2::uuid is null or o.id = $2::uuid)
   order by o.arrival desc
   limit $3::integer)sql"};

constexpr pg::Statement select_operation_sides{"select_operation_sides", R"sql(
  select l.id as record_id, coalesce(l.parent_id, l.id) as task_id, l.kind = 'comment' as is_comment,
         case l.kind when 'task' then sync_task_fields(l.id) else sync_comment_fields(l.id) end as local,
         l.base, (select n.o_fields from sync_said(l.kind, c.repository_id, l.github_key) n) as remote,
         (select s.calls from sync_operation s where s.operation_id = o.id) as calls
    from operation o
    join sync_link l on l.resource_id = o.resource_id
    join project_repository c on c.id = l.connection_id
   where o.id = $1::uuid)sql"};

Person read_writer(const pg::Row& row) {
  return {row.text("account"), row.text("name"), row.text("login")};
}

RecordOperation read_record_operation(const pg::Row& row) {
  RecordOperation one;
  one.id = row.text("id");
  one.kind = row.text("kind");
  one.state = row.text("state");
  one.direction = row.text("direction");
  one.source = row.text("source");
  one.outcome = row.text("outcome");
  one.action = row.text("action");
  one.error_code = row.text("error_code");
  one.error_text = row.text("error_text");
  one.error_hint = row.text("error_hint");
  one.delivery = row.text("delivery");
  one.fields = row.texts("fields");
  one.api_calls = row.integer("api_calls");
  one.attempt = static_cast<int>(row.integer("attempt"));
  one.created_at = row.time("created_at");
  one.run_at = row.maybe_time("run_at");
  one.finished_at = row.maybe_time("finished_at");
  return one;
}

}  // namespace

std::vector<Version> list_versions(pg::Connection& connection, const std::string& record_id) {
  std::vector<Version> versions;
  for (const auto row :
       connection.query(select_versions, pg::Params(record_id, versions_shown_max))) {
    Version version;
    version.version = static_cast<int>(row.integer("version"));
    version.origin = row.text("origin");
    version.author = read_writer(row);
    version.fields = row.text("fields");
    version.is_lost = row.boolean("is_lost");
    if (const auto lost_to = row.maybe_integer("lost_to"))
      version.lost_to = static_cast<int>(*lost_to);
    version.operation = row.text("operation_id");
    version.at = row.time("at");
    versions.push_back(std::move(version));
  }
  return versions;
}

std::vector<RecordOperation> list_record_operations(pg::Connection& connection,
                                                    const std::string& record_id, int limit) {
  std::vector<RecordOperation> operations;
  for (const auto row :
       connection.query(select_record_operations, pg::Params(record_id, std::nullopt, limit)))
    operations.push_back(read_record_operation(row));
  return operations;
}

std::optional<FoundOperation> find_record_operation(pg::Connection& connection,
                                                    const std::string& id) {
  if (!base::OperationId::parse(id)) return std::nullopt;
  const auto rows = connection.maybe(select_record_operations, pg::Params(std::nullopt, id, 1));
  if (!rows) return std::nullopt;
  return FoundOperation{(*rows)[0].text("record_id"), read_record_operation((*rows)[0])};
}

std::optional<OperationSides> find_operation_sides(pg::Connection& connection,
                                                   const std::string& operation_id) {
  const auto found = find_record_operation(connection, operation_id);
  if (!found) return std::nullopt;
  const auto rows = connection.maybe(select_operation_sides, pg::Params(operation_id));
  if (!rows) return std::nullopt;
  const auto row = (*rows)[0];
  return OperationSides{row.text("record_id"), row.text("task_id"), row.boolean("is_comment"),
                        row.text("local"),     row.text("base"),    row.text("remote"),
                        row.text("calls"),     found->operation};
}

}  // namespace devy::sync
