#pragma once
// The base of the handlers of operations on the files of this node: opens its disk, and gives the
// operation back after a while, so that no operation keeps the runner from others. Owned by a
// runner's process; one thread.

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "core/files/storage/disk.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::cleanup {

// Limits of one attempt and of one transaction.
inline constexpr std::chrono::seconds turn_max{60};
inline constexpr int rows_max = 500;

class NodeHandler : public queue::Handler {
 public:
  // Borrows what the context borrows.
  explicit NodeHandler(const queue::HandlerContext& context);

  // Throws Error(config, "storage_foreign") where this machine is not the node, or has no disk.
  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) final;

 protected:
  struct Work {
    queue::Attempt& attempt;
    storage::Disk& disk;
    base::MonotonicTime begun_at;

    [[nodiscard]] pg::Connection& connection() const { return attempt.connection; }
  };
  virtual std::optional<queue::AttemptResult> work(Work& work) = 0;

  [[nodiscard]] const config::Config& config() const { return config_; }
  [[nodiscard]] const base::Clock& clock() const { return clock_; }
  [[nodiscard]] const std::string& node() const { return config_.files.node; }
  void begin_step(const Work& work, const std::string& step) const;
  void fence(const Work& work) const;
  void report(const Work& work, std::string_view step, std::uint64_t done,
              std::uint64_t bytes = 0) const;
  // True once this attempt has lasted long enough. Throws when it has to stop.
  [[nodiscard]] bool is_turn_over(const Work& work) const;

 private:
  const config::Config& config_;
  const base::Clock& clock_;
  const queue::OnProgress& on_progress_;
};

// Gives the operation back, to be gone on with at once.
[[nodiscard]] queue::AttemptResult end_of_turn();

// A kind of the lane of this node's files; on where files are.
template <class SomeHandler>
[[nodiscard]] queue::Kind node_kind(const char* name, queue::PruneName records) {
  queue::Kind kind;
  kind.name = name;
  kind.lane = "files";
  kind.lane_place = [](const config::Config& config) { return config.files.node; };
  kind.make_handler = [](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<SomeHandler>(context);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return config.files.enabled; };
  kind.records = std::move(records);
  return kind;
}

}  // namespace devy::cleanup
