#include "core/platform/queue/list.hpp"

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
   order by arrival desc
   limit $4::integer)sql"};

}  // namespace

std::vector<OperationRow> list_operations(pg::Connection& connection,
                                          const OperationFilter& filter) {
  std::optional<std::int64_t> since;
  if (filter.since) since = filter.since->count();
  std::vector<OperationRow> rows;
  for (const auto row : connection.query(
           select_operations, pg::Params(filter.kind, filter.states, since, filter.limit))) {
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
    rows.push_back(std::move(operation));
  }
  return rows;
}

}  // namespace devy::queue
