// Random faults for a while, then quiet, then the oracle. scripts/chaos runs it.
#include <poll.h>

#include "tests/chaos/chaos_fixture.hpp"

namespace devy::testing {
namespace chaos_test {

class Chaos : public ChaosFixture {};

TEST_F(Chaos, KeepsEveryPromiseUnderRandomFaults) {
  using std::chrono::steady_clock;
  open_with_a_zombie();
  const auto begun_at = steady_clock::now();
  for (int n = 0; n < daemons_count; ++n)
    start_daemon(n, random_fault());
  {
    const std::jthread author([this](const std::stop_token& stop) { push_until_stopped(stop); });
    while (steady_clock::now() - begun_at < options_.length) {
      const auto what = break_something();
      const std::chrono::duration<double> at = steady_clock::now() - begun_at;
      std::printf("%7.1f s  %s\n", at.count(), what.c_str());
      std::fflush(stdout);
      ::poll(nullptr, 0, 100 + below(900));  // the pace of the faults, not a wait for anything
    }
  }
  mend_everything();
  wait_for_quiet();
  ask_oracle();
  stop_daemons();
}

}  // namespace chaos_test
}  // namespace devy::testing
