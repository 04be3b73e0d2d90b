#pragma once
// Three daemons on one database, each behind a network of its own, blogs that are pushed to with
// real git, and faults in all of it. One thread, but for the author's.

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/support/tcp_proxy.hpp"

namespace devy::testing {

struct ChaosOptions {
  unsigned seed = 0;
  std::chrono::seconds length{60};
  std::string mutation;  // "fence": it is taken away
};
// Of DEVY_CHAOS_SEED, DEVY_CHAOS_SECONDS and DEVY_CHAOS_MUTATION, as scripts/chaos sets them.
[[nodiscard]] ChaosOptions chaos_options();

class ChaosFixture : public FaultFixture {
 protected:
  static constexpr int daemons_count = 3, blogs_count = 6;

  ChaosFixture();

  // The author pushes to random blogs, and GitHub tells random daemons; sometimes twice, sometimes
  // not at all.
  void push_until_stopped(const std::stop_token& stop);
  void start_daemon(int number, const std::string& fault);
  // What a daemon is started with: where its processes die, fail or stop.
  [[nodiscard]] std::string random_fault();
  // One random fault; what it was.
  std::string break_something();
  // All that was broken is whole again, and nobody dies any more.
  void mend_everything();
  // Until every blog shows its branch's tip and nothing is open.
  void wait_for_quiet();
  // What the oracle's program says of it all; adds its words as failures.
  void ask_oracle();
  void stop_daemons();

  [[nodiscard]] int below(int bound) {
    return std::uniform_int_distribution<>(0, bound - 1)(random_);
  }

  const ChaosOptions options_ = chaos_options();

 private:
  std::string break_process();
  std::string break_network();
  std::string break_remote();
  std::string break_database();
  std::string act_as_operator();
  void stop_for_a_while(pid_t process, std::chrono::milliseconds time);
  [[nodiscard]] pid_t random_process();
  void wake_all();

  // Nobody else's: it is looked for everywhere.
  const std::string secret_ = "what chaos " + std::to_string(::getpid()) + " signs with, at length";
  std::mt19937 random_;
  std::vector<std::unique_ptr<TcpProxy>> networks_;
  std::vector<std::unique_ptr<Program>> daemons_;
  using Sleeper = std::pair<pid_t, std::chrono::steady_clock::time_point>;
  [[nodiscard]] std::vector<pid_t> daemon_pids() const;

  std::vector<Sleeper> sleepers_;
  std::string acknowledged_;  // GUIDs that were answered 2xx; the author's
  std::atomic<int> pushes_ = 0;
};

}  // namespace devy::testing
