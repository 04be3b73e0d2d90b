#include "core/platform/queue/prune.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace devy::queue {
namespace {

const PruneName other_operations{"other_operations", "operations of kinds that are gone"};
// For counting only: a batch that deletes has the size that its caller gives it.
constexpr int counted_at_once = 1'000;

constexpr pg::Statement select_old_operations{"select_old_operations", R"sql(
  select id, finished_at::text || '/' || arrival as position
    from operation
   where finished_at is not null
     and finished_at < clock_timestamp() - $1::bigint * interval '1 microsecond'
     and (finished_at, arrival) >
         (coalesce(nullif(split_part($2::text, '/', 1), ''), '-infinity')::timestamptz,
          coalesce(nullif(split_part($2::text, '/', 2), ''), '0')::bigint)
   order by finished_at, arrival
   limit $3::integer)sql"};

constexpr pg::Statement prune_operations{"prune_operations", R"sql(
  select o_kind, o_pruned, o_blocked
    from operations_prune(
      p_ids => $1::uuid[],
      p_before => clock_timestamp() - $2::bigint * interval '1 microsecond',
      p_is_dry_run => $3::boolean))sql"};

class Operations {
 public:
  Operations(std::vector<PrunedKind> kinds, std::vector<NeededOperations> needed)
      : kinds_(std::move(kinds)), needed_(std::move(needed)) {}

  [[nodiscard]] std::vector<PruneName> names() const {
    std::vector<PruneName> names;
    for (const auto& kind : kinds_)
      names.push_back(kind.name);
    names.push_back(other_operations);
    return names;
  }

  PruneBatch prune(pg::Connection& connection, const PruneRequest& request,
                   bool is_dry_run = false) const {
    PruneBatch batch;
    batch.position = request.position;
    std::vector<std::string> ids;
    for (const auto row : connection.query(
             select_old_operations,
             pg::Params(request.older_than.count(), request.position, request.rows_max))) {
      ids.push_back(row.text("id"));
      batch.position = row.text("position");
    }
    batch.is_last = std::ssize(ids) < request.rows_max;
    remove_needed(connection, ids);
    for (const auto row : connection.query(
             prune_operations, pg::Params(ids, request.older_than.count(), is_dry_run))) {
      if (const auto pruned = row.integer("o_pruned"); pruned > 0)
        batch.pruned[name_of(row.view("o_kind"))] += pruned;
      batch.blocked += row.integer("o_blocked");
    }
    return batch;
  }

  PruneEstimate estimate(pg::Connection& connection, const PruneAges& ages, int rows_max) const {
    PruneEstimate estimate;
    PruneRequest request{ages.older_than, {}, counted_at_once};
    for (int looked_at = 0;; looked_at += counted_at_once) {
      estimate.is_more = looked_at >= rows_max;
      if (estimate.is_more) return estimate;
      const auto batch = prune(connection, request, true);
      for (const auto& [name, count] : batch.pruned)
        estimate.counts[name] += count;
      if (batch.is_last) return estimate;
      request.position = batch.position;
    }
  }

 private:
  void remove_needed(pg::Connection& connection, std::vector<std::string>& ids) const {
    for (const auto needed : needed_) {
      if (ids.empty()) return;
      auto kept = needed(connection, ids);
      std::ranges::sort(kept);
      std::erase_if(ids, [&](const auto& id) { return std::ranges::binary_search(kept, id); });
    }
  }

  [[nodiscard]] std::string name_of(std::string_view kind) const {
    const auto found = std::ranges::find(kinds_, kind, &PrunedKind::kind);
    return found == kinds_.end() ? other_operations.name : found->name.name;
  }

  std::vector<PrunedKind> kinds_;
  std::vector<NeededOperations> needed_;
};

}  // namespace

Prunable prunable_operations(std::vector<PrunedKind> kinds, std::vector<NeededOperations> needed) {
  const Operations operations(std::move(kinds), std::move(needed));
  Prunable prunable;
  prunable.name = "operations";
  prunable.names = operations.names();
  prunable.prune = [operations](pg::Connection& connection, const PruneRequest& request) {
    return operations.prune(connection, request);
  };
  prunable.estimate = [operations](pg::Connection& connection, const PruneAges& ages,
                                   int rows_max) {
    return operations.estimate(connection, ages, rows_max);
  };
  return prunable;
}

}  // namespace devy::queue
