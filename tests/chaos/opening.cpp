#include <poll.h>
#include <signal.h>

#include "tests/chaos/chaos_fixture.hpp"

// What every chaos begins with: the one scenario that a fence is there for, arranged, not left to
// chance.

namespace devy::testing {

// A worker stands still right before it publishes, and then its whole daemon with it, for longer
// than its lease; while another is at work on the same upload, they go on.
void ChaosFixture::open_with_a_zombie() {
  constexpr std::size_t zombie = 0, successor = 1;
  // Nobody waits for the pause before the next attempt.
  const auto wait_for_a_stopped_child = [this](std::size_t of) {
    wait_until(
        [&] {
          make_due();
          return !stopped_below({daemons_[of]->pid()}).empty();
        },
        "a worker of daemon " + std::to_string(of) + " to stand still");
  };
  start_daemon(int{zombie}, "before_publish_begin:1=stop");
  static_cast<void>(trigger("user1/blog"));
  wait_for_a_stopped_child(zombie);
  daemons_[zombie]->send_signal(SIGSTOP);
  for (const auto process : children_of({daemons_[zombie]->pid()}))
    ::kill(process, SIGSTOP);
  start_daemon(int{successor}, "after_tree_walk:1=stop");
  wait_for_a_stopped_child(successor);
  for (const auto number : {zombie, successor})
    drain(number);
}

// Its workers go on wherever they stand, and end what they began.
void ChaosFixture::drain(std::size_t number) {
  auto& daemon = *daemons_[number];
  daemon.send_signal(SIGTERM);
  daemon.send_signal(SIGCONT);
  wait_until(
      [&] {
        for (const auto process : stopped_below({daemon.pid()}))
          ::kill(process, SIGCONT);
        return children_of({daemon.pid()}).empty();
      },
      "daemon " + std::to_string(number) + " to end");
  static_cast<void>(daemon.wait());
}

}  // namespace devy::testing
