#include "core/systems_run.hpp"

#include <thread>
#include <vector>

#include "core/platform/base/log.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/git/clone.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/systems.hpp"

namespace devy::systems {
namespace {

constexpr int lane_operations_max = 1'000;  // of one call; the rest is due at the next

void release_dead_leases(const std::string& conninfo, const config::Database& settings) {
  auto connection = pg::Connection::open(conninfo, settings, "worker");
  const auto released = queue::release_dead_workers(connection);
  if (released != 0) base::log::info("operations of dead workers released", {{"count", released}});
}

using OnEnded = std::function<void(const queue::RunResult&)>;

class Teller : public queue::RunnerObserver {
 public:
  explicit Teller(OnEnded on_ended) : on_ended_(std::move(on_ended)) {}
  void on_ended(const queue::RunResult& result) override {
    if (on_ended_) on_ended_(result);
  }

 private:
  OnEnded on_ended_;
};

// A runner of one lane and its handlers, in one thread.
class Lane {
 public:
  // `number` tells the workers of this process apart. Without a lane, handlers of all lanes.
  Lane(const std::optional<std::string>& lane, int number, const std::string& conninfo,
       const queue::HandlerContext& context, const OnEnded& on_ended = {})
      : handlers_(lane, context),
        teller_(on_ended),
        runner_(options(lane, number, conninfo, context.config, teller_), context.clock,
                context.random) {
    handlers_.add_to(runner_);
  }
  [[nodiscard]] queue::Runner& runner() { return runner_; }

 private:
  static queue::RunnerOptions options(const std::optional<std::string>& lane, int number,
                                      const std::string& conninfo, const config::Config& config,
                                      Teller& teller) {
    queue::RunnerOptions options{queue::worker_name(number), conninfo, config.database,
                                 config.queue};
    if (lane) options.lane = claimed_lane(*lane, config);
    options.observer = &teller;
    return options;
  }

  Handlers handlers_;  // outlives the runner
  Teller teller_;      // likewise
  queue::Runner runner_;
};

}  // namespace

int run_here(const std::string& conninfo, const config::Config& config, const RunHere& options,
             const queue::OnProgress& on_progress, const std::stop_token& stop) {
  const auto swept = git::sweep_abandoned_clones(config);
  if (swept != 0) base::log::info("abandoned clones removed", {{"count", swept}});
  const queue::HandlerContext context{config, base::system_clock(), base::system_random(),
                                      on_progress};
  if (options.only) {
    // Otherwise what a killed worker still holds would wait until its lease ends.
    release_dead_leases(conninfo, config.database);
    Lane all(std::nullopt, 0, conninfo, context, options.on_ended);
    return all.runner().run_one(stop, options.only) ? 1 : 0;
  }
  const auto others = runner_lanes(config);
  Lane work(std::string(queue::work_lane), 0, conninfo, context, options.on_ended);
  if (!options.is_forever) {
    const int ran = work.runner().run_all(stop, options.max);
    int number = 1;
    for (const auto& lane : others)
      Lane(lane, number++, conninfo, context, options.on_ended)
          .runner()
          .run_all(stop, lane_operations_max);
    return ran;
  }
  std::vector<std::jthread> threads;
  int number = 1;
  for (const auto& lane : others)
    threads.emplace_back([&, lane, place = number++] {
      Lane(lane, place, conninfo, context, options.on_ended).runner().run_forever(stop);
    });
  work.runner().run_forever(stop);
  return 0;
}

}  // namespace devy::systems
