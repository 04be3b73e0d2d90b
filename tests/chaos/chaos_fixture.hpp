#pragma once
// Three daemons on one database, each behind a network of its own, blogs that are pushed to with
// real git, and faults in all of it. One thread, but for the author's.

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <random>
#include <thread>

#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/support/http/tcp_proxy.hpp"

namespace devy::testing {

struct ChaosOptions {
  unsigned seed = 0;
  std::chrono::seconds length{60};
  std::string mutation;  // "fence": it is taken away
};
// The processes right below these.
[[nodiscard]] std::vector<pid_t> children_of(const std::vector<pid_t>& parents);
// Those of them that stand still.
[[nodiscard]] std::vector<pid_t> stopped_below(const std::vector<pid_t>& parents);
// Of DEVY_CHAOS_SEED, DEVY_CHAOS_SECONDS and DEVY_CHAOS_MUTATION, as scripts/chaos sets them.
[[nodiscard]] ChaosOptions chaos_options();

class ChaosFixture : public FaultFixture {
 protected:
  static constexpr int daemons_count = 3, blogs_count = 6;

  ChaosFixture();

  // Before all else: a zombie comes back while another does its work.
  void open_with_a_zombie();
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
  // Somebody triggers, cancels or replays; what came of it.
  std::string act_as_operator();
  // Until every blog shows its branch's tip and nothing is open.
  void wait_for_quiet();
  // What the oracle's program says of it all; adds its words as failures. Of deliveries that were
  // pruned it cannot ask.
  enum class Deliveries { kept, pruned };
  void ask_oracle(Deliveries deliveries = Deliveries::kept);
  void stop_daemons();
  [[nodiscard]] std::vector<pid_t> daemon_pids() const;

  [[nodiscard]] int below(int bound) {
    return std::uniform_int_distribution<>(0, bound - 1)(random_);
  }

  const ChaosOptions options_ = chaos_options();
  int workers_max_ = 3;  // of each daemon, and at least two

 private:
  void drain(std::size_t number);
  std::string break_process();
  std::string break_network();
  std::string break_remote();
  std::string break_database();
  void stop_for_a_while(pid_t process, std::chrono::milliseconds time);
  [[nodiscard]] pid_t random_process();
  void wake_all();

  // Nobody else's: it is looked for everywhere.
  const std::string secret_ = "what chaos " + std::to_string(::getpid()) + " signs with, at length";
  std::mt19937 random_;
  std::vector<std::unique_ptr<TcpProxy>> networks_;
  std::vector<std::unique_ptr<Program>> daemons_;
  using Sleeper = std::pair<pid_t, std::chrono::steady_clock::time_point>;

  std::vector<Sleeper> sleepers_;
  std::string acknowledged_;  // GUIDs that were answered 2xx; the author's
  std::atomic<int> pushes_ = 0;
};

}  // namespace devy::testing
