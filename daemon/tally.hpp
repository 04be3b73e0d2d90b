#pragma once
// What the supervisor counts of its workers, for the metrics. Names that come from a worker become
// labels only when they look like names of ours, and only so many of them. One thread.

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "daemon/report.hpp"

namespace devy::daemon {

inline constexpr std::size_t tally_names_max = 256;

class Tally {
 public:
  // By a name of two parts: "exits" and "crashed".
  void add(std::string_view what, std::string_view name, std::int64_t count = 1);
  void add(std::string_view what, std::int64_t count = 1) { add(what, {}, count); }
  void add_phase(std::string_view step, std::chrono::milliseconds time);
  // As fields "exits.crashed", "phase_ms.fetch", "phases.fetch", "rescued".
  void write(Report& report) const;

 private:
  std::map<std::string, std::int64_t, std::less<>> counts_;
};

}  // namespace devy::daemon
