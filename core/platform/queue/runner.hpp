#pragma once
// One worker: it claims an operation, runs the Handler of its kind under the lease with a heartbeat
// from a second thread and connection, and ends the attempt. Handler is all that the queue knows
// about the work itself.
//
// A Runner is used from one thread. Any thread or signal handler may request a stop through the
// stop_token given to run_*.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/lease.hpp"

namespace devy::queue {

// The context that a Handler works with. It lives as long as the attempt.
struct Attempt {
  const Lease& lease;
  pg::Connection& connection;  // the worker's own connection
  // Requested when the lease is lost, a cancel is requested, or the worker is to stop.
  std::stop_token stop;
  // Throws Error(stopped) or Error(conflict, "lease_lost") once `stop` is requested.
  std::function<void()> check;
  // The fields added to the log lines of this attempt, including the line that reports its result.
  // The handler fills it.
  std::optional<base::log::Scope>& subject;
};

// Runs one kind of operation. Called from the runner's thread only.
class Handler {
 public:
  virtual ~Handler() = default;
  // Does the work in steps, each begun with begin_step(), and ends the attempt itself with finish()
  // in the transaction of its last write. When it returns an AttemptResult instead, the runner
  // calls finish(). When it throws an Error, the runner finishes the attempt as failed, retry,
  // cancelled or interrupted, depending on the error's kind.
  virtual std::optional<AttemptResult> run(Attempt& attempt) = 0;
};

// How a claimed operation ended.
struct RunResult {
  OperationId id;
  State state = State::completed;
  std::string code = {};  // the code of the error, if there was one
};

// Watches a runner, and can change nothing about what it is told. All is called from the runner's
// thread, between two statements of its session; nothing may throw. An observer overrides what it
// wants to know.
class RunnerObserver {
 public:
  virtual ~RunnerObserver() = default;
  virtual void on_claimed(const Lease&) {}
  virtual void on_ended(const RunResult&) {}  // of each claimed operation, once
  virtual void on_lease_lost() {}             // another worker has the operation by now
  virtual void on_rescued() {}                // an operation of a dead worker was recovered
  virtual void on_idle() {}                   // the queue was searched and nothing was due
  // Something is repeated because of a database error, of that class of SQLSTATEs.
  virtual void on_database_retry(std::string_view) {}
};

// Keeps a runner from claiming: work that could not be done now stays for others.
class ClaimGate {
 public:
  virtual ~ClaimGate() = default;
  // Asked from the runner's thread for each kind before each search for due operations, but not for
  // one that is named.
  [[nodiscard]] virtual bool is_open(std::string_view kind) = 0;
};

struct RunnerOptions {
  std::string worker;
  std::string conninfo;
  config::Database database;
  config::Queue queue;
  RunnerObserver* observer = nullptr;  // borrowed, as the gate; both outlive the runner
  std::string lane{work_lane};         // the operations that this runner claims
  ClaimGate* gate = nullptr;
};

class Runner {
 public:
  using RunResult = queue::RunResult;
  Runner(RunnerOptions options, const base::Clock& clock, base::Random& random);
  ~Runner();
  // Only operations of kinds with a handler are claimed; those of others are left to programs that
  // know them. The handler is borrowed and must outlive the Runner.
  void add_handler(const std::string& kind, Handler& handler);

  // Claims and runs one operation of the lane, or `only`, whatever its lane; returns nothing when
  // none may run. Throws only Error(unavailable), about the database; the result of the operation
  // is in the database.
  std::optional<RunResult> run_one(const std::stop_token& stop,
                                   std::optional<OperationId> only = std::nullopt);

  // Runs what is due, at most `max` operations, and recovers operations of dead workers on the way.
  // Returns how many ran.
  int run_all(const std::stop_token& stop, int max);

  // The worker's main loop: it runs what is due, then waits for the poll interval (± 20 %), the
  // next run_at, the next gate to open or a notification, until it is stopped. Reconnects with
  // backoff while the database is unavailable.
  void run_forever(const std::stop_token& stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace devy::queue
