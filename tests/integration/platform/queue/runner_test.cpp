// The worker: whatever a Handler does or suffers, the attempt ends as the rules say.
#include <csignal>
#include <new>
#include <stdexcept>
#include <thread>

#include "core/platform/base/random.hpp"
#include "core/platform/process/child.hpp"
#include "core/platform/queue/rescue.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"
#include "tests/support/http/tcp_proxy.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace runner_test {

using base::Error;
using base::ErrorKind;
using queue::Attempt;
using queue::AttemptResult;
using queue::Runner;
using queue::State;

std::optional<AttemptResult> complete_in_own_transaction(Attempt& attempt) {
  pg::Transaction publish(attempt.connection);
  queue::fence(attempt.connection, attempt.lease, std::chrono::seconds(30));
  queue::finish(attempt.connection, attempt.lease, {.revision = "done"});
  publish.commit();
  return std::nullopt;
}

class RunnerTest : public QueueTest {
 protected:
  // Runs one operation with this handler.
  std::optional<Runner::RunResult> run(FunctionHandler::Function function,
                                       std::stop_token stop = std::stop_token()) {
    return run_with(runner_options(), std::move(function), stop);
  }
  std::optional<Runner::RunResult> run_with(const queue::RunnerOptions& options,
                                            FunctionHandler::Function function,
                                            std::stop_token stop = std::stop_token()) {
    FunctionHandler handler(std::move(function));
    Runner runner(options, base::system_clock(), base::system_random());
    runner.add_handler("test", handler);
    return runner.run_one(stop);
  }
  State state_after(FunctionHandler::Function function) {
    add_waiting();
    return run(std::move(function)).value().state;
  }
};

TEST_F(RunnerTest, ReturnsNothingWhenTheQueueIsEmpty) {
  EXPECT_EQ(run(complete_in_own_transaction), std::nullopt);
}

TEST_F(RunnerTest, EndsWhatTheHandlerEnded) {
  const auto id = add_waiting();
  const auto ran = run(complete_in_own_transaction);
  EXPECT_EQ(ran->id, id);
  EXPECT_EQ(ran->state, State::completed);
}

TEST_F(RunnerTest, EndsForTheHandler) {
  EXPECT_EQ(state_after([](Attempt&) { return AttemptResult{.revision = "r"}; }), State::completed);
}

TEST_F(RunnerTest, RetriesWhatTheHandlerForgotToEnd) {
  const auto id = add_waiting();
  EXPECT_EQ(run([](Attempt&) { return std::nullopt; })->state, State::verified);
  EXPECT_EQ(column(id, "error_code"), "not_finished");
}

TEST_F(RunnerTest, EndsByTheKindOfTheError) {
  EXPECT_EQ(state_after([](Attempt&) -> std::optional<AttemptResult> {
              throw Error(ErrorKind::rejected, "too large");
            }),
            State::failed);
  const auto retried = add_waiting();
  run([](Attempt&) -> std::optional<AttemptResult> {
    throw Error(ErrorKind::unavailable, "away");
  });
  EXPECT_EQ(column(retried, "state || ' ' || (run_at > now() + interval '2 s')"), "verified true");
  EXPECT_EQ(state_after([](Attempt&) -> std::optional<AttemptResult> { throw std::bad_alloc(); }),
            State::verified);
  EXPECT_EQ(
      state_after([](Attempt&) -> std::optional<AttemptResult> { throw std::logic_error("bug"); }),
      State::verified);
}

TEST_F(RunnerTest, LeavesAnUnknownKindToOthers) {
  auto operation = event();
  operation.kind = "novelty";
  add(operation);
  EXPECT_EQ(run(complete_in_own_transaction), std::nullopt);
  EXPECT_EQ(history(operation.id), "verified");
}

TEST_F(RunnerTest, ReturnsTheOperationWhenTheWorkerStops) {
  const auto id = add_waiting();
  std::stop_source worker;
  const auto ran = run(
      [&](Attempt& attempt) -> std::optional<AttemptResult> {
        attempt.check();
        worker.request_stop();
        EXPECT_TRUE(attempt.stop.stop_requested());
        attempt.check();
        return AttemptResult{};
      },
      worker.get_token());
  EXPECT_EQ(ran->state, State::verified);
  EXPECT_EQ(column(id, "attempt"), "0");
}

TEST_F(RunnerTest, StopsWhenAPersonCancels) {
  const auto id = add_waiting();
  auto options = runner_options();
  options.queue.lease_ttl = std::chrono::seconds(1);
  const auto ran = run_with(options, [&](Attempt& attempt) -> std::optional<AttemptResult> {
    queue::cancel(connection, id, false, "by ann");
    EXPECT_TRUE(eventually([&] { return attempt.stop.stop_requested(); }));
    attempt.check();
    return AttemptResult{};
  });
  EXPECT_EQ(ran->state, State::cancelled);
  EXPECT_EQ(column(id, "cancel_reason"), "by ann");
}

TEST_F(RunnerTest, CancelsWhatItCompletedTooLate) {
  const auto id = add_waiting();
  const auto ran = run([&](Attempt&) {
    queue::cancel(connection, id, false, "by ann");
    return AttemptResult{.revision = "r"};
  });
  EXPECT_EQ(ran->state, State::cancelled);
}

TEST_F(RunnerTest, KeepsALeaseLongerThanItsTime) {
  add_waiting();
  auto options = runner_options();
  options.queue.lease_ttl = std::chrono::seconds(1);
  const auto begun_at = std::chrono::steady_clock::now();
  const auto ran = run_with(options, [&](Attempt& attempt) -> std::optional<AttemptResult> {
    EXPECT_TRUE(eventually([&] {
      return std::chrono::steady_clock::now() > begun_at + std::chrono::milliseconds(1500);
    }));
    attempt.check();
    EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
    return AttemptResult{.revision = "r"};
  });
  EXPECT_EQ(ran->state, State::completed);
}

TEST_F(RunnerTest, ContinuesAfterLosingItsLease) {
  const auto id = add_waiting();
  auto options = runner_options();
  options.queue.lease_ttl = std::chrono::seconds(1);
  const auto ran = run_with(options, [&](Attempt& attempt) -> std::optional<AttemptResult> {
    queue::cancel(connection, id, true, "by ann");
    EXPECT_TRUE(eventually([&] { return attempt.stop.stop_requested(); }));
    EXPECT_EQ(error_code(attempt.check), "lease_lost");
    return complete_in_own_transaction(attempt);
  });
  EXPECT_EQ(ran->state, State::cancelled);
  EXPECT_EQ(attempts(id), "1:cancelled");
}

TEST_F(RunnerTest, DoesNotTrustALeaseItCannotRenew) {
  add_waiting();
  TcpProxy proxy(postgres().socket_path());
  auto options = runner_options();
  options.conninfo = proxy.conninfo(database.name());
  options.queue.lease_ttl = std::chrono::seconds(1);
  const auto ran = run_with(options, [&](Attempt& attempt) -> std::optional<AttemptResult> {
    proxy.go_silent();
    EXPECT_TRUE(eventually([&] { return error_code(attempt.check) == "lease_lost"; }));
    proxy.cut();
    proxy.heal();
    attempt.check();
    return AttemptResult{};
  });
  // Nobody had rescued it yet, so it is still its own to end.
  EXPECT_EQ(ran->state, State::verified);
}

TEST_F(RunnerTest, FindsOutHowALostCommitEnded) {
  const auto id = add_waiting();
  TcpProxy proxy(postgres().socket_path());
  auto options = runner_options();
  options.conninfo = proxy.conninfo(database.name());
  const auto ran = run_with(options, [&](Attempt& attempt) {
    pg::Transaction publish(attempt.connection);
    queue::fence(attempt.connection, attempt.lease, std::chrono::seconds(30));
    queue::finish(attempt.connection, attempt.lease, {.revision = "done"});
    proxy.swallow_commit();
    publish.commit();
    return std::optional<AttemptResult>();
  });
  EXPECT_EQ(proxy.commits_swallowed(), 1);
  EXPECT_EQ(ran->state, State::completed);
  EXPECT_EQ(attempts(id), "1:completed");
}

TEST_F(RunnerTest, RetriesWhatWasCutBeforeItsCommit) {
  const auto id = add_waiting();
  TcpProxy proxy(postgres().socket_path());
  auto options = runner_options();
  options.conninfo = proxy.conninfo(database.name());
  const auto ran = run_with(options, [&](Attempt& attempt) {
    pg::Transaction publish(attempt.connection);
    queue::fence(attempt.connection, attempt.lease, std::chrono::seconds(30));
    proxy.cut();
    queue::finish(attempt.connection, attempt.lease, {.revision = "done"});
    publish.commit();
    return std::optional<AttemptResult>();
  });
  EXPECT_EQ(ran->state, State::verified);
  EXPECT_EQ(attempts(id), "1:retry");
}

TEST_F(RunnerTest, DrainsWhatIsDue) {
  for (const std::string key : {"a", "b", "c"})
    add_waiting_to(resource(key));
  FunctionHandler handler(complete_in_own_transaction);
  Runner runner(runner_options(), base::system_clock(), base::system_random());
  runner.add_handler("test", handler);
  EXPECT_EQ(runner.run_all({}, 2), 2);
  EXPECT_EQ(runner.run_all({}, 10), 1);
  EXPECT_EQ(runner.run_all({}, 10), 0);
}

TEST_F(RunnerTest, RescuesWhileItDrains) {
  const auto id = add_waiting();
  expire(claim_one("elsewhere/1.1/1"));
  FunctionHandler handler(complete_in_own_transaction);
  Runner runner(runner_options(), base::system_clock(), base::system_random());
  runner.add_handler("test", handler);
  EXPECT_EQ(runner.run_all({}, 10), 1);
  EXPECT_EQ(state(id), "completed");
}

TEST_F(RunnerTest, RunsForeverUntilStopped) {
  FunctionHandler handler(complete_in_own_transaction);
  Runner runner(runner_options(), base::system_clock(), base::system_random());
  runner.add_handler("test", handler);
  std::jthread worker([&](const std::stop_token& stop) { runner.run_forever(stop); });
  const auto first = add_waiting();
  EXPECT_TRUE(eventually([&] { return state(first) == "completed"; }));
  const auto later = add_waiting();
  EXPECT_TRUE(eventually([&] { return state(later) == "completed"; }));
}

TEST_F(RunnerTest, IsWokenByANotification) {
  auto options = runner_options();
  options.queue.poll_interval = std::chrono::hours(1);
  FunctionHandler handler(complete_in_own_transaction);
  Runner runner(options, base::system_clock(), base::system_random());
  runner.add_handler("test", handler);
  std::jthread worker([&](const std::stop_token& stop) { runner.run_forever(stop); });
  const std::string listening = "select count(*) from pg_stat_activity where query like 'listen%'";
  ASSERT_TRUE(eventually([&] { return database.number(listening) == 1; }));
  const auto begun_at = std::chrono::steady_clock::now();
  const auto id = add_waiting();
  EXPECT_TRUE(eventually([&] {
    queue::wake_workers(connection);
    return state(id) == "completed";
  }));
  EXPECT_LT(std::chrono::steady_clock::now() - begun_at, time_factor * std::chrono::seconds(4));
}

TEST_F(RunnerTest, ContinuesWhenTheDatabaseIsBack) {
  FunctionHandler handler(complete_in_own_transaction);
  Runner runner(runner_options(), base::system_clock(), base::system_random());
  runner.add_handler("test", handler);
  const auto first = add_waiting();
  std::jthread worker([&](const std::stop_token& stop) { runner.run_forever(stop); });
  ASSERT_TRUE(eventually([&] { return state(first) == "completed"; }));
  postgres().restart();
  connection = connect();
  const auto second = add_waiting();
  EXPECT_TRUE(eventually([&] { return state(second) == "completed"; }));
}

// A child that takes an operation, says so, and hangs.
int hang_with_an_operation(process::Parent& parent) {
  const auto conninfo = parent.receive(4096).value();
  queue::RunnerOptions options;
  options.worker = queue::worker_name(1);
  options.conninfo = conninfo;
  FunctionHandler handler([&](Attempt& attempt) -> std::optional<AttemptResult> {
    parent.send(attempt.lease.operation.text());
    static_cast<void>(parent.receive(1));
    return AttemptResult{};
  });
  Runner runner(options, base::system_clock(), base::system_random());
  runner.add_handler("test", handler);
  runner.run_one({});
  return 0;
}

const bool is_registered = [] {
  process::register_role("hang_with_an_operation", hang_with_an_operation);
  return true;
}();

TEST_F(RunnerTest, TakesOverFromAKilledProcessAtOnce) {
  ASSERT_TRUE(is_registered);
  const auto id = add_waiting();
  auto child = process::Child::spawn("hang_with_an_operation", {});
  ASSERT_TRUE(child.send(database.conninfo()));
  std::string taken;
  ASSERT_EQ(child.receive(taken, 100, patience), process::ReadResult::data);
  EXPECT_EQ(taken, id.text());
  EXPECT_EQ(queue::release_dead_workers(connection), 0);
  child.kill();
  static_cast<void>(child.wait());
  EXPECT_EQ(queue::release_dead_workers(connection), 1);
  EXPECT_EQ(run(complete_in_own_transaction)->state, State::completed);
  EXPECT_EQ(attempts(id), "1:rescued 2:completed");
}

}  // namespace runner_test
}  // namespace devy::testing
