#pragma once
// Worker scaling: decides how many workers to start, and which to stop or kill. Pure: it computes a
// decision from values and a time; the supervisor carries it out.

#include <cstdint>
#include <span>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/queue/kind.hpp"

namespace devy::daemon {

struct WorkerView {
  bool is_leaving = false;  // was asked to leave; claims nothing new
  bool is_busy = false;
  base::MonotonicTime idle_since{};       // set also while it is still starting
  base::MonotonicTime operation_since{};  // valid while busy, like progress_at
  base::MonotonicTime progress_at{};
  queue::KindLimits limits{};  // of the kind of its operation
};

enum class Fault { stall, wall_clock };

struct WorkerScaling {
  std::uint32_t start = 0;
  std::vector<std::size_t> to_stop;  // indices into the span
  struct Kill {
    std::size_t place;
    Fault fault;
    bool operator==(const Kill&) const = default;
  };
  std::vector<Kill> kill;
};

// The processes whose operation takes longer, or is silent for longer, than its kind may.
[[nodiscard]] std::vector<WorkerScaling::Kill> find_faults(std::span<const WorkerView> workers,
                                                           base::MonotonicTime now);

// `waiting` is the number of operations that could begin now if there were a worker.
[[nodiscard]] WorkerScaling decide_worker_scaling(std::span<const WorkerView> workers,
                                                  const config::Workers& settings,
                                                  std::int64_t waiting, base::MonotonicTime now);

}  // namespace devy::daemon
