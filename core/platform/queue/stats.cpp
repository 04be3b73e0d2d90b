#include "core/platform/queue/stats.hpp"

namespace devy::queue {
namespace {

constexpr pg::Statement count_states{"count_states", R"sql(
  select state, count(*) as count from operation where lane = $1::text
  group by state order by state)sql"};

constexpr pg::Statement measure_queue{"measure_queue", R"sql(
  with done as (
    select extract(epoch from finished_at - waiting_since) * 1000 as ms
    from operation
    where state = 'completed' and lane = $2::text and not is_approved and finished_at > clock_timestamp() - $1::bigint * interval '1 microsecond')
  select (select (extract(epoch from clock_timestamp() - min(run_at)) * 1000)::bigint
          from operation where state = 'verified' and lane = $2::text
            and run_at <= clock_timestamp()) as oldest_waiting_ms,
         (select count(*) from operation where lane = $2::text and finished_at >
            clock_timestamp() - $1::bigint * interval '1 microsecond') as finished,
         (select count(*) from operation where state in ('scheduled', 'processing')) as running,
         (select count(*) from lease
          where operation_id is not null and lease_expires_at < clock_timestamp()) as expired_leases,
         (select avg(ms) from done)::float8 as mean_ms,
         percentile_cont(0.5) within group (order by ms)::float8 as p50_ms,
         percentile_cont(0.99) within group (order by ms)::float8 as p99_ms,
         percentile_cont(0.9999) within group (order by ms)::float8 as p9999_ms,
         coalesce((count(*) filter (where ms > 300000))::float8 / nullif(count(*), 0), 0) as over_five_minutes,
         (select paused_until::text from queue_control where paused_until > clock_timestamp()) as paused_until,
         (select reason from queue_control where paused_until > clock_timestamp()) as pause_reason
  from done)sql"};

std::optional<double> maybe_real(const pg::Row& row, const char* column) {
  if (row.is_null(column)) return std::nullopt;
  return row.real(column);
}

}  // namespace

QueueStats queue_stats(pg::Connection& connection, base::Duration window, std::string_view lane) {
  QueueStats stats;
  for (const auto row : connection.query(count_states, pg::Params(lane)))
    stats.states.push_back({row.text("state"), row.integer("count")});
  const auto rows = connection.one(measure_queue, pg::Params(window.count(), lane));
  const auto row = rows[0];
  stats.oldest_waiting_ms = row.maybe_integer("oldest_waiting_ms");
  stats.finished = row.integer("finished");
  stats.mean_ms = maybe_real(row, "mean_ms");
  stats.p50_ms = maybe_real(row, "p50_ms");
  stats.p99_ms = maybe_real(row, "p99_ms");
  stats.p9999_ms = maybe_real(row, "p9999_ms");
  stats.over_five_minutes_share = row.real("over_five_minutes");
  stats.paused_until = row.maybe_text("paused_until");
  stats.pause_reason = row.maybe_text("pause_reason");
  stats.running = row.integer("running");
  stats.expired_leases = row.integer("expired_leases");
  return stats;
}

}  // namespace devy::queue
