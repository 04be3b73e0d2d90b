#include "core/publishing/store/prune.hpp"

#include "core/publishing/store/asset_store.hpp"

namespace devy::publishing {
namespace {

constexpr pg::Statement select_needed_operations{"select_needed_operations", R"sql(
  select u.operation_id
    from upload u
    join blog b on b.id = u.blog_id
   where u.operation_id = any ($1::uuid[])
     and b.head_operation_id = u.operation_id)sql"};

// The history of a post is deleted whole, once the post has been gone for that long: its oldest
// version first, and last the one that says so, by which a next batch finds what is left.
constexpr pg::Statement prune_revisions{"prune_revisions", R"sql(
  with looked_at as materialized (
    select v.at, v.post_id, v.version
      from revision v
     where v.change = 'deleted'
       and v.at < clock_timestamp() - $1::bigint * interval '1 microsecond'
       and (v.at, v.post_id, v.version) >
           (coalesce(nullif(split_part($2::text, '/', 1), ''), '-infinity')::timestamptz,
            coalesce(nullif(split_part($2::text, '/', 2), ''),
                     '00000000-0000-0000-0000-000000000000')::uuid,
            coalesce(nullif(split_part($2::text, '/', 3), ''), '0')::integer)
     order by v.at, v.post_id, v.version
     limit $3::integer
  ), old_post as materialized (
    select distinct l.post_id
      from looked_at l
     where not exists (select from post p where p.id = l.post_id)
       and not exists (select from revision w
                        where w.post_id = l.post_id
                          and w.at >= clock_timestamp() - $1::bigint * interval '1 microsecond')
  ), old_revision as materialized (
    select v.post_id, v.version
      from old_post p
      join revision v on v.post_id = p.post_id
     order by v.post_id, v.version
     limit $3::integer
  ), gone as (
    delete from revision v
     using old_revision d
     where v.post_id = d.post_id and v.version = d.version
    returning 1
  )
  select (select count(*) from looked_at) as looked_at,
         (select count(*) from gone) as pruned,
         (select l.at::text || '/' || l.post_id || '/' || l.version
            from looked_at l
           order by l.at desc, l.post_id desc, l.version desc
           limit 1) as position)sql"};

constexpr pg::Statement count_old_revisions{"count_old_revisions", R"sql(
  select count(*) as count
    from (select 1
            from revision d
            join revision v on v.post_id = d.post_id
           where d.change = 'deleted'
             and d.at < clock_timestamp() - $1::bigint * interval '1 microsecond'
             and not exists (select from post p where p.id = d.post_id)
             and not exists (select from revision w
                              where w.post_id = d.post_id
                                and (w.at >= clock_timestamp() - $1::bigint * interval '1 microsecond'
                                     or (w.change = 'deleted' and w.version > d.version)))
           limit $2::integer) f)sql"};

queue::PruneBatch prune_old_revisions(pg::Connection& connection,
                                      const queue::PruneRequest& request) {
  const auto result = connection.one(
      prune_revisions, pg::Params(request.older_than.count(), request.position, request.rows_max));
  const auto row = result[0];
  queue::PruneBatch batch;
  const auto pruned = row.integer("pruned");
  batch.pruned["revisions"] = pruned;
  // A full batch may have ended within a history: the next one looks at the same posts again.
  const bool is_full = pruned == request.rows_max;
  batch.position = is_full || row.is_null("position") ? request.position : row.text("position");
  batch.is_last = !is_full && row.integer("looked_at") < request.rows_max;
  return batch;
}

queue::PruneEstimate count_revisions(pg::Connection& connection, const queue::PruneAges& ages,
                                     int rows_max) {
  const auto counted =
      connection.one(count_old_revisions, pg::Params(ages.older_than.count(), rows_max));
  const auto count = counted[0].integer("count");
  return {{{"revisions", count}}, count == rows_max};
}

}  // namespace

std::vector<std::string> needed_operations(pg::Connection& connection,
                                           const std::vector<std::string>& ids) {
  std::vector<std::string> needed;
  for (const auto row : connection.query(select_needed_operations, pg::Params(ids)))
    needed.push_back(row.text("operation_id"));
  return needed;
}

std::vector<queue::Prunable> prunables() {
  queue::Prunable revisions;
  revisions.name = "revisions";
  revisions.names = {{"revisions", "revisions of deleted posts"}};
  revisions.prune = prune_old_revisions;
  revisions.estimate = count_revisions;
  queue::Prunable assets;
  assets.name = "assets";
  assets.names = {{"assets", "unused files"}};
  assets.prune = prune_assets;
  assets.estimate = count_unused_assets;
  return {revisions, assets};
}

}  // namespace devy::publishing
