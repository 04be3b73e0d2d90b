#include "core/publishing/store/prune.hpp"

#include "core/publishing/store/asset_store.hpp"

namespace devy::publishing {
namespace {

// A blog's last upload is never deleted, nor one that a remaining upload points to.
constexpr pg::Statement delete_uploads{"delete_uploads", R"sql(
  delete from operation o
  where o.kind = 'upload'
    and o.finished_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
    and not exists (select from resource r
                    where o.id in (r.newest_operation_id, r.newest_outbound_id,
                                 r.completed_operation_id))
    and not exists (select from blog b where b.head_operation_id = o.id)
    and not exists (select from operation p
                    where p.resource_id = o.resource_id
                      and o.id in (p.cancelled_by, p.duplicate_of, p.dropped_for)
                      and (p.finished_at is null or p.finished_at >=
                           clock_timestamp() - $1::bigint * interval '1 microsecond')))sql"};

// No row points to these operations, and they do not hold the statuses that are still to be sent.
constexpr pg::Statement delete_status_operations{"delete_status_operations", R"sql(
  delete from operation
  where kind = 'github_status'
    and finished_at < clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

constexpr pg::Statement delete_deliveries{"delete_deliveries", R"sql(
  delete from delivery
  where received_at < clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

// Bodies take most of the space of deliveries, and are needed only while a replay is possible.
constexpr pg::Statement delete_bodies{"delete_bodies", R"sql(
  update delivery set body = null
  where body is not null
    and received_at < clock_timestamp() - $1::bigint * interval '1 microsecond')sql"};

// The history of a post is deleted whole, once the post has been gone for that long.
constexpr pg::Statement delete_revisions{"delete_revisions", R"sql(
  delete from revision v
  where not exists (select from post p where p.id = v.post_id)
    and not exists (select from revision w
                    where w.post_id = v.post_id
                      and w.at >= clock_timestamp() - $1::bigint * interval '1 microsecond'))sql"};

}  // namespace

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
  // A dry run does everything and rolls it back: it reports what would happen.
  if (!options.is_dry_run) transaction.commit();
  return pruned;
}

}  // namespace devy::publishing
