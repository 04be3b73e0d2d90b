// Lanes say who claims; directions say who waits beside whom.
#include "core/platform/queue/health.hpp"
#include "core/platform/queue/stats.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace direction_test {

using queue::ClaimOptions;
using queue::Direction;
using queue::Outcome;
using queue::State;
using queue::StepVerdict;

class DirectionTest : public QueueTest {
 protected:
  queue::OperationId add_outbound(queue::ResourceId of) {
    auto operation = outbound_event();
    operation.resource = of;
    EXPECT_EQ(add(operation).state, State::verified);
    return operation.id;
  }
  [[nodiscard]] std::optional<queue::Lease> claim_github() {
    return claim_now({.worker = "runner", .lane = std::string(queue::github_lane)});
  }
  [[nodiscard]] std::string resource_column(const char* name) const {
    return database.scalar(std::string("select ") + name +
                           " from devy.resource where id = " + std::to_string(repository));
  }
};

TEST_F(DirectionTest, LeavesALaneToWhoAsksForIt) {
  const auto inbound = add_waiting();
  const auto outbound = add_outbound(resource("2"));
  EXPECT_EQ(claim_one().operation, inbound);
  EXPECT_FALSE(claim_now({.worker = "worker"}));
  EXPECT_FALSE(claim_now({.worker = "other", .lane = "crm"}));
  EXPECT_EQ(claim_github().value().operation, outbound);
}

TEST_F(DirectionTest, RefusesALaneOfAnotherForm) {
  auto operation = event();
  for (const char* lane : {"", "Work", "github:", "a b", "files:x y"}) {
    operation.lane = lane;
    EXPECT_NE(error_code([&] { add(operation); }), "no error") << lane;
  }
  operation.lane = "files:node-1.example";
  EXPECT_EQ(add(operation).state, State::verified);
}

TEST_F(DirectionTest, ClaimsOnlyKnownKinds) {
  const auto id = add_waiting();
  ClaimOptions options{.worker = "older", .kinds = {{"other", "another"}}};
  EXPECT_FALSE(claim_now(options));
  options.only = id;
  EXPECT_FALSE(claim_now(options));
  options.kinds = {};
  EXPECT_EQ(history(id), "verified");
  options.kinds = std::vector<std::string>{"other", "test"};
  EXPECT_TRUE(claim_now(options));
}

TEST_F(DirectionTest, ClaimsANamedOperationWhateverItsLane) {
  const auto outbound = add_outbound(repository);
  const auto lease = claim_now({.worker = "here", .only = outbound});
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->operation, outbound);
}

TEST_F(DirectionTest, RunsOneOfEachOnTwoRecordsWhileTheOtherWaits) {
  const auto second = resource("2");
  const auto in_1 = add_waiting_to(repository), out_1 = add_outbound(repository);
  const auto out_2 = add_outbound(second), in_2 = add_waiting_to(second);
  // The outbound one of the second record begins first.
  const auto running_out = claim_now({.worker = "runner", .only = out_2});
  const auto running_in = claim_one();
  EXPECT_EQ(running_in.operation, in_1);
  EXPECT_FALSE(claim_now({.worker = "worker"}));
  EXPECT_FALSE(claim_github());
  EXPECT_EQ(state(out_1) + " " + state(in_2), "verified verified");
  // News of either direction supersedes its own only, and asks its own to stop.
  const auto news = add_waiting_to(second), write = add_outbound(repository);
  EXPECT_EQ(column(in_2, "cancelled_by"), news.text());
  EXPECT_EQ(column(out_1, "cancelled_by"), write.text());
  EXPECT_EQ(column(in_1, "cancel_requested_at is null"), "t");
  EXPECT_EQ(column(out_2, "cancel_requested_at is null"), "t");
  EXPECT_EQ(step(running_in, "fetch"), StepVerdict::go_on);
  EXPECT_EQ(complete(running_in, "a"), State::completed);
  EXPECT_EQ(complete(running_out.value(), "b"), State::completed);
  EXPECT_EQ(claim_one().operation, news);
  EXPECT_EQ(claim_github().value().operation, write);
}

TEST_F(DirectionTest, RetriesBesideAWaitingOneOfTheOtherDirection) {
  const auto inbound = add_waiting();
  const auto lease = claim_one();
  const auto outbound = add_outbound(repository);
  EXPECT_EQ(step(lease, "fetch"), StepVerdict::go_on);
  EXPECT_EQ(end(lease, Outcome::retry), State::verified);
  EXPECT_EQ(state(inbound) + " " + state(outbound), "verified verified");
  EXPECT_EQ(resource_column("newest_operation_id"), inbound.text());
  EXPECT_EQ(resource_column("newest_outbound_id"), outbound.text());
}

TEST_F(DirectionTest, StopsForANewerOneOfItsOwnDirection) {
  add_outbound(repository);
  const auto lease = claim_github().value();
  add_waiting();
  EXPECT_EQ(step(lease, "look"), StepVerdict::go_on);
  const auto newer = add_outbound(repository);
  EXPECT_EQ(step(lease, "look"), StepVerdict::superseded);
  EXPECT_EQ(end(lease, Outcome::retry), State::cancelled);
  EXPECT_EQ(column(lease.operation, "cancelled_by"), newer.text());
}

TEST_F(DirectionTest, ReplaysWithinItsDirection) {
  const auto outbound = add_outbound(repository);
  end(claim_github().value(), Outcome::failed);
  const auto inbound = add_waiting();
  queue::replay(connection, outbound, {});
  EXPECT_EQ(state(inbound), "verified");
  EXPECT_EQ(resource_column("newest_operation_id"), inbound.text());
  EXPECT_EQ(resource_column("newest_outbound_id"), outbound.text());
}

TEST_F(DirectionTest, CancelsAndSwitchesOffBoth) {
  const auto inbound = add_waiting(), outbound = add_outbound(repository);
  EXPECT_EQ(queue::cancel(connection, outbound, false, "test"), State::cancelled);
  EXPECT_EQ(state(inbound), "verified");
  const auto again = add_outbound(repository);
  queue::set_enabled(connection, repository, false);
  EXPECT_EQ(state(inbound) + " " + state(again), "disabled disabled");
}

TEST_F(DirectionTest, KnowsTheRevisionOfInboundOnesOnly) {
  add_waiting();
  complete(claim_one(), "seen");
  const auto completed = resource_column("completed_operation_id");
  add_outbound(repository);
  complete(claim_github().value(), "sent");
  EXPECT_EQ(resource_column("completed_revision"), "seen");
  EXPECT_EQ(resource_column("completed_operation_id"), completed);
  EXPECT_EQ(resource_column("completed_event_at is null"), "t");
}

TEST_F(DirectionTest, DropsWhatIsOlderThanTheAnswerToAWrite) {
  const auto outbound = add_outbound(repository);
  queue::finish(connection, claim_github().value(), {.event_at = at("2026-01-02T00:00:05Z")});
  EXPECT_EQ(column(outbound, "event_at = '2026-01-02 00:00:05Z'"), "t");
  auto older = event("a"), echo = event("b");
  older.event_at = at("2026-01-02T00:00:00Z");
  echo.event_at = at("2026-01-02T00:00:05Z");
  const auto dropped = add(older);
  EXPECT_EQ(dropped.state, State::dropped);
  EXPECT_EQ(dropped.pointer, outbound);
  EXPECT_EQ(add(echo).state, State::verified);
}

TEST_F(DirectionTest, KeepsALaterTimeThanTheAnswerTold) {
  auto later = event("a");
  later.event_at = at("2026-01-02T00:00:09Z");
  add(later);
  complete(claim_one(), "a");
  add_outbound(repository);
  queue::finish(connection, claim_github().value(), {.event_at = at("2026-01-02T00:00:05Z")});
  EXPECT_EQ(resource_column("completed_operation_id"), later.id.text());
  EXPECT_EQ(resource_column("completed_event_at = '2026-01-02 00:00:09Z'"), "t");
}

TEST_F(DirectionTest, TakesTheSameEventOncePerDirection) {
  auto inbound = event(), outbound = outbound_event();
  inbound.event_id = outbound.event_id = "guid-1";
  EXPECT_EQ(add(inbound).state, State::verified);
  EXPECT_EQ(add(outbound).state, State::verified);
  outbound.id = outbound_event().id;
  EXPECT_EQ(add(outbound).state, State::duplicate);
}

TEST_F(DirectionTest, CountsALane) {
  add_waiting();
  add_outbound(repository);
  add_outbound(resource("2"));
  EXPECT_EQ(queue::queue_health(connection).waiting, 1);
  EXPECT_EQ(queue::queue_health(connection, queue::github_lane).waiting, 2);
  EXPECT_EQ(queue::queue_health(connection, "crm").waiting, 0);
  const auto stats = queue::queue_stats(connection, std::chrono::hours(1), queue::github_lane);
  ASSERT_EQ(stats.states.size(), 1U);
  EXPECT_EQ(stats.states[0].count, 2);
}

// Shares are those of the lane's own processes.
TEST_F(DirectionTest, CountsAnOwnersShareInItsLane) {
  for (const std::string key : {"11", "12"}) {
    auto operation = outbound_event();
    operation.resource = resource(key, "ann");
    add(operation);
    ASSERT_TRUE(claim_github());
  }
  const auto mine = add_waiting_to(resource("13", "ann"));
  add_waiting_to(resource("14", "bob"));
  EXPECT_EQ(claim_one().operation, mine);
}

}  // namespace direction_test
}  // namespace devy::testing
