#pragma once
// How long each step of an operation's last attempt took, by its history. Pure.

#include <optional>
#include <string>
#include <vector>

#include "cli/terminal/json_output.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/queue/history.hpp"

namespace devy::cli {

struct StepTime {
  std::string step;
  base::TimePoint begun_at;
  base::Duration took{};
  bool is_over = true;  // false: it runs, and `took` is up to now
};
[[nodiscard]] std::vector<StepTime> step_times(const std::vector<queue::EventRow>& events,
                                               base::TimePoint now);
// "fetch 1.2s, snapshot 12ms, publish 3.0s so far"; empty when no step has begun.
[[nodiscard]] std::string step_times_text(const std::vector<StepTime>& steps);
[[nodiscard]] Json step_time_json(const StepTime& step);

}  // namespace devy::cli
