#include "core/platform/queue/runner.hpp"

#include <algorithm>
#include <utility>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/pg/sqlstate_class.hpp"
#include "core/platform/queue/attempt_result.hpp"
#include "core/platform/queue/heartbeat.hpp"
#include "core/platform/queue/read_row.hpp"
#include "core/platform/queue/rescue.hpp"
#include "core/platform/queue/retry.hpp"
#include "core/platform/queue/wakeup.hpp"

namespace devy::queue {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

constexpr int settle_tries_max = 6;        // then the lease runs out and rescue settles it
constexpr milliseconds settle_pause{200};  // doubled with each try
constexpr int rescues_max = 100;           // limit per pass; the rest follows in the next pass
constexpr milliseconds rescue_interval{5'000};
constexpr milliseconds reconnect_pause{250};
constexpr milliseconds reconnect_pause_max{10'000};
// Notifications are sent at most every 50 ms (ingest.cpp): one that was left out is found by
// looking once more after that time.
constexpr milliseconds look_again{60};

milliseconds jittered(milliseconds duration, base::Random& random) {
  return milliseconds(
      static_cast<long>(static_cast<double>(duration.count()) * random.between(0.8, 1.2)));
}

}  // namespace

class Runner::Impl {
 public:
  Impl(RunnerOptions options, const base::Clock& clock, base::Random& random)
      : options_(std::move(options)),
        clock_(clock),
        random_(random),
        heartbeat_(options_.conninfo, options_.database, options_.queue.lease_ttl, clock),
        wakeup_(options_.conninfo, options_.database) {}

  void add_handler(const std::string& kind, Handler& handler) { handlers_[kind] = &handler; }
  std::optional<RunResult> run_one(const std::stop_token& stop, std::optional<OperationId> only);
  int run_all(const std::stop_token& stop, int max);
  void run_forever(const std::stop_token& stop);

 private:
  struct AttemptState {
    State state = State::completed;
    std::optional<std::string> outcome;  // of our attempt
  };

  [[nodiscard]] RunnerObserver& observer() const {
    static RunnerObserver nobody;
    return options_.observer != nullptr ? *options_.observer : nobody;
  }
  pg::Connection& session();
  std::optional<Lease> claim_next(std::optional<OperationId> only);
  RunResult run(const Lease& lease, const std::stop_token& stop);
  std::optional<AttemptResult> work(const Lease& lease, const std::stop_token& stop,
                                    const std::stop_source& attempt_stop,
                                    std::optional<base::log::Scope>& subject);
  void check(const Lease& lease, const std::stop_token& stop) const;
  State finish_attempt(const Lease& lease, std::optional<AttemptResult> result);
  State settle_once(const Lease& lease, std::optional<AttemptResult>& result);
  void note_lost(const Lease& lease) const;
  void note_retry(std::string_view error_code) const;
  AttemptState attempt_state(const Lease& lease);
  int heal();
  milliseconds idle_time();
  void pause_after(const Error& error, int failures, const std::stop_token& stop);

  RunnerOptions options_;
  const base::Clock& clock_;
  base::Random& random_;
  std::map<std::string, Handler*> handlers_;
  std::optional<pg::Connection> connection_;
  bool is_claim_unknown_ = false;  // a claim was sent and its answer lost
  ClaimCursor cursor_;
  Heartbeat heartbeat_;
  Wakeup wakeup_;
};

pg::Connection& Runner::Impl::session() {
  if (!connection_ || !connection_->is_usable()) {
    connection_.reset();
    base::fault_point("before_connect");
    connection_.emplace(pg::Connection::open(options_.conninfo, options_.database, "worker"));
  }
  return *connection_;
}

std::optional<Lease> Runner::Impl::claim_next(std::optional<OperationId> only) {
  auto& connection = session();
  if (is_claim_unknown_) {
    if (give_back(connection, options_.worker) > 0) base::log::info("lost claim released");
    is_claim_unknown_ = false;
  }
  ClaimOptions claim_options;
  claim_options.worker = options_.worker;
  claim_options.ttl = options_.queue.lease_ttl;
  claim_options.only = std::move(only);
  claim_options.lane = options_.lane;
  claim_options.kinds.emplace();
  for (const auto& [kind, handler] : handlers_)
    if (claim_options.only || options_.gate == nullptr || options_.gate->is_open(kind))
      claim_options.kinds->push_back(kind);
  if (claim_options.kinds->empty()) return std::nullopt;
  const auto now = clock_.monotonic_now();
  if (!claim_options.only) {
    claim_options.from = cursor_.place(now);
    claim_options.after_owner = cursor_.after_owner();
  }
  is_claim_unknown_ = true;
  auto lease = claim(connection, clock_, claim_options);
  is_claim_unknown_ = false;
  cursor_.note(lease, now);
  if (lease) base::fault_point("after_claim");
  return lease;
}

std::optional<Runner::RunResult> Runner::Impl::run_one(const std::stop_token& stop,
                                                       std::optional<OperationId> only) {
  const auto lease = claim_next(std::move(only));
  if (!lease) {
    observer().on_idle();
    return std::nullopt;
  }
  observer().on_claimed(*lease);
  const auto ran = run(*lease, stop);
  observer().on_ended(ran);
  return ran;
}

Runner::RunResult Runner::Impl::run(const Lease& lease, const std::stop_token& stop) {
  const std::stop_source attempt_stop;
  const std::stop_callback forward(stop,
                                   [source = attempt_stop]() mutable { source.request_stop(); });
  const auto begun_at = clock_.monotonic_now();
  heartbeat_.watch(lease, attempt_stop);
  struct Release {
    Heartbeat& heartbeat;
    ~Release() { heartbeat.release(); }
  } const release{heartbeat_};
  const base::log::Scope scope(
      {{"operation", lease.operation.text()}, {"attempt", lease.attempt}, {"fence", lease.fence}});
  base::log::debug("operation claimed", {{"operation", lease.operation.text()},
                                         {"kind", lease.kind},
                                         {"attempt", lease.attempt},
                                         {"fence", lease.fence}});
  std::optional<base::log::Scope> subject;
  auto result = work(lease, stop, attempt_stop, subject);
  const auto code = result ? result->error_code : std::string();
  if (result && result->outcome == Outcome::retry) note_retry(code);
  const auto state = finish_attempt(lease, std::move(result));
  const auto took = std::chrono::duration_cast<milliseconds>(clock_.monotonic_now() - begun_at);
  base::log::info("attempt ended", {{"operation", lease.operation.text()},
                                    {"kind", lease.kind},
                                    {"attempt", lease.attempt},
                                    {"state", to_string(state)},
                                    {"code", code},
                                    {"duration_ms", took.count()}});
  return {lease.operation, state, code};
}

std::optional<AttemptResult> Runner::Impl::work(const Lease& lease, const std::stop_token& stop,
                                                const std::stop_source& attempt_stop,
                                                std::optional<base::log::Scope>& subject) {
  try {
    Attempt attempt{lease, session(), attempt_stop.get_token(), [&] { check(lease, stop); },
                    subject};
    return handlers_.at(lease.kind)->run(attempt);
  } catch (const std::exception&) {
    return attempt_result_of(
        std::current_exception(),
        {heartbeat_.is_cancel_requested(), stop.stop_requested(), lease.attempt}, random_);
  }
}

void Runner::Impl::check(const Lease& lease, const std::stop_token& stop) const {
  if (heartbeat_.is_lost())
    throw Error(ErrorKind::conflict,
                "unable to go on with '" + lease.operation.text() + "': its lease is lost",
                "Another worker took over; nothing was changed.", "lease_lost");
  if (heartbeat_.is_cancel_requested())
    throw Error(ErrorKind::stopped,
                "unable to go on with '" + lease.operation.text() + "': it is to be cancelled", "",
                "cancel_requested");
  if (stop.stop_requested())
    throw Error(ErrorKind::stopped,
                "unable to go on with '" + lease.operation.text() + "': the worker stops", "",
                "worker_stopped");
}

constexpr pg::Statement read_standing{"read_standing", R"sql(
  select o.state, a.outcome
    from operation o
    left join attempt a on a.operation_id = o.id and a.fence = $2::bigint and a.worker = $3::text
   where o.id = $1::uuid)sql"};

Runner::Impl::AttemptState Runner::Impl::attempt_state(const Lease& lease) {
  const auto found =
      session().one(read_standing, pg::Params(lease.operation.text(), lease.fence, lease.worker));
  return {read_state(found[0], "state"), found[0].maybe_text("outcome")};
}

// Ends the attempt, however often the session is lost on the way. Each round reads or ends by
// (operation, fence), so nothing is done twice and nothing is guessed.
State Runner::Impl::finish_attempt(const Lease& lease, std::optional<AttemptResult> result) {
  auto pause = settle_pause;
  for (int round = 1;; ++round) {
    try {
      return settle_once(lease, result);
    } catch (const Error& error) {
      if (!base::is_passing(error.kind()) || round == settle_tries_max) throw;
      note_retry(error.code());
      base::log::warning("attempt not finished",
                         {{"operation", lease.operation.text()}, {"error", error.text()}});
    }
    wakeup_.rest({}, jittered(pause, random_));
    pause *= 2;
  }
}

void Runner::Impl::note_retry(std::string_view error_code) const {
  const auto sqlstate_class = pg::sqlstate_class(error_code);
  if (!sqlstate_class.empty()) observer().on_database_retry(sqlstate_class);
}

void Runner::Impl::note_lost(const Lease& lease) const {
  base::log::warning("lease lost", {{"operation", lease.operation.text()}, {"fence", lease.fence}});
  observer().on_lease_lost();
}

State Runner::Impl::settle_once(const Lease& lease, std::optional<AttemptResult>& result) {
  if (!result) {
    const auto found = attempt_state(lease);
    if (found.outcome == "rescued" || (found.outcome == "cancelled" && heartbeat_.is_lost()))
      note_lost(lease);
    if (found.outcome) return found.state;
    result.emplace();
    result->outcome = Outcome::retry;
    result->error_code = "not_finished";
    result->error_text = "unable to end the attempt: what it wrote last was not committed";
    result->delay = retry_delay(lease.attempt, random_);
  }
  result->stalled_max = options_.queue.stalled_max;
  try {
    return finish(session(), lease, *result);
  } catch (const Error& error) {
    if (error.code() == "lease_lost") {
      // Perhaps freed by ourselves: by an earlier round whose answer was lost.
      result.reset();
      const auto found = attempt_state(lease);
      if (!found.outcome || *found.outcome == "rescued") note_lost(lease);
      return found.state;
    }
    if (error.code() != "cancel_requested") throw;
  }
  result->outcome = Outcome::cancelled;
  return finish(session(), lease, *result);
}

int Runner::Impl::heal() {
  auto& connection = session();
  int healed = release_dead_workers(connection);
  if (healed > 0) base::log::info("operations of dead workers released", {{"count", healed}});
  for (int i = 0; i < healed; ++i)
    observer().on_rescued();
  for (int i = 0; i < rescues_max; ++i) {
    const auto rescued = rescue_one(connection);
    if (!rescued) break;
    ++healed;
    observer().on_rescued();
    base::log::warning("operation rescued",
                       {{"operation", rescued->id.text()}, {"state", to_string(rescued->state)}});
  }
  return healed;
}

int Runner::Impl::run_all(const std::stop_token& stop, int max) {
  heal();
  int ran = 0;
  while (ran < max && !stop.stop_requested()) {
    if (run_one(stop, std::nullopt)) ++ran;
    else if (heal() == 0) break;
  }
  return ran;
}

// The poll interval, or less when something falls due or a gate opens before.
milliseconds Runner::Impl::idle_time() {
  auto idle = jittered(options_.queue.poll_interval, random_);
  if (const auto due = next_due(session(), options_.lane)) idle = std::min(idle, *due);
  return idle;
}

void Runner::Impl::pause_after(const Error& error, int failures, const std::stop_token& stop) {
  note_retry(error.code());
  const auto pause = std::min(reconnect_pause * (1 << std::min(failures, 10)), reconnect_pause_max);
  base::log::warning("database unavailable",
                     {{"error", error.text()}, {"pause_ms", pause.count()}});
  wakeup_.rest(stop, jittered(pause, random_));
}

void Runner::Impl::run_forever(const std::stop_token& stop) {
  auto heal_at = clock_.monotonic_now();
  bool was_notified = false;
  for (int failures = 0; !stop.stop_requested();) {
    try {
      if (clock_.monotonic_now() >= heal_at) {
        heal();
        heal_at = clock_.monotonic_now() + jittered(rescue_interval, random_);
      }
      // Before looking: what comes between the look and the wait is then not missed.
      wakeup_.listen();
      const bool has_run = run_one(stop, std::nullopt).has_value();
      failures = 0;
      if (has_run) continue;
      const auto until_heal = std::chrono::ceil<milliseconds>(heal_at - clock_.monotonic_now());
      auto idle = std::min(idle_time(), std::max(until_heal, milliseconds(0)));
      if (std::exchange(was_notified, false)) idle = std::min(idle, look_again);
      was_notified = wakeup_.wait(stop, idle) == Wakeup::Reason::notified;
    } catch (const Error& error) {
      if (!base::is_passing(error.kind())) throw;
      pause_after(error, failures++, stop);
    }
  }
}

Runner::Runner(RunnerOptions options, const base::Clock& clock, base::Random& random)
    : impl_(std::make_unique<Impl>(std::move(options), clock, random)) {}
Runner::~Runner() = default;

void Runner::add_handler(const std::string& kind, Handler& handler) {
  impl_->add_handler(kind, handler);
}

std::optional<Runner::RunResult> Runner::run_one(const std::stop_token& stop,
                                                 std::optional<OperationId> only) {
  return impl_->run_one(stop, std::move(only));
}

int Runner::run_all(const std::stop_token& stop, int max) {
  return impl_->run_all(stop, max);
}

void Runner::run_forever(const std::stop_token& stop) {
  impl_->run_forever(stop);
}

}  // namespace devy::queue
