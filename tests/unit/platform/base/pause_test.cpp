#include "core/platform/base/pause.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace devy::base {
namespace pause_test {

using std::chrono::steady_clock;

TEST(Pause, LastsAsLongAsItIsToldTo) {
  constexpr std::chrono::milliseconds time{20};
  const auto begun_at = steady_clock::now();
  pause_for({}, time);
  EXPECT_GE(steady_clock::now() - begun_at, time);
}

TEST(Pause, EndsWithAStopThatComesMeanwhileOrCameBefore) {
  std::stop_source stop;
  std::jthread stopping([&] { stop.request_stop(); });
  pause_for(stop.get_token(), std::chrono::hours(1));
  pause_for(stop.get_token(), std::chrono::hours(1));
  EXPECT_TRUE(stop.stop_requested());
}

}  // namespace pause_test
}  // namespace devy::base
