#pragma once
// How many workers there should be, and which have to go. Pure: values and a time in, a decision
// out; the supervisor carries it out.

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/clock.hpp"
#include "core/config/config.hpp"

namespace devy::daemon {

struct WorkerView {
  bool is_leaving = false;  // told to go; takes nothing new
  bool is_busy = false;
  base::MonotonicTime idle_since{};       // also of one that is still starting
  base::MonotonicTime operation_since{};  // while busy, as the next
  base::MonotonicTime progress_at{};
};

enum class Fault { stall, wall_clock };

struct Staffing {
  std::uint32_t start = 0;
  std::vector<std::size_t> let_go;  // places in the span
  struct Kill {
    std::size_t place;
    Fault fault;
    bool operator==(const Kill&) const = default;
  };
  std::vector<Kill> kill;
};

// `waiting`: operations that could begin now if there were a worker.
[[nodiscard]] Staffing decide_staffing(std::span<const WorkerView> workers,
                                       const config::Workers& settings, std::int64_t waiting,
                                       base::MonotonicTime now);

}  // namespace devy::daemon
