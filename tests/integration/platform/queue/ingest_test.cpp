// Rule 1 of the queue: what becomes of an event when it is recorded.
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace ingest_test {

using queue::AttemptResult;
using queue::Outcome;
using queue::State;
using queue::StepVerdict;

class IngestTest : public QueueTest {};

// A wrong clock, or the holder of a secret: what comes after must not look old for years.
TEST_F(IngestTest, ComparesATimeFarAheadAsFiveMinutesAhead) {
  constexpr const char* is_near =
      "event_at between created_at + interval '4 minutes' and created_at + interval '6 minutes'";
  auto ahead = event("a");
  ahead.event_at = base::system_clock().now() + std::chrono::hours(24 * 3'650);
  add(ahead);
  EXPECT_EQ(column(ahead.id, is_near), "t");
  complete(claim_one(), "a");
  EXPECT_EQ(database.scalar("select completed_event_at < now() + interval '6 minutes' and "
                            "newest_event_at < now() + interval '6 minutes' from devy.resource"),
            "t");
  auto later = event("b");
  later.event_at = base::system_clock().now() + std::chrono::minutes(6);
  EXPECT_EQ(add(later).state, State::verified);
  // An answer to a write tells a time, too.
  complete(claim_one(), "b");
  add(event("c"));
  AttemptResult result;
  result.event_at = ahead.event_at;
  queue::finish(connection, claim_one(), result);
  EXPECT_EQ(database.scalar("select completed_event_at < now() + interval '6 minutes' "
                            "from devy.resource"),
            "t");
}

TEST_F(IngestTest, LetsANewOperationWait) {
  const auto added = add(event("a1"));
  EXPECT_EQ(added.state, State::verified);
  EXPECT_EQ(added.pointer, std::nullopt);
  EXPECT_TRUE(added.is_new);
  EXPECT_EQ(history(added.id), "verified");
}

TEST_F(IngestTest, MarksTheSameEventAsADuplicate) {
  auto first = event("a1"), again = event("a2");
  first.event_id = again.event_id = "guid-1";
  add(first);
  const auto added = add(again);
  EXPECT_EQ(added.state, State::duplicate);
  EXPECT_EQ(added.pointer, first.id);
  EXPECT_EQ(column(again.id, "duplicate_of"), first.id.text());
  EXPECT_EQ(state(first.id), "verified");
}

TEST_F(IngestTest, KnowsTheSameEventAfterItsEnd) {
  auto first = event(), again = event();
  first.event_id = again.event_id = "guid-1";
  add(first);
  end(claim_one(), Outcome::failed);
  EXPECT_EQ(add(again).state, State::duplicate);
}

TEST_F(IngestTest, MarksTheSameWaitingRevisionAsADuplicate) {
  const auto first = add_waiting("a1");
  EXPECT_EQ(add(event("a1")).pointer, first);
  EXPECT_EQ(state(first), "verified");
}

TEST_F(IngestTest, ComparesWithTheRevisionReallyFetched) {
  const auto first = add_waiting("a1");
  complete(claim_one(), "a2");
  EXPECT_EQ(add(event("a2")).pointer, first);
  EXPECT_EQ(add(event("a1")).state, State::verified);
}

TEST_F(IngestTest, ComparesWithWhatTheRunningOneFetched) {
  const auto first = add_waiting("a1");
  const auto lease = claim_one();
  EXPECT_EQ(step(lease, "fetch", true, "a2"), StepVerdict::go_on);
  const auto same = add(event("a2"));
  EXPECT_EQ(same.state, State::duplicate);
  EXPECT_EQ(same.pointer, first);
}

TEST_F(IngestTest, DoesNotCompareWithTheAnnouncedRevisionOfTheRunningOne) {
  add_waiting("a1");
  claim_one();
  EXPECT_EQ(add(event("a1")).state, State::verified);
}

TEST_F(IngestTest, TreatsAnotherVariantAsNoDuplicate) {
  add_waiting("a1");
  complete(claim_one(), "a1");
  auto other = event("a1");
  other.variant = "settings-2";
  EXPECT_EQ(add(other).state, State::verified);
}

TEST_F(IngestTest, TreatsNothingAsADuplicateOfAFailedOne) {
  add_waiting("a1");
  const auto lease = claim_one();
  EXPECT_EQ(step(lease, "fetch", true, "a1"), StepVerdict::go_on);
  end(lease, Outcome::failed);
  EXPECT_EQ(add(event("a1")).state, State::verified);
}

TEST_F(IngestTest, LeavesAHeldOneToAPerson) {
  const auto held = add_waiting("a1");
  const auto lease = claim_one();
  EXPECT_EQ(step(lease, "fetch", true, "a1"), StepVerdict::go_on);
  end(lease, Outcome::held);
  EXPECT_EQ(add(event("a1")).pointer, held);
  EXPECT_EQ(state(held), "held");
  EXPECT_EQ(add(event("a2")).state, State::verified);
  EXPECT_EQ(state(held), "cancelled");
}

TEST_F(IngestTest, DropsAnOlderEventForANewerOne) {
  auto newer = event("b"), older = event("a");
  newer.event_at = at("2026-01-02T00:00:01Z");
  older.event_at = at("2026-01-02T00:00:00Z");
  add(newer);
  const auto added = add(older);
  EXPECT_EQ(added.state, State::dropped);
  EXPECT_EQ(added.pointer, newer.id);
  EXPECT_EQ(column(older.id, "dropped_for"), newer.id.text());
}

TEST_F(IngestTest, DropsAnOlderEventForACompletedOneBehindAFailedOne) {
  auto completed = event("b"), failed = event("c"), older = event("a");
  completed.event_at = at("2026-01-02T00:00:05Z");
  failed.event_at = at("2026-01-02T00:00:07Z");
  older.event_at = at("2026-01-02T00:00:00Z");
  add(completed);
  complete(claim_one(), "b");
  add(failed);
  end(claim_one(), Outcome::failed);
  EXPECT_EQ(add(older).pointer, completed.id);
}

TEST_F(IngestTest, DoesNotDropForAFailedOne) {
  auto failed = event("b"), older = event("a");
  failed.event_at = at("2026-01-02T00:00:05Z");
  older.event_at = at("2026-01-02T00:00:00Z");
  add(failed);
  end(claim_one(), Outcome::failed);
  EXPECT_EQ(add(older).state, State::verified);
}

TEST_F(IngestTest, TakesTheLaterArrivalOfTwoEqualTimes) {
  auto first = event("a"), second = event("b");
  first.event_at = second.event_at = at("2026-01-02T00:00:00Z");
  add(first);
  EXPECT_EQ(add(second).state, State::verified);
  EXPECT_EQ(column(first.id, "cancelled_by"), second.id.text());
}

TEST_F(IngestTest, RecordsAnOlderOperationWhenForced) {
  auto newer = event("b"), older = event("a");
  newer.event_at = at("2026-01-02T00:00:01Z");
  older.event_at = at("2026-01-02T00:00:00Z");
  older.is_forced = true;
  add(newer);
  EXPECT_EQ(add(older).state, State::verified);
}

TEST_F(IngestTest, RecordsWhatASwitchedOffResourceGets) {
  queue::set_enabled(connection, repository, false);
  const auto added = add(event("a1"));
  EXPECT_EQ(added.state, State::disabled);
  EXPECT_EQ(history(added.id), "disabled");
  queue::set_enabled(connection, repository, true);
  add_waiting("a1");
}

TEST_F(IngestTest, EndsWhatWaitsWhenSwitchedOff) {
  const auto waiting = add_waiting();
  queue::set_enabled(connection, repository, false);
  EXPECT_EQ(state(waiting), "disabled");
}

TEST_F(IngestTest, AsksWhatRunsToStopWhenSwitchedOff) {
  add_waiting();
  const auto lease = claim_one();
  queue::set_enabled(connection, repository, false);
  EXPECT_EQ(step(lease, "publish"), StepVerdict::cancelled);
  EXPECT_EQ(end(lease, Outcome::cancelled), State::cancelled);
}

TEST_F(IngestTest, SupersedesWhatWaitsAndKeepsItsPlaceInLine) {
  auto first = event("a"), second = event("b");
  first.priority = 50;
  add(first);
  const auto before = column(first.id, "run_at || ' ' || waiting_since || ' ' || priority");
  add(second);
  EXPECT_EQ(state(first.id), "cancelled");
  EXPECT_EQ(column(first.id, "cancelled_by"), second.id.text());
  EXPECT_EQ(column(first.id, "cancel_reason"), "superseded by a newer test");
  EXPECT_EQ(column(second.id, "run_at || ' ' || waiting_since || ' ' || priority"), before);
}

TEST_F(IngestTest, DoesNotInheritABackoff) {
  add_waiting("a");
  queue::AttemptResult later{.outcome = Outcome::retry, .error_text = "x"};
  later.delay = std::chrono::hours(1);
  queue::finish(connection, claim_one(), later);
  const auto next = add_waiting("b");
  EXPECT_EQ(column(next, "run_at <= clock_timestamp()"), "t");
}

TEST_F(IngestTest, AsksARunningOlderOneToStop) {
  const auto older = add_waiting("a");
  const auto lease = claim_one();
  const auto newer = add_waiting("b");
  EXPECT_EQ(column(older, "cancel_requested_by"), newer.text());
  EXPECT_EQ(step(lease, "snapshot"), StepVerdict::superseded);
  EXPECT_EQ(end(lease, Outcome::cancelled), State::cancelled);
  EXPECT_EQ(column(older, "cancelled_by"), newer.text());
  EXPECT_EQ(column(newer, "waiting_since"), column(older, "waiting_since"));
}

TEST_F(IngestTest, LetsARunningOneGoOnThatHasBegunToPublish) {
  add_waiting("a");
  const auto lease = claim_one();
  EXPECT_EQ(step(lease, "publish", false), StepVerdict::go_on);
  const auto newer = add_waiting("b");
  EXPECT_EQ(step(lease, "clean_up", false), StepVerdict::go_on);
  EXPECT_EQ(complete(lease, "a"), State::completed);
  EXPECT_EQ(claim_one().operation, newer);
}

TEST_F(IngestTest, LetsARunningOneGoOnWhenTheResourceHasWaitedTooLong) {
  const auto older = add_waiting("a");
  database.execute("update devy.operation set waiting_since = now() - interval '61 s'");
  const auto lease = claim_one();
  add_waiting("b");
  EXPECT_EQ(step(lease, "snapshot"), StepVerdict::go_on);
  EXPECT_EQ(state(older), "processing");
}

TEST_F(IngestTest, LetsARunningOneGoOnWhenTheNewerOneIsGone) {
  add_waiting("a");
  const auto lease = claim_one();
  const auto newer = add_waiting("b");
  queue::cancel(connection, newer, false, "by ann: a mistake");
  EXPECT_EQ(step(lease, "snapshot"), StepVerdict::go_on);
}

TEST_F(IngestTest, GivesTheSameOperationForTheSameKey) {
  auto first = event("a"), again = event("b");
  first.idempotency_key = again.idempotency_key = "key-1";
  add(first);
  const auto added = add(again);
  EXPECT_FALSE(added.is_new);
  EXPECT_EQ(added.id, first.id);
  EXPECT_EQ(added.state, State::verified);
  EXPECT_EQ(database.number("select count(*) from devy.operation"), 1);
}

TEST_F(IngestTest, RefusesAnUnknownResource) {
  auto lost = event();
  lost.resource = 4711;
  EXPECT_EQ(error_code([&] { add(lost); }), "DV003");
}

TEST_F(IngestTest, FindsAResourceAgainAndLearnsItsOwner) {
  EXPECT_EQ(resource("1", "ann"), repository);
  EXPECT_EQ(resource("1", "bob"), repository);
  EXPECT_EQ(database.scalar("select owner from devy.resource"), "bob");
  EXPECT_NE(resource("2", "ann"), repository);
}

}  // namespace ingest_test
}  // namespace devy::testing
