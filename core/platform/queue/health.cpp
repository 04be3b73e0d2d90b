#include "core/platform/queue/health.hpp"

namespace devy::queue {
namespace {

constexpr pg::Statement measure_health{"measure_health", R"sql(
  select o_waiting, o_running, o_expired, o_is_paused,
         extract(epoch from clock_timestamp() - o_oldest_due_at)::float8 as oldest,
         not pg_is_in_recovery()
           and current_setting('transaction_read_only') = 'off' as takes_writes
    from queue_health(p_lane => $1::text, p_counted_max => $2::integer))sql"};

constexpr pg::Statement count_open{"count_open", R"sql(
  select o_kind as kind, o_state as state, o_count as count
    from operations_open(p_counted_max => $1::integer))sql"};

constexpr pg::Statement select_span_end{"select_span_end", R"sql(
  select (clock_timestamp() - interval '3 seconds')::text as span_end)sql"};

constexpr pg::Statement count_finished_between{"count_finished_between", R"sql(
  select kind, state, count(*) as count
    from operation
   where finished_at > $1::timestamptz
     and finished_at <= $2::timestamptz
   group by kind, state)sql"};

constexpr pg::Statement select_leases{"select_leases", R"sql(
  select l.worker, o.id, o.kind, o.state, o.step, o.attempt, l.lease_expires_at,
         t.started_at as since, l.lease_expires_at < clock_timestamp() as is_expired
    from lease l
    join operation o on o.id = l.operation_id
    join attempt t on t.operation_id = o.id and t.fence = l.fence
   where l.operation_id is not null
   order by l.worker, o.id)sql"};

std::vector<StateOfKind> read_counts(const pg::Result& rows) {
  std::vector<StateOfKind> counts;
  for (const auto row : rows)
    counts.push_back({row.text("kind"), row.text("state"), row.integer("count")});
  return counts;
}

}  // namespace

QueueHealth queue_health(pg::Connection& connection, std::string_view lane) {
  const auto rows = connection.one(measure_health, pg::Params(lane, waiting_counted_max));
  const auto row = rows[0];
  QueueHealth health;
  health.waiting = row.integer("o_waiting");
  health.running = row.integer("o_running");
  health.expired_leases = row.integer("o_expired");
  health.oldest_waiting_seconds = row.is_null("oldest") ? 0 : row.real("oldest");
  health.is_paused = row.boolean("o_is_paused");
  health.takes_writes = row.boolean("takes_writes");
  return health;
}

std::vector<StateOfKind> count_open_operations(pg::Connection& connection) {
  return read_counts(connection.query(count_open, pg::Params(open_counted_max)));
}

FinishedSpan finished_span(pg::Connection& connection, const std::optional<std::string>& from) {
  return {from, connection.one(select_span_end)[0].text("span_end")};
}

std::vector<StateOfKind> count_finished(pg::Connection& connection, const FinishedSpan& span) {
  if (!span.from) return {};
  return read_counts(connection.query(count_finished_between, pg::Params(*span.from, span.to)));
}

std::vector<LeaseRow> list_leases(pg::Connection& connection) {
  std::vector<LeaseRow> leases;
  for (const auto row : connection.query(select_leases))
    leases.push_back({row.text("worker"), row.text("id"), row.text("kind"), row.text("state"),
                      row.maybe_text("step"), static_cast<int>(row.integer("attempt")),
                      row.time("since"), row.time("lease_expires_at"), row.boolean("is_expired")});
  return leases;
}

}  // namespace devy::queue
