#include "cli/commands/queue/step_times.hpp"

#include <gtest/gtest.h>

namespace devy::cli {
namespace step_times_test {

queue::EventRow event(int attempt, int second, const std::string& state,
                      std::optional<std::string> step = std::nullopt) {
  queue::EventRow row;
  row.attempt = attempt;
  row.at = base::TimePoint(std::chrono::seconds(second));
  row.state = state;
  row.step = std::move(step);
  return row;
}

TEST(StepTimesTest, MeasuresTheStepsOfTheLastAttempt) {
  const auto steps = step_times({event(1, 0, "processing", "fetch"), event(1, 5, "verified"),
                                 event(2, 60, "processing", "fetch"),
                                 event(2, 62, "processing", "publish"), event(2, 65, "completed")},
                                base::TimePoint(std::chrono::seconds(100)));
  EXPECT_EQ(step_times_text(steps), "fetch 2.0s, publish 3.0s");
}

TEST(StepTimesTest, CountsARunningStepUpToNow) {
  const auto steps = step_times({event(1, 0, "verified"), event(1, 10, "processing", "fetch")},
                                base::TimePoint(std::chrono::seconds(14)));
  EXPECT_EQ(step_times_text(steps), "fetch 4.0s so far");
  EXPECT_EQ(step_times_text({}), "");
}

}  // namespace step_times_test
}  // namespace devy::cli
