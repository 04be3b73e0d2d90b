// Owner gates: what they hold back is never claimed, by any way to search.
#include "core/platform/queue/gate.hpp"

#include <atomic>
#include <thread>

#include "core/platform/queue/batch.hpp"
#include "core/platform/queue/health.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace gate_test {

using queue::Direction;
using queue::Gate;

const std::string github(queue::github_lane);

class GateTest : public QueueTest {
 protected:
  [[nodiscard]] queue::OperationId add_of(const std::string& owner, const std::string& lane) {
    auto operation = outbound_event(owner);
    operation.resource = resource("of-" + std::to_string(++made_));
    operation.lane = lane;
    EXPECT_EQ(add(operation).state, queue::State::verified);
    return operation.id;
  }
  void gate(const std::string& owner, std::chrono::milliseconds wait,
            std::optional<bool> is_serial = std::nullopt) {
    queue::set_gate(connection, {owner, Direction::outbound, base::system_clock().now() + wait,
                                 "rate limit", is_serial});
  }
  [[nodiscard]] std::optional<queue::Lease> claim_of(const std::string& lane) {
    return claim_now({.worker = "runner", .lane = lane});
  }

 private:
  int made_ = 0;
};

TEST_F(GateTest, HoldsItsOwnerBackInEveryLane) {
  for (const std::string lane : {"work", "github"}) {
    const auto held = add_of("ann", lane), other = add_of("bob", lane);
    gate("ann", std::chrono::hours(1));
    EXPECT_EQ(claim_of(lane).value().operation, other);
    EXPECT_FALSE(claim_of(lane));
    EXPECT_FALSE(claim_now({.worker = "here", .only = held}));
    queue::lift_gate(connection, "ann", Direction::outbound);
    EXPECT_EQ(claim_of(lane).value().operation, held);
  }
}

TEST_F(GateTest, HoldsOneDirectionBack) {
  static_cast<void>(add_of("ann", github));
  auto inbound = event();
  inbound.lane = github;
  inbound.owner = "ann";
  add(inbound);
  gate("ann", std::chrono::hours(1));
  EXPECT_EQ(claim_of(github).value().operation, inbound.id);
  EXPECT_FALSE(claim_of(github));
}

TEST_F(GateTest, OpensAtItsTime) {
  const auto id = add_of("ann", github);
  gate("ann", std::chrono::hours(1));
  database.execute("update devy.owner_gate set not_before = now() - interval '1 ms'");
  EXPECT_EQ(claim_of(github).value().operation, id);
}

TEST_F(GateTest, KeepsTheLaterTime) {
  gate("ann", std::chrono::hours(2));
  queue::set_gate(connection, {"ann", Direction::outbound,
                               base::system_clock().now() + std::chrono::hours(1), "other"});
  EXPECT_EQ(database.scalar("select reason || ' ' || (not_before > now() + interval '90 min')"
                            " from devy.owner_gate"),
            "rate limit true");
}

TEST_F(GateTest, KeepsASerialOwnerSerial) {
  gate("ann", std::chrono::hours(1), true);
  gate("ann", std::chrono::hours(2));
  queue::lift_gate(connection, "ann", Direction::outbound);
  EXPECT_EQ(database.scalar("select is_serial || ' ' || not_before from devy.owner_gate"),
            "true -infinity");
  gate("ann", std::chrono::milliseconds(0), false);
  queue::lift_gate(connection, "ann", Direction::outbound);
  EXPECT_EQ(database.number("select count(*) from devy.owner_gate"), 0);
}

TEST_F(GateTest, RunsASerialOwnerOneAtATime) {
  for (const std::string lane : {"work", "github"}) {
    gate("ann", std::chrono::milliseconds(-1), true);
    const auto first = add_of("ann", lane), second = add_of("ann", lane);
    const auto other = add_of("bob", lane);
    const auto lease = claim_of(lane).value();
    EXPECT_EQ(lease.operation, first);
    EXPECT_EQ(claim_of(lane).value().operation, other);
    EXPECT_FALSE(claim_of(lane));
    EXPECT_FALSE(claim_now({.worker = "here", .only = second}));
    complete(lease, "r");
    const auto next = claim_of(lane).value();
    EXPECT_EQ(next.operation, second);
    complete(next, "r");
  }
}

TEST_F(GateTest, RunsOneOfASerialOwnerForManyWorkers) {
  constexpr int workers = 5, operations = 60;
  gate("ann", std::chrono::milliseconds(-1), true);
  for (int i = 0; i < operations; ++i)
    static_cast<void>(add_of("ann", i % 2 == 0 ? github : "work"));
  std::atomic<int> running = 0, most = 0, done = 0;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < workers; ++n)
      threads.emplace_back([&, n] {
        auto mine = connect();
        while (done < operations) {
          const auto lease = queue::claim(mine, base::system_clock(),
                                          {.worker = "worker-" + std::to_string(n),
                                           .lane = n % 2 == 0 ? github : std::string("work")});
          if (!lease) continue;
          most = std::max(most.load(), ++running);
          --running;
          queue::finish(mine, *lease, {.revision = "r"});
          ++done;
        }
      });
  }
  EXPECT_EQ(most, 1);
  EXPECT_EQ(done, operations);
}

// More than a search in order looks at.
TEST_F(GateTest, FindsWhatMayRunBehindManyThatMayNot) {
  for (const std::string lane : {"work", "github"}) {
    std::vector<queue::BatchEntry> held(300);
    for (auto& entry : held) {
      entry.id = event().id;
      entry.kind = "test";
      entry.resource_kind = "held-" + lane;
      entry.resource_key = entry.id.text();
      entry.owner = "ann";
      entry.lane = lane;
      entry.direction = Direction::outbound;
    }
    static_cast<void>(queue::ingest_batch(connection, held, {}));
    gate("ann", std::chrono::hours(1));
    EXPECT_FALSE(claim_of(lane));
    const auto free = add_of("bob", lane);
    EXPECT_EQ(claim_of(lane).value().operation, free);
    EXPECT_FALSE(claim_of(lane));
    EXPECT_EQ(queue::queue_health(connection, lane).waiting, 0);
  }
}

TEST_F(GateTest, TellsTheNextTime) {
  EXPECT_FALSE(queue::next_due(connection, github));
  gate("bob", std::chrono::minutes(1));  // nothing of his waits
  gate("ann", std::chrono::minutes(2));
  static_cast<void>(add_of("ann", github));
  EXPECT_FALSE(queue::next_due(connection, "crm"));
  const auto opens_in = queue::next_due(connection, github);
  ASSERT_TRUE(opens_in);
  EXPECT_GT(*opens_in, std::chrono::seconds(110));
  EXPECT_LE(*opens_in, std::chrono::milliseconds(120'001));
}

TEST_F(GateTest, WakesAnIdleRunner) {
  auto options = runner_options();
  options.lane = github;
  options.queue.poll_interval = std::chrono::seconds(60);
  gate("ann", std::chrono::milliseconds(300));
  const auto id = add_of("ann", github);
  FunctionHandler handler([](queue::Attempt&) { return queue::AttemptResult{}; });
  queue::Runner runner(options, base::system_clock(), base::system_random());
  runner.add_handler("test", handler);
  std::jthread thread([&](const std::stop_token& stop) { runner.run_forever(stop); });
  EXPECT_TRUE(eventually([&] { return state(id) == "completed"; }));
}

}  // namespace gate_test
}  // namespace devy::testing
