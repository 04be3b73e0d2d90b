#include "daemon/supervisor/worker_scaling.hpp"

#include <algorithm>

namespace devy::daemon {
namespace {

void find_faults(std::span<const WorkerView> workers, const config::Workers& settings,
                 base::MonotonicTime now, WorkerScaling& scaling) {
  for (std::size_t place = 0; place < workers.size(); ++place) {
    const auto& worker = workers[place];
    if (!worker.is_busy) continue;
    if (now - worker.operation_since > settings.wall_clock)
      scaling.kill.push_back({place, Fault::wall_clock});
    else if (now - worker.progress_at > settings.stall)
      scaling.kill.push_back({place, Fault::stall});
  }
}

}  // namespace

WorkerScaling decide_worker_scaling(std::span<const WorkerView> workers,
                                    const config::Workers& settings, std::int64_t waiting,
                                    base::MonotonicTime now) {
  WorkerScaling scaling;
  find_faults(workers, settings, now, scaling);
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
