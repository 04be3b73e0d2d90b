#include "core/store/queue_store.hpp"

#include "core/store/asset_store.hpp"

namespace devy::store {
namespace {

constexpr pg::Statement count_states{"count_states", R"sql(
  select state, count(*) as count from operation where direction = 'inbound'
  group by state order by state)sql"};

constexpr pg::Statement measure_queue{"measure_queue", R"sql(
  with done as (
    select extract(epoch from finished_at - waiting_since) * 1000 as ms
    from operation
    where state = 'completed' and direction = 'inbound' and not is_approved and finished_at > clock_timestamp() - $1::bigint * interval '1 microsecond')
  select (select (extract(epoch from clock_timestamp() - min(run_at)) * 1000)::bigint
          from operation where state = 'verified' and direction = 'inbound'
            and run_at <= clock_timestamp()) as oldest_waiting_ms,
         (select count(*) from operation where direction = 'inbound' and finished_at >
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

// Never a blog's last upload, nor what another that stays points to.
constexpr pg::Statement delete_uploads{"delete_uploads", R"sql(
  delete from operation o
  where o.kind = 'upload'
    and o.finished_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
    and not exists (select from resource r
                    where o.id in (r.newest_operation_id, r.completed_operation_id))
    and not exists (select from blog b where b.head_operation_id = o.id)
    and not exists (select from operation p
                    where p.resource_id = o.resource_id
                      and o.id in (p.cancelled_by, p.duplicate_of, p.dropped_for)
                      and (p.finished_at is null or p.finished_at >=
                           clock_timestamp() - $1::bigint * interval '1 microsecond')))sql"};

// Nothing points to them, and what is still to be told is not in them.
constexpr pg::Statement delete_status_operations{"delete_status_operations", R"sql(
  delete from operation
  where kind = 'github_status'
    and finished_at < clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

constexpr pg::Statement delete_deliveries{"delete_deliveries", R"sql(
  delete from delivery
  where received_at < clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

// Bodies are most of what deliveries take, and of use only while something may be replayed.
constexpr pg::Statement delete_bodies{"delete_bodies", R"sql(
  update delivery set body = null
  where body is not null
    and received_at < clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

// The whole history of a post that went that long ago, or nothing of it.
constexpr pg::Statement delete_revisions{"delete_revisions", R"sql(
  delete from revision v
  where not exists (select from post p where p.id = v.post_id)
    and not exists (select from revision w
                    where w.post_id = v.post_id
                      and w.at >= clock_timestamp() - $1::bigint * interval '1 microsecond'))sql"};

}  // namespace

QueueStats queue_stats(pg::Connection& connection, base::Duration window) {
  QueueStats stats;
  for (const auto row : connection.query(count_states))
    stats.states.push_back({row.text("state"), row.integer("count")});
  const auto rows = connection.one(measure_queue, pg::Params(window.count()));
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

Pruned prune(pg::Connection& connection, const PruneOptions& options) {
  const pg::Params params(options.older_than.count());
  pg::Transaction transaction(connection);
  Pruned pruned;
  pruned.uploads = connection.execute(delete_uploads, params);
  pruned.statuses = connection.execute(delete_status_operations, params);
  pruned.deliveries = connection.execute(delete_deliveries, params);
  pruned.bodies = connection.execute(delete_bodies, pg::Params(options.bodies_older_than.count()));
  pruned.revisions = connection.execute(delete_revisions, params);
  pruned.assets = prune_assets(connection, options.older_than);
  // A dry run does it all and takes it back: what it tells is what would happen.
  if (!options.is_dry_run) transaction.commit();
  return pruned;
}

}  // namespace devy::store
