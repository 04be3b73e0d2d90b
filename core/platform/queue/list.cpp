#include "core/platform/queue/list.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"

namespace devy::queue {
namespace {

constexpr pg::Statement select_operations{"select_operations", R"sql(
  select id, kind, state, lane, direction, source, owner, step, error_code, error_text, attempt,
         max_attempts, created_at, finished_at
    from operation
   where ($1::text is null or kind = $1::text)
     and (cardinality($2::text[]) = 0 or state = any ($2::text[]))
     and ($3::bigint is null
          or created_at >= clock_timestamp() - $3::bigint * interval '1 microsecond')
     and ($7::text is null or direction = $7::text)
     and ($5::bigint is null
          or created_at <= clock_timestamp() - $5::bigint * interval '1 microsecond')
     and ($6::text is null or error_code = $6::text)
   order by arrival desc
   limit $4::integer)sql"};

constexpr pg::Statement select_by_prefix{"select_operations_by_prefix", R"sql(
  select id, kind, state, lane, direction, source, owner, step, error_code, error_text, attempt,
         max_attempts, created_at, finished_at
    from operation
   where id between $1::uuid and $2::uuid
   limit 2)sql"};

constexpr pg::Statement select_all_dropped{"select_all_dropped", R"sql(
  select coalesce(bool_and(state = 'dropped'), false) as are_dropped
    from operation
   where id = any ($1::uuid[]))sql"};

OperationRow read_operation(const pg::Row& row) {
  OperationRow operation;
  operation.id = row.text("id");
  operation.kind = row.text("kind");
  operation.state = row.text("state");
  operation.lane = row.text("lane");
  operation.direction = row.text("direction");
  operation.source = row.text("source");
  operation.owner = row.text("owner");
  operation.step = row.maybe_text("step");
  operation.error_code = row.maybe_text("error_code");
  operation.error_text = row.maybe_text("error_text");
  operation.attempt = static_cast<int>(row.integer("attempt"));
  operation.max_attempts = static_cast<int>(row.integer("max_attempts"));
  operation.created_at = row.time("created_at");
  if (!row.is_null("finished_at")) operation.finished_at = row.time("finished_at");
  return operation;
}

}  // namespace

std::vector<OperationRow> list_operations(pg::Connection& connection,
                                          const OperationFilter& filter) {
  std::optional<std::int64_t> since, until;
  if (filter.since) since = filter.since->count();
  if (filter.until) until = filter.until->count();
  std::vector<OperationRow> rows;
  for (const auto row : connection.query(
           select_operations, pg::Params(filter.kind, filter.states, since, filter.limit, until,
                                         filter.code, filter.direction)))
    rows.push_back(read_operation(row));
  return rows;
}

std::optional<OperationRow> find_operation(pg::Connection& connection, const std::string& prefix) {
  const auto range = base::uuid_range(prefix);
  if (!range) return std::nullopt;
  const auto rows = connection.query(select_by_prefix, pg::Params(range->first, range->second));
  if (rows.empty()) return std::nullopt;
  if (rows.size() > 1)
    throw base::Error(base::ErrorKind::not_found,
                      "unable to find operation '" + prefix + "': it is ambiguous (" +
                          rows[0].text("id") + ", " + rows[1].text("id") + ", …)",
                      "Give more of the id.", "operation_ambiguous");
  return read_operation(rows[0]);
}

bool are_all_dropped(pg::Connection& connection, const std::vector<base::OperationId>& operations) {
  std::vector<std::string> ids;
  for (const auto& operation : operations)
    ids.push_back(operation.text());
  return connection.one(select_all_dropped, pg::Params(ids))[0].boolean("are_dropped");
}

}  // namespace devy::queue
