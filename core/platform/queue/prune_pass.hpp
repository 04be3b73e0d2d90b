#pragma once
// Runs the prunables of all systems, batch by batch: whole passes for `devy-upload prune`, and the
// maintenance task of the daemon. A batch takes about a fifth of a second at most: its size follows
// the time that the one before took. Throws what pg::Connection throws, and Error(stopped).

#include <chrono>
#include <functional>
#include <map>
#include <span>
#include <stop_token>
#include <string>

#include "core/platform/base/clock.hpp"
#include "core/platform/queue/maintenance_task.hpp"
#include "core/platform/queue/prune.hpp"

namespace devy::queue {

// Those that are configured.
[[nodiscard]] PruneAges ages_of(const config::Config& config);

// The size of the next batch.
class BatchSize {
 public:
  [[nodiscard]] int rows() const { return rows_; }
  void note(std::chrono::nanoseconds took);

 private:
  int rows_ = 50;
};

// Passes over one sort of rows until nothing is left that can go. `on_batch` hears what has been
// deleted so far, after each batch, and may throw: what is deleted stays deleted.
PruneCounts prune_all(pg::Connection& connection, const Prunable& prunable, const PruneAges& ages,
                      const PruneAges& configured, const base::Clock& clock,
                      const std::function<void(const PruneCounts&)>& on_batch);
// A whole pass that ended now counts for prune_behind(), when `ages` are no longer than those
// configured. prune_all() does it; a caller who has seen that there is nothing to delete does, too.
void note_whole_pass(pg::Connection& connection, const Prunable& prunable, const PruneAges& ages,
                     const PruneAges& configured, std::chrono::milliseconds took);

// The maintenance task: a pass over each of them, every `prune.every`. One daemon at a time works
// on a sort of rows; where it stops, any other goes on. It counts "pruned" rows.
[[nodiscard]] Maintenance prune_maintenance(std::vector<Prunable> prunables);

// The time since the last whole pass over each sort began, by name: no row has been older than it
// may be for longer than that. Before the first pass it counts from when the schema was made.
[[nodiscard]] std::map<std::string, double> prune_behind(pg::Connection& connection,
                                                         const std::vector<std::string>& names);

}  // namespace devy::queue
