#include "cli/commands/queue/step_times.hpp"

#include <chrono>

#include "core/platform/base/time_text.hpp"

namespace devy::cli {

std::vector<StepTime> step_times(const std::vector<queue::EventRow>& events, base::TimePoint now) {
  std::vector<StepTime> steps;
  int attempt = 0;
  bool is_open = false;
  for (const auto& event : events) {
    if (is_open) {
      auto& last = steps.back();
      last.took = std::chrono::duration_cast<base::Duration>(event.at - last.begun_at);
      last.is_over = true;
      is_open = false;
    }
    if (event.attempt != attempt) steps.clear();
    attempt = event.attempt;
    if (event.state != "processing" || !event.step) continue;
    steps.push_back(
        {*event.step, event.at, std::chrono::duration_cast<base::Duration>(now - event.at), false});
    is_open = true;
  }
  return steps;
}

std::string step_times_text(const std::vector<StepTime>& steps) {
  std::string text;
  for (const auto& step : steps)
    text += (text.empty() ? "" : ", ") + step.step + " " + base::format_duration(step.took) +
            (step.is_over ? "" : " so far");
  return text;
}

Json step_time_json(const StepTime& step) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(step.took).count();
  return Json::object({{"step", step.step},
                       {"begun_at", step.begun_at},
                       {"duration_ms", took},
                       {"is_over", step.is_over}});
}

}  // namespace devy::cli
