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

// The history of a post is deleted whole, once the post has been gone for that long.
constexpr pg::Statement delete_revisions{"delete_revisions", R"sql(
  delete from revision v
  where not exists (select from post p where p.id = v.post_id)
    and not exists (select from revision w
                    where w.post_id = v.post_id
                      and w.at >= clock_timestamp() - $1::bigint * interval '1 microsecond'))sql"};

}  // namespace

std::vector<queue::PruneCount> prune(pg::Connection& connection, const queue::PruneAges& ages) {
  const pg::Params params(ages.older_than.count());
  return {{"uploads", connection.execute(delete_uploads, params), "uploads"},
          {"revisions", connection.execute(delete_revisions, params), "revisions of deleted posts"},
          {"assets", prune_assets(connection, ages.older_than), "unused files"},
          {"statuses", connection.execute(delete_status_operations, params),
           "records of statuses sent"}};
}

}  // namespace devy::publishing
