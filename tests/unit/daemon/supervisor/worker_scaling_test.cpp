#include "daemon/supervisor/worker_scaling.hpp"

#include <gtest/gtest.h>

#include "daemon/supervisor/restart_backoff.hpp"

namespace devy::daemon {
namespace worker_scaling_test {

using std::chrono::milliseconds;
using std::chrono::seconds;

const base::MonotonicTime now = base::MonotonicTime() + std::chrono::hours(1);

WorkerView idle(seconds since) {
  WorkerView worker;
  worker.idle_since = now - since;
  return worker;
}
WorkerView busy(seconds since, seconds progress) {
  WorkerView worker;
  worker.is_busy = true;
  worker.operation_since = now - since;
  worker.progress_at = now - progress;
  worker.limits = {seconds(120), seconds(900)};
  return worker;
}
WorkerView leaving() {
  auto worker = busy(seconds(1), seconds(1));
  worker.is_leaving = true;
  return worker;
}

config::Workers settings() {
  config::Workers workers;
  workers.min = 1;
  workers.max = 4;
  return workers;
}
std::uint32_t started(const std::vector<WorkerView>& workers, std::int64_t waiting) {
  return decide_worker_scaling(workers, settings(), waiting, now).start;
}

TEST(WorkerScaling, KeepsTheMinimum) {
  EXPECT_EQ(started({}, 0), 1);
  EXPECT_EQ(started({leaving()}, 0), 1);
  EXPECT_EQ(started({idle(seconds(1))}, 0), 0);
}

TEST(WorkerScaling, GrowsWhenNoWorkerIsFree) {
  const auto at_work = busy(seconds(1), seconds(1));
  EXPECT_EQ(started({at_work}, 0), 0);
  EXPECT_EQ(started({at_work}, 2), 2);
  EXPECT_EQ(started({at_work, idle(seconds(0))}, 2), 1);
  EXPECT_EQ(started({at_work, at_work}, 1000), 2);
  EXPECT_EQ(started({at_work, at_work, at_work, at_work, at_work}, 5), 0);
}

TEST(WorkerScaling, StopsTheLongestIdleButKeepsTheMinimum) {
  const std::vector workers{idle(seconds(61)), idle(seconds(10)), idle(seconds(90))};
  EXPECT_EQ(decide_worker_scaling(workers, settings(), 0, now).to_stop,
            (std::vector<std::size_t>{2, 0}));
  EXPECT_TRUE(decide_worker_scaling(workers, settings(), 1, now).to_stop.empty());
  const std::vector alone{idle(seconds(1000))};
  EXPECT_TRUE(decide_worker_scaling(alone, settings(), 0, now).to_stop.empty());
}

TEST(WorkerScaling, StopsAllSurplusWorkersAtOnce) {
  const std::vector<WorkerView> workers(6, idle(seconds(0)));
  EXPECT_EQ(decide_worker_scaling(workers, settings(), 5, now).to_stop.size(), 2);
}

TEST(WorkerScaling, KillsAWorkerThatStallsOrTakesTooLong) {
  const std::vector workers{busy(seconds(800), seconds(119)), busy(seconds(800), seconds(121)),
                            busy(seconds(901), seconds(0)), idle(seconds(5000))};
  EXPECT_EQ(decide_worker_scaling(workers, settings(), 0, now).kill,
            (std::vector<WorkerScaling::Kill>{{1, Fault::stall}, {2, Fault::wall_clock}}));
}

TEST(RestartBackoff, SlowsACrashLoopAndResetsAfterALongLife) {
  RestartBackoff pace;
  auto time = now;
  EXPECT_TRUE(pace.may_start(time));
  for (const auto pause : {200, 400, 800, 1600}) {
    pace.failed(time, time);
    EXPECT_FALSE(pace.may_start(time + milliseconds(pause - 1)));
    EXPECT_TRUE(pace.may_start(time + milliseconds(pause)));
    time += milliseconds(pause);
  }
  for (int n = 0; n < 40; ++n)
    pace.failed(time, time);
  EXPECT_TRUE(pace.may_start(time + restart_pause_max));
  EXPECT_FALSE(pace.may_start(time + restart_pause_max - milliseconds(1)));
  pace.failed(time, time + restart_calm + restart_pause_max);
  EXPECT_TRUE(pace.may_start(time + restart_calm + restart_pause_max));
}

TEST(RestartBackoff, CountsSimultaneousFailuresOnce) {
  RestartBackoff pace;
  for (int n = 0; n < 8; ++n)
    pace.failed(now, now + milliseconds(10 + 10 * n));
  EXPECT_TRUE(pace.may_start(now + milliseconds(210)));
  pace.failed(now + milliseconds(210), now + milliseconds(300));
  EXPECT_FALSE(pace.may_start(now + milliseconds(699)));
}

TEST(RestartBackoff, StartsAgainOnceAWorkerHasCompletedAnOperation) {
  RestartBackoff pace;
  for (int n = 0; n < 5; ++n)
    pace.failed(now + milliseconds(n), now + milliseconds(n));
  EXPECT_FALSE(pace.may_start(now + milliseconds(3203)));
  pace.worked();
  pace.failed(now + milliseconds(5000), now + milliseconds(5000));
  EXPECT_TRUE(pace.may_start(now + milliseconds(5200)));
}

}  // namespace worker_scaling_test
}  // namespace devy::daemon
