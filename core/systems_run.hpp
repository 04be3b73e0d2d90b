#pragma once
// Runs operations in this process (`poll`, `--here`), with the handlers of every system. Blocks;
// one thread calls it, and it may start threads of its own for lanes besides `work`.

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "core/platform/base/id.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/queue/progress.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::systems {

struct RunHere {
  std::optional<base::OperationId> only;  // of any lane; empty: run everything that is due
  int max = 1'000'000;
  bool is_forever = false;  // poll without --once
  // Told of each operation that ended, by the thread of its lane; it must not throw.
  std::function<void(const queue::RunResult&)> on_ended = {};
};
// Returns how many operations of lane `work`, or whether `only`, ran. Throws Error(unavailable)
// about the database.
int run_here(const std::string& conninfo, const config::Config& config, const RunHere& options,
             const queue::OnProgress& on_progress, const std::stop_token& stop);

}  // namespace devy::systems
