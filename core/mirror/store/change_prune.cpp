#include "core/mirror/store/change_prune.hpp"

namespace devy::mirror {
namespace {

constexpr pg::Statement prune_changes{"prune_changes", R"sql(
  select mirror_changes_prune($1::bigint * interval '1 microsecond', $2::integer) as pruned)sql"};

constexpr pg::Statement count_old_changes{"count_old_changes", R"sql(
  select count(*) filter (where at < clock_timestamp() - $1::bigint * interval '1 microsecond')
           as count
    from (select at from github.change order by txid, seq limit $2::integer) c)sql"};

queue::PruneBatch prune_old_changes(pg::Connection& connection,
                                    const queue::PruneRequest& request) {
  const auto pruned =
      connection.one(prune_changes, pg::Params(request.older_than.count(), request.rows_max))[0]
          .integer("pruned");
  queue::PruneBatch batch;
  batch.pruned["changes"] = pruned;
  batch.is_last = pruned < request.rows_max;
  return batch;
}

queue::PruneEstimate estimate_old_changes(pg::Connection& connection, const queue::PruneAges& ages,
                                          int rows_max) {
  const auto counted =
      connection.one(count_old_changes, pg::Params(ages.changes_older_than.count(), rows_max));
  const auto count = counted[0].integer("count");
  return {{{"changes", count}}, count == rows_max};
}

}  // namespace

queue::Prunable prunable_changes() {
  queue::Prunable changes;
  changes.name = "changes";
  changes.age = &queue::PruneAges::changes_older_than;
  changes.names = {{"changes", "changes in the mirror's feed"}};
  changes.prune = prune_old_changes;
  changes.estimate = estimate_old_changes;
  return changes;
}

}  // namespace devy::mirror
