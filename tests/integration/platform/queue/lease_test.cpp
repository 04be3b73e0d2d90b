// Rules 3, 4 and 6 of the queue: the fence, the heartbeat, and how an attempt ends.
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace lease_test {

using queue::AttemptResult;
using queue::Outcome;
using queue::State;
using std::chrono::milliseconds;

class LeaseTest : public QueueTest {
 protected:
  // Another worker has taken over from `lease`.
  queue::Lease steal_lease(const queue::Lease& lease) {
    expire(lease);
    database.execute("select devy.operation_rescue()");
    return claim_one("second");
  }
};

TEST_F(LeaseTest, RefusesEveryWriteOfAZombie) {
  add_waiting();
  const auto zombie = claim_one("first");
  const auto second = steal_lease(zombie);
  EXPECT_EQ(second.operation, zombie.operation);
  EXPECT_GT(second.fence, zombie.fence);
  EXPECT_EQ(error_code([&] { queue::fence(connection, zombie, milliseconds(1000)); }),
            "lease_lost");
  EXPECT_EQ(error_code([&] { static_cast<void>(step(zombie, "publish")); }), "lease_lost");
  for (const auto outcome : {Outcome::completed, Outcome::failed, Outcome::retry,
                             Outcome::cancelled, Outcome::interrupted, Outcome::held})
    EXPECT_EQ(error_code([&] { end(zombie, outcome); }), "lease_lost");
  EXPECT_FALSE(queue::heartbeat(connection, zombie, milliseconds(1000)).is_held);
  EXPECT_EQ(state(second.operation), "scheduled");
  EXPECT_EQ(complete(second, "a"), State::completed);
  EXPECT_EQ(attempts(second.operation), "1:rescued 2:completed");
}

TEST_F(LeaseTest, RefusesAWorkerThatHasEnded) {
  add_waiting();
  const auto lease = claim_one();
  complete(lease, "a");
  EXPECT_EQ(error_code([&] { complete(lease, "a"); }), "lease_lost");
}

// A primary is lost with a claim that its standby never heard of; the next claim gets its fence.
TEST_F(LeaseTest, AcceptsARepeatedFenceFromOneWorkerOnly) {
  add_waiting();
  const auto lost = claim_one("first");
  database.execute(
      "set search_path = devy; update lease set operation_id = null, fence = fence - 1;"
      "delete from attempt; update operation set state = 'verified', attempt = 0");
  const auto second = claim_one("second");
  ASSERT_EQ(second.operation, lost.operation);
  ASSERT_EQ(second.fence, lost.fence);
  EXPECT_EQ(error_code([&] { queue::fence(connection, lost, milliseconds(1000)); }), "lease_lost");
  EXPECT_EQ(error_code([&] { static_cast<void>(step(lost, "publish")); }), "lease_lost");
  EXPECT_EQ(error_code([&] { complete(lost, "a"); }), "lease_lost");
  EXPECT_FALSE(queue::heartbeat(connection, lost, milliseconds(1000)).is_held);
  EXPECT_EQ(complete(second, "a"), State::completed);
  EXPECT_EQ(attempts(second.operation), "1:completed");
}

TEST_F(LeaseTest, RenewsWithAFenceAndDelaysRescueUntilCommit) {
  add_waiting();
  const auto lease = claim_one();
  auto worker = connect();
  pg::Transaction publish(worker);
  queue::fence(worker, lease, milliseconds(-1000));  // run out already, but still held
  EXPECT_EQ(database.scalar("select o_id from devy.operation_rescue()"), "");
  queue::finish(worker, lease, {.revision = "a"});
  publish.commit();
  EXPECT_EQ(state(lease.operation), "completed");
}

TEST_F(LeaseTest, LetsOnlyOneOfTwoWorkersCommit) {
  add_waiting();
  const auto zombie = claim_one("first");
  const auto second = steal_lease(zombie);
  auto late = connect();
  pg::Transaction write(late);
  EXPECT_EQ(error_code([&] { queue::fence(late, zombie, milliseconds(1000)); }), "lease_lost");
  write.rollback();
  queue::fence(connection, second, milliseconds(1000));
}

TEST_F(LeaseTest, RenewsWithAHeartbeat) {
  add_waiting();
  const auto lease = claim_one();
  expire(lease);
  const auto beat = queue::heartbeat(connection, lease, milliseconds(30'000));
  EXPECT_TRUE(beat.is_held);
  EXPECT_FALSE(beat.is_cancel_requested);
  EXPECT_EQ(database.scalar("select lease_expires_at > now() + interval '25 s' from devy.lease"),
            "t");
}

TEST_F(LeaseTest, RenewsWithoutWaitingForAPublish) {
  add_waiting();
  const auto lease = claim_one();
  auto worker = connect();
  pg::Transaction publish(worker);
  queue::fence(worker, lease, milliseconds(30'000));
  queue::finish(worker, lease, {.revision = "a"});
  EXPECT_TRUE(queue::heartbeat(connection, lease, milliseconds(30'000)).is_held);
  publish.commit();
  EXPECT_FALSE(queue::heartbeat(connection, lease, milliseconds(30'000)).is_held);
}

TEST_F(LeaseTest, ReturnsACancelRequestFromAHeartbeat) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  EXPECT_EQ(queue::cancel(connection, id, false, "by ann"), State::scheduled);
  EXPECT_TRUE(queue::heartbeat(connection, lease, milliseconds(1000)).is_cancel_requested);
}

TEST_F(LeaseTest, ReturnsNoCancelRequestForANewerOperation) {
  add_waiting("a");
  const auto lease = claim_one();
  add_waiting("b");
  EXPECT_FALSE(queue::heartbeat(connection, lease, milliseconds(1000)).is_cancel_requested);
}

class FinishTest : public LeaseTest {};

TEST_F(FinishTest, UpdatesTheResourceWhenCompleted) {
  auto operation = event("a");
  operation.event_at = at("2026-01-02T00:00:00Z");
  operation.variant = "v";
  add(operation);
  EXPECT_EQ(complete(claim_one(), "a2"), State::completed);
  EXPECT_EQ(database.scalar("select completed_operation_id || ' ' || completed_revision || ' ' || "
                            "completed_variant || ' ' || (completed_event_at = '2026-01-02Z') "
                            "from devy.resource"),
            operation.id.text() + " a2 v true");
  EXPECT_EQ(column(operation.id, "fetched_revision"), "a2");
}

TEST_F(FinishTest, LeavesANewerOperationWaitingWhenCompleted) {
  const auto older = add_waiting("a");
  const auto lease = claim_one();
  const auto newer = add_waiting("b");
  EXPECT_EQ(complete(lease, "a"), State::completed);
  EXPECT_EQ(state(older) + " " + state(newer), "completed verified");
}

TEST_F(FinishTest, KeepsTheReasonWhenFailed) {
  const auto id = add_waiting();
  EXPECT_EQ(end(claim_one(), Outcome::failed), State::failed);
  EXPECT_EQ(column(id, "error_code || '/' || error_text || '/' || error_hint"),
            "broken/it broke/Mend it.");
  EXPECT_EQ(database.scalar("select error_code from devy.attempt"), "broken");
  EXPECT_EQ(database.scalar("select detail->>'message' from devy.operation_event "
                            "where state = 'failed'"),
            "it broke");
}

TEST_F(FinishTest, PassesItsWaitingTimeToANewerOperationWhenFailed) {
  const auto older = add_waiting("a");
  const auto lease = claim_one();
  const auto newer = add_waiting("b");
  end(lease, Outcome::failed);
  EXPECT_EQ(column(newer, "waiting_since"), column(older, "waiting_since"));
}

TEST_F(FinishTest, WaitsForTheDelayBeforeARetry) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  EXPECT_EQ(queue::finish(connection, lease,
                          {.outcome = Outcome::retry,
                           .error_code = "x",
                           .error_text = "y",
                           .delay = milliseconds(20'000)}),
            State::verified);
  EXPECT_EQ(column(id, "run_at between now() + interval '15 s' and now() + interval '20 s'"), "t");
  EXPECT_EQ(column(id, "attempt"), "1");
  EXPECT_EQ(column(id, "error_code"), "x");
}

TEST_F(FinishTest, YieldsToANewerOperationInsteadOfARetry) {
  const auto older = add_waiting("a");
  const auto lease = claim_one();
  const auto newer = add_waiting("b");
  EXPECT_EQ(end(lease, Outcome::retry), State::cancelled);
  EXPECT_EQ(column(older, "cancelled_by"), newer.text());
  EXPECT_EQ(attempts(older), "1:retry");
}

TEST_F(FinishTest, FailsInsteadOfARetryWhenTheAttemptsAreUsedUp) {
  auto operation = event();
  operation.max_attempts = 2;
  add(operation);
  EXPECT_EQ(end(claim_one(), Outcome::retry), State::verified);
  make_due(operation.id);
  EXPECT_EQ(end(claim_one(), Outcome::retry), State::failed);
  EXPECT_EQ(column(operation.id, "error_code"), "broken");
}

TEST_F(FinishTest, CountsNoAttemptWhenInterrupted) {
  auto operation = event();
  operation.max_attempts = 1;
  add(operation);
  EXPECT_EQ(end(claim_one(), Outcome::interrupted), State::verified);
  EXPECT_EQ(column(operation.id, "attempt"), "0");
  const auto again = claim_one();
  EXPECT_EQ(again.attempt, 1);
  EXPECT_EQ(again.fence, 2);
  complete(again, "a");
  EXPECT_EQ(attempts(operation.id), "1:interrupted 1:completed");
}

TEST_F(FinishTest, YieldsToANewerOperationWhenInterrupted) {
  const auto older = add_waiting("a");
  const auto lease = claim_one();
  add_waiting("b");
  EXPECT_EQ(end(lease, Outcome::interrupted), State::cancelled);
  EXPECT_EQ(column(older, "attempt"), "1");
}

TEST_F(FinishTest, WaitsForAPersonWhenHeld) {
  const auto id = add_waiting();
  EXPECT_EQ(end(claim_one(), Outcome::held), State::held);
  EXPECT_FALSE(claim_now({.worker = "w"}));
  EXPECT_EQ(column(id, "finished_at is null"), "t");
}

TEST_F(FinishTest, YieldsToANewerOperationWhenHeld) {
  add_waiting("a");
  const auto lease = claim_one();
  add_waiting("b");
  EXPECT_EQ(end(lease, Outcome::held), State::cancelled);
}

TEST_F(FinishTest, PointsAtTheNewerOperationWhenDropped) {
  const auto done = add_waiting("a");
  complete(claim_one(), "a");
  const auto late = add_waiting("b");
  AttemptResult dropped{.outcome = Outcome::dropped};
  dropped.pointer = done;
  EXPECT_EQ(queue::finish(connection, claim_one(), dropped), State::dropped);
  EXPECT_EQ(column(late, "dropped_for"), done.text());
}

TEST_F(FinishTest, NamesThePersonOrTheOperationWhenCancelled) {
  const auto id = add_waiting("a");
  const auto lease = claim_one();
  queue::cancel(connection, id, false, "by ann: wrong branch");
  add_waiting("b");
  EXPECT_EQ(end(lease, Outcome::cancelled), State::cancelled);
  EXPECT_EQ(column(id, "cancel_reason"), "by ann: wrong branch");
  EXPECT_EQ(column(id, "cancelled_by"), "");
}

TEST_F(FinishTest, CancelsACancelledOperationUnlessItSucceeded) {
  for (const auto outcome : {Outcome::retry, Outcome::interrupted, Outcome::held}) {
    const auto id = add_waiting();
    const auto lease = claim_one();
    queue::cancel(connection, id, false, "by ann");
    EXPECT_EQ(end(lease, outcome), State::cancelled) << to_string(outcome);
  }
}

TEST_F(FinishTest, RefusesToCompleteWhatAPersonStopped) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  {
    const pg::Transaction publish(connection);
    queue::fence(connection, lease, milliseconds(30'000));
    auto operator_session = connect();
    EXPECT_EQ(queue::cancel(operator_session, id, false, "by ann"), State::scheduled);
    EXPECT_EQ(error_code([&] { complete(lease, "a"); }), "cancel_requested");
  }
  EXPECT_EQ(end(lease, Outcome::cancelled), State::cancelled);
}

// PostgreSQL takes no text that is none: the end of an attempt must not hang on it.
TEST_F(FinishTest, KeepsAReasonThatIsNoText) {
  const auto id = add_waiting();
  EXPECT_EQ(
      queue::finish(connection, claim_one(),
                    {.outcome = Outcome::failed,
                     .error_code = "x",
                     .error_text = std::string("a\xff") + '\0' + std::string(4'091, 'b') + "\u00e9",
                     .error_hint = "h"}),
      State::failed);
  EXPECT_EQ(column(id, "error_text like 'a\\\\xff%bbb%' and length(error_text) < 5000"), "t");
}

}  // namespace lease_test
}  // namespace devy::testing
