#pragma once
// The supervisor's counters about its workers, for the metrics. Names that come from a worker
// become labels only when they have the form of our own names, and only a limited number of them.
// One thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/supervisor/report.hpp"

namespace devy::daemon {

inline constexpr std::size_t counter_names_max = 512;

class WorkerCounters {
 public:
  // Counts under a name of two parts: "exits" and "crashed".
  void add(std::string_view what, std::string_view name, std::int64_t count = 1);
  void add(std::string_view what, std::int64_t count = 1) { add(what, {}, count); }
  void add_step(std::string_view step, std::chrono::milliseconds time);
  // As fields "exits.crashed", "step_ms.fetch", "steps.fetch", "rescued".
  void write(Report& report) const;

 private:
  std::map<std::string, std::int64_t, std::less<>> counts_;
};

}  // namespace devy::daemon
