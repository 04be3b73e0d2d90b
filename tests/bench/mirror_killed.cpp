#include <poll.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <sstream>
#include <stdexcept>

#include "tests/bench/mirror_fill.hpp"

namespace devy::bench {
namespace {

constexpr int kills = 20;
constexpr unsigned kill_seed = 1'126;
constexpr int life_ms_min = 20, life_ms_max = 300;  // of a daemon that is ready
constexpr std::chrono::minutes settle_time_max{2};
constexpr int replay_rounds_max = 10;
// As many as GitHub may be asked at once, even if each process that was killed keeps its own until
// that runs out: how many do is a figure of its own, and would else hide all others.
constexpr int slots_enough = 100;
constexpr double killed_share_wanted = 1.05;

// What died under its runner three times has failed: a person lets it go on. Returns how many.
int replay_failed(const DaemonRig& daemon) {
  std::istringstream failed(
      daemon.ask("select id from devy.operation where state = 'failed' and kind like 'mirror%'"));
  int count = 0;
  for (std::string id; std::getline(failed, id);)
    if (!id.empty()) {
      daemon.devy({"replay", id});
      ++count;
    }
  return count;
}

}  // namespace

void measure_killed_fill(const FillSize& size, MirrorReport& report) {
  MirrorRig rig({.issues = size.issues,
                 .pulls = size.pulls,
                 .latency_ms = fill_latency_ms,
                 .concurrency = slots_enough});
  auto& daemon = rig.daemon();
  daemon.start_daemon();
  rig.github().forget_requests();
  daemon.devy({"mirror", "add", MirrorRig::repository});
  std::mt19937 random(kill_seed);
  std::uniform_int_distribution<int> life_ms(life_ms_min, life_ms_max);
  int killed = 0, replayed = 0;
  double asking = 0;  // operations that were under way at a kill: each may have asked for nothing
  while (killed < kills) {
    ::poll(nullptr, 0, life_ms(random));
    if (daemon.number("select count(*) from devy.operation where finished_at is null") == 0) {
      if (const int more = replay_failed(daemon); more > 0) {
        replayed += more;
        continue;
      }
      break;  // it was done sooner
    }
    daemon.kill_daemon();
    asking += daemon.number(
        "select count(*) from devy.operation where state = 'processing' and lane = 'github'");
    ++killed;
    daemon.start_daemon();
  }
  for (int round = 0;; ++round) {
    if (!daemon.settle(settle_time_max) || round == replay_rounds_max)
      throw std::runtime_error(
          "the load that was killed does not end: " +
          daemon.ask(
              "select string_agg(concat_ws(' ', kind, state, step, attempt, crashes, run_at, "
              "error_text), e'\\n') from devy.operation where finished_at is null"));
    const int more = replay_failed(daemon);
    if (more == 0) break;
    replayed += more;
  }
  // Nothing asks GitHub any more.
  const double held =
      daemon.number("select count(*) from devy.api_slot where held_until > clock_timestamp()");
  const auto requests = rig.requests();
  rig.require_equal_rows();
  report.note("killed fill: kills of the daemon", killed, "kills");
  report.note("killed fill: operations that a person let go on", replayed, "replays");
  report.note("killed fill: requests under way at a kill, at most", asking, "requests");
  report.note("killed fill: requests more than the least, for each kill",
              static_cast<double>(requests.sent - size.requests_min()) / std::max(killed, 1),
              "requests");
  report.at_most("killed fill: slots that dead processes hold", held, 0, "slots");
  report.at_most("killed fill: requests", requests.sent,
                 killed_share_wanted * size.requests_min() + asking, "requests");
}

}  // namespace devy::bench
