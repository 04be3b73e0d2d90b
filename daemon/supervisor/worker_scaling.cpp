#include "daemon/supervisor/worker_scaling.hpp"

#include <algorithm>

namespace devy::daemon {
std::vector<WorkerScaling::Kill> find_faults(std::span<const WorkerView> workers,
                                             base::MonotonicTime now) {
  std::vector<WorkerScaling::Kill> faults;
  for (std::size_t place = 0; place < workers.size(); ++place) {
    const auto& worker = workers[place];
    if (!worker.is_busy) continue;
    if (now - worker.operation_since > worker.limits.wall_clock)
      faults.push_back({place, Fault::wall_clock});
    else if (now - worker.progress_at > worker.limits.stall)
      faults.push_back({place, Fault::stall});
  }
  return faults;
}

WorkerScaling decide_worker_scaling(std::span<const WorkerView> workers,
                                    const config::Workers& settings, std::int64_t waiting,
                                    base::MonotonicTime now) {
  WorkerScaling scaling;
  scaling.kill = find_faults(workers, now);
  std::int64_t present = 0;
  std::vector<std::size_t> free;
  for (std::size_t place = 0; place < workers.size(); ++place) {
    if (workers[place].is_leaving) continue;
    ++present;
    if (!workers[place].is_busy) free.push_back(place);
  }
  const auto missing =
      std::max(settings.min - present, waiting - static_cast<std::int64_t>(free.size()));
  scaling.start = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(missing, 0, std::max<std::int64_t>(settings.max - present, 0)));

  std::ranges::sort(free, {}, [&](std::size_t place) { return workers[place].idle_since; });
  for (const auto place : free) {
    const bool is_needed = present <= settings.min || waiting > 0;
    const bool is_too_many = present > settings.max;  // after a reload
    if (!is_too_many && (is_needed || now - workers[place].idle_since < settings.idle)) break;
    scaling.to_stop.push_back(place);
    --present;
  }
  return scaling;
}

}  // namespace devy::daemon
