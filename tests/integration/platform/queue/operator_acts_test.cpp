// What people do to operations: cancel, replay, approve.
#include "core/platform/queue/stats.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace operator_acts_test {

using queue::Outcome;
using queue::State;
using queue::StepVerdict;

class CancelTest : public QueueTest {};

TEST_F(CancelTest, EndsAWaitingOperation) {
  const auto id = add_waiting();
  EXPECT_EQ(queue::cancel(connection, id, false, "by ann: not now"), State::cancelled);
  EXPECT_EQ(column(id, "cancel_reason"), "by ann: not now");
  EXPECT_FALSE(claim_now({.worker = "w"}));
}

TEST_F(CancelTest, AsksARunningOperationToStop) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  EXPECT_EQ(queue::cancel(connection, id, false, "by ann"), State::scheduled);
  EXPECT_EQ(step(lease, "fetch", false), StepVerdict::cancelled);
}

TEST_F(CancelTest, TakesTheLeaseAwayWhenForced) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  static_cast<void>(step(lease, "fetch"));
  EXPECT_EQ(queue::cancel(connection, id, true, "by ann"), State::cancelled);
  EXPECT_EQ(error_code([&] { complete(lease, "a"); }), "lease_lost");
  EXPECT_EQ(attempts(id), "1:cancelled");
}

TEST_F(CancelTest, DoesNotDisturbACommitWhenForced) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  auto worker = connect();
  pg::Transaction publish(worker);
  queue::fence(worker, lease, std::chrono::seconds(30));
  // It may only be asked: the worker sees it when it wants to complete.
  EXPECT_EQ(queue::cancel(connection, id, true, "by ann"), State::scheduled);
  EXPECT_EQ(error_code([&] { queue::finish(worker, lease, {.revision = "a"}); }),
            "cancel_requested");
  publish.rollback();
  EXPECT_EQ(queue::cancel(connection, id, true, "by ann"), State::cancelled);
}

TEST_F(CancelTest, RefusesWhatHasEnded) {
  const auto id = add_waiting();
  complete(claim_one(), "a");
  EXPECT_EQ(error_code([&] { queue::cancel(connection, id, true, "late"); }), "operation_conflict");
  const auto unknown = queue::OperationId::trusted("00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(error_code([&] { queue::cancel(connection, unknown, false, "x"); }), "DV003");
}

TEST_F(CancelTest, EndsWhatIsHeld) {
  const auto id = add_waiting();
  end(claim_one(), Outcome::held);
  EXPECT_EQ(queue::cancel(connection, id, false, "by ann"), State::cancelled);
}

class ReplayTest : public QueueTest {
 protected:
  queue::OperationId failed(const std::string& fetched) {
    const auto id = add_waiting(fetched);
    const auto lease = claim_one();
    static_cast<void>(step(lease, "diff", true, fetched));
    end(lease, Outcome::failed);
    return id;
  }
  queue::OperationId completed(const std::string& fetched) {
    const auto id = add_waiting(fetched);
    complete(claim_one(), fetched);
    return id;
  }
};

TEST_F(ReplayTest, OpensAFailedOneFromItsStep) {
  const auto id = failed("a");
  queue::ReplayOptions options;
  options.requested_by = "ann";
  options.reason = "the server is back";
  queue::replay(connection, id, options);
  const auto lease = claim_one();
  EXPECT_EQ(lease.step, "diff");
  EXPECT_EQ(lease.fetched_revision, "a");
  EXPECT_EQ(lease.attempt, 2);
  EXPECT_EQ(lease.max_attempts, 13);
  complete(lease, "a");
  EXPECT_EQ(history(id), "verified scheduled processing failed verified scheduled completed");
  EXPECT_EQ(column(id, "requested_by || ' ' || replays"), "ann 1");
}

TEST_F(ReplayTest, ForgetsTheStepFromTheStart) {
  const auto id = failed("a");
  queue::ReplayOptions options;
  options.is_from_start = true;
  queue::replay(connection, id, options);
  const auto lease = claim_one();
  EXPECT_EQ(lease.step, std::nullopt);
  EXPECT_EQ(lease.fetched_revision, std::nullopt);
}

TEST_F(ReplayTest, RefusesWhatHasNotEnded) {
  const auto id = add_waiting();
  EXPECT_EQ(error_code([&] { queue::replay(connection, id, {}); }), "operation_conflict");
  const auto lease = claim_one();
  EXPECT_EQ(error_code([&] { queue::replay(connection, id, {}); }), "operation_conflict");
  end(lease, Outcome::held);
  EXPECT_EQ(error_code([&] { queue::replay(connection, id, {}); }), "operation_conflict");
}

TEST_F(ReplayTest, RefusesWhenSwitchedOff) {
  const auto id = failed("a");
  queue::set_enabled(connection, repository, false);
  EXPECT_EQ(error_code([&] { queue::replay(connection, id, {}); }), "operation_conflict");
}

// Every column of every row of the queue.
constexpr const char* whole_queue =
    "select o::text from devy.operation o union all select e::text from devy.operation_event e "
    "union all select r::text from devy.resource r union all select a::text from devy.attempt a "
    "order by 1";

TEST_F(ReplayTest, ChangesNoRowWhenANewerOneHasCompleted) {
  const auto older = completed("a");
  const auto failed_one = failed("b");
  const auto newer = completed("c");
  const auto before = database.rows(whole_queue);
  for (const auto& id : {older, failed_one}) {
    EXPECT_EQ(error_code([&] { queue::replay(connection, id, {}); }), "newer_upload");
    EXPECT_EQ(database.rows(whole_queue), before);
  }
  const auto obstacle = queue::replay_obstacle(connection, older, {});
  ASSERT_TRUE(obstacle.has_value());
  EXPECT_EQ(obstacle->text(), "unable to replay '" + older.text() + "': the newer " + newer.text() +
                                  " goes before it");
}

TEST_F(ReplayTest, ChangesNoRowWhenANewerOneWaitsRunsOrIsHeld) {
  const auto older = failed("a");
  add_waiting("b");
  const auto refuse = [&] {
    const auto before = database.rows(whole_queue);
    EXPECT_EQ(error_code([&] { queue::replay(connection, older, {}); }), "newer_upload");
    EXPECT_EQ(database.rows(whole_queue), before);
  };
  refuse();
  const auto lease = claim_one();
  refuse();
  end(lease, Outcome::held);
  refuse();
}

TEST_F(ReplayTest, SaysBeforehandWhatItWouldDo) {
  const auto older = failed("a");
  const auto newer = completed("b");
  const auto before = database.rows(whole_queue);
  queue::ReplayOptions rollback;
  rollback.is_forced = true;
  EXPECT_TRUE(queue::replay_obstacle(connection, older, {}).has_value());
  EXPECT_FALSE(queue::replay_obstacle(connection, older, rollback).has_value());
  EXPECT_FALSE(queue::replay_obstacle(connection, newer, {}).has_value());
  EXPECT_EQ(database.rows(whole_queue), before);
  queue::replay(connection, newer, {});
  EXPECT_EQ(queue::replay_obstacle(connection, newer, {}).value().code(), "operation_conflict");
  queue::set_enabled(connection, repository, false);
  EXPECT_EQ(queue::replay_obstacle(connection, older, {}).value().code(), "operation_conflict");
}

TEST_F(ReplayTest, StartsItsOwnClock) {
  const auto id = completed("a");
  database.execute(
      "update devy.operation set created_at = created_at - interval '1 day', started_at = "
      "started_at - interval '1 day', waiting_since = waiting_since - interval '1 day'");
  queue::replay(connection, id, {});
  EXPECT_EQ(column(id, "started_at is null and finished_at is null"), "t");
  complete(claim_one(), "a");
  EXPECT_EQ(column(id, "finished_at - started_at < interval '1 minute'"), "t");
  const auto stats = queue::queue_stats(connection, std::chrono::hours{1});
  EXPECT_EQ(stats.finished, 1);
  EXPECT_LT(stats.p99_ms.value(), 60'000);
  EXPECT_EQ(stats.over_five_minutes_share, 0);
}

TEST_F(ReplayTest, RunsAgainWhatIsLive) {
  const auto id = completed("a");
  queue::replay(connection, id, {});
  EXPECT_EQ(complete(claim_one(), "a"), State::completed);
}

TEST_F(ReplayTest, RollsBackWhenForced) {
  const auto older = completed("a");
  completed("b");
  queue::ReplayOptions options;
  options.is_forced = true;
  queue::replay(connection, older, options);
  const auto lease = claim_one();
  EXPECT_TRUE(lease.is_forced);
  EXPECT_EQ(lease.fetched_revision, "a");
  complete(lease, "a");
  EXPECT_EQ(database.scalar("select completed_revision from devy.resource"), "a");
}

TEST_F(ReplayTest, SupersedesWhatWaitsAndStopsWhatRunsWhenForced) {
  const auto older = completed("a");
  const auto running = add_waiting("b");
  const auto lease = claim_one();
  const auto waiting = add_waiting("c");
  queue::ReplayOptions options;
  options.is_forced = true;
  queue::replay(connection, older, options);
  EXPECT_EQ(column(waiting, "cancelled_by"), older.text());
  EXPECT_EQ(step(lease, "diff"), StepVerdict::superseded);
  end(lease, Outcome::cancelled);
  EXPECT_EQ(column(running, "cancelled_by"), older.text());
  EXPECT_EQ(claim_one().operation, older);
}

TEST_F(ReplayTest, SupersedesAnOlderReplayThatStillWaits) {
  const auto older = failed("a");
  const auto newer = failed("b");
  queue::ReplayOptions rollback;
  rollback.is_forced = true;
  queue::replay(connection, older, rollback);
  database.execute("update devy.operation set arrival = default where id = '" + newer.text() + "'");
  queue::replay(connection, newer, {});
  EXPECT_EQ(column(older, "cancelled_by"), newer.text());
}

TEST_F(ReplayTest, OpensADuplicateOfTheSameEvent) {
  auto first = event("a"), again = event("a");
  first.event_id = again.event_id = "guid-1";
  add(first);
  end(claim_one(), Outcome::failed);
  EXPECT_EQ(add(again).state, State::duplicate);
  queue::replay(connection, again.id, {});
  EXPECT_EQ(complete(claim_one(), "a"), State::completed);
}

TEST_F(ReplayTest, OpensWhatWasDroppedCancelledOrSwitchedOff) {
  auto newer = event("b"), dropped = event("a");
  newer.event_at = at("2026-01-02T00:00:01Z");
  dropped.event_at = at("2026-01-02T00:00:00Z");
  add(newer);
  EXPECT_EQ(add(dropped).state, State::dropped);
  queue::cancel(connection, newer.id, false, "by ann");
  queue::replay(connection, newer.id, {});
  queue::cancel(connection, newer.id, false, "by ann");
  queue::replay(connection, dropped.id, {});
  queue::set_enabled(connection, repository, false);
  EXPECT_EQ(state(dropped.id), "disabled");
  queue::set_enabled(connection, repository, true);
  queue::replay(connection, dropped.id, {});
}

TEST_F(ReplayTest, GrantsAtLeastOneAttempt) {
  const auto id = failed("a");
  queue::ReplayOptions options;
  options.extra_attempts = 0;
  queue::replay(connection, id, options);
  EXPECT_EQ(claim_one().operation, id);
}

class ApproveTest : public QueueTest {};

TEST_F(ApproveTest, LetsAHeldOneGoOn) {
  auto operation = event("a");
  operation.max_attempts = 1;
  add(operation);
  end(claim_one(), Outcome::held);
  queue::approve(connection, operation.id, "ann", "a clean-up");
  const auto lease = claim_one();
  EXPECT_TRUE(lease.is_approved);
  EXPECT_EQ(complete(lease, "a"), State::completed);
  EXPECT_EQ(column(operation.id, "requested_by || ': ' || reason"), "ann: a clean-up");
}

TEST_F(ApproveTest, RefusesWhatIsNotHeld) {
  const auto id = add_waiting();
  EXPECT_EQ(error_code([&] { queue::approve(connection, id, "ann", ""); }), "operation_conflict");
}

}  // namespace operator_acts_test
}  // namespace devy::testing
