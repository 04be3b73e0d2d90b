#pragma once
// The base of the handlers of the mirror's operations: finds out who the repository is and with
// which credential it is asked about, and leaves GitHub alone when it says so. Owned by a runner's
// process; one thread.

#include <memory>
#include <optional>
#include <string>

#include "core/mirror/scan/api.hpp"
#include "core/mirror/store/operation_store.hpp"
#include "core/mirror/store/row_observer.hpp"
#include "core/platform/queue/kind.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::scan {

class Handler : public queue::Handler {
 public:
  // Borrows what the context borrows, and the observers. A test may supply `access`. Throws
  // Error(config) for a credential that cannot be used.
  Handler(const queue::HandlerContext& context, const mirror::RowObservers& observers,
          std::unique_ptr<github::Access> access = nullptr);

  std::optional<queue::AttemptResult> run(queue::Attempt& attempt) final;

  struct Work {
    queue::Attempt& attempt;
    const mirror::Task& task;
    // Its name now, and its id where that is known.
    github::Repository& repository;
    Api& api;

    [[nodiscard]] pg::Connection& connection() const { return attempt.connection; }
    // Begins the caller's transaction: nothing is written for an operation that was lost.
    void fence() const;
    std::chrono::milliseconds lease_ttl;
    const mirror::RowObservers& observers;
  };

 protected:
  // Does the work, ends the attempt in its last transaction, and returns nothing; or returns how
  // the attempt ends.
  virtual std::optional<queue::AttemptResult> work(Work& work) = 0;

  [[nodiscard]] const config::Config& config() const { return config_; }
  [[nodiscard]] const base::Clock& clock() const { return clock_; }
  void report(const Work& work, std::string_view step, std::uint64_t done,
              std::uint64_t total) const;

 private:
  const config::Config& config_;
  const base::Clock& clock_;
  const queue::OnProgress& on_progress_;
  const mirror::RowObservers& observers_;
  std::unique_ptr<github::Access> access_;
};

// A kind of the lane `github` whose operations that handler runs; on where the mirror is. The
// observers outlive it.
template <class SomeHandler>
[[nodiscard]] queue::Kind github_kind(const char* name, queue::PruneName records,
                                      const mirror::RowObservers& observers) {
  queue::Kind kind;
  kind.name = name;
  kind.lane = queue::github_lane;
  kind.make_handler =
      [&observers](const queue::HandlerContext& context) -> std::unique_ptr<queue::Handler> {
    return std::make_unique<SomeHandler>(context, observers);
  };
  kind.limits = [](const config::Config& config) {
    return queue::KindLimits{config.workers.stall, config.workers.wall_clock};
  };
  kind.is_on = [](const config::Config& config) { return config.mirror.enabled; };
  kind.records = std::move(records);
  return kind;
}

// Limits of one attempt. Then the operation is given back, with what it has done, so that a long
// list does not keep a runner from others.
inline constexpr int turn_requests_max = 50;
inline constexpr std::chrono::seconds turn_max{60};
// The result of an attempt that has reached one of them.
[[nodiscard]] queue::AttemptResult end_of_turn();

// The owner whose share of the runners the repository's operations use: "mirror/alice".
[[nodiscard]] std::string queue_owner(const std::string& repository);

// Begins the step of that name, where an operation that a newer one takes over stops.
void begin_step(queue::Attempt& attempt, const config::Config& config, const std::string& step);

}  // namespace devy::scan
