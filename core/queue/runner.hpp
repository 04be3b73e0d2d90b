#pragma once
// One worker: claims an operation, runs its kind's Handler under the lease with a heartbeat from a
// second thread and connection, and ends the attempt. The queue's only view of what work is.
//
// A Runner is used from one thread. request_stop() may be called from any thread or signal path
// through the stop_token given to run_*.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "core/base/clock.hpp"
#include "core/base/log.hpp"
#include "core/base/random.hpp"
#include "core/config/config.hpp"
#include "core/pg/connection.hpp"
#include "core/queue/finish.hpp"
#include "core/queue/lease.hpp"

namespace devy::queue {

// What a Handler works with. Lives as long as the attempt.
struct Attempt {
  const Lease& lease;
  pg::Connection& connection;   // the worker's own
  std::stop_token stop;         // lease lost, cancel requested, or the worker is told to stop
  std::function<void()> check;  // throws Error(stopped) or Error(conflict, "lease_lost") then
  // What the log's lines are about, to be filled by the handler: up to the one that tells how the
  // attempt ended.
  std::optional<base::log::Scope>& subject;
};

// One kind of operation. Called from the runner's thread only.
class Handler {
 public:
  virtual ~Handler() = default;
  // Does the work in steps, each begun with begin_step(), and ends the attempt itself with finish()
  // in the transaction of its last write. Returning an Ending instead lets the runner finish.
  // Throwing Error: the runner finishes as failed, retry, cancelled or interrupted by its kind.
  virtual std::optional<Ending> run(Attempt& attempt) = 0;
};

// How an operation that was claimed ended.
struct Ran {
  OperationId id;
  State state = State::completed;
  std::string code = {};  // of the error, if any
};

// For whoever watches over a worker. Called from the runner's thread; may be empty.
struct Watcher {
  std::function<void(const Lease&)> on_claimed;
  std::function<void(const Ran&)> on_ended;
  std::function<void()> on_lease_lost;  // another has the operation by now
  std::function<void()> on_rescued;     // an operation was taken from a lost worker
  std::function<void()> on_idle;        // looked, and nothing was due
  // Something is done again because of the database: its class of SQLSTATEs.
  std::function<void(std::string_view)> on_database_retry;
};

struct RunnerOptions {
  std::string worker;
  std::string conninfo;
  config::Database database;
  config::Queue queue;
  Watcher watcher = {};
  Direction direction = Direction::inbound;  // which operations it takes
  std::function<bool()> may_claim = {};      // asked before each look at what is due; empty: yes
};

class Runner {
 public:
  using Ran = queue::Ran;
  Runner(RunnerOptions options, const base::Clock& clock, base::Random& random);
  ~Runner();
  void add_handler(const std::string& kind, Handler& handler);  // borrowed, outlives the Runner

  // Claims and runs one operation; nothing when none is due. Throws only Error(unavailable) about
  // the database; how the operation ended is in the database.
  std::optional<Ran> run_one(const std::stop_token& stop,
                             std::optional<OperationId> only = std::nullopt);

  // Drains what is due, rescuing on the way, at most `max` operations; returns how many ran.
  int run_all(const std::stop_token& stop, int max);

  // The worker's loop: run what is due, then wait for the poll interval (± 20 %), the next run_at
  // or a notification, until stopped. Reconnects with backoff while the database is away.
  void run_forever(const std::stop_token& stop);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace devy::queue
