// Rule 5 of the queue: what workers leave behind that are gone.
#include "core/platform/queue/rescue.hpp"

#include <unistd.h>

#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace rescue_test {

using queue::State;

class RescueTest : public QueueTest {};

TEST_F(RescueTest, LeavesALiveLeaseAlone) {
  add_waiting();
  const auto lease = claim_one();
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
  complete(lease, "a");
}

TEST_F(RescueTest, LetsAnExpiredOperationWaitAgain) {
  const auto id = add_waiting();
  expire(claim_one("host/7.7/1"));
  const auto rescued = queue::rescue_one(connection);
  ASSERT_TRUE(rescued.has_value());
  EXPECT_EQ(rescued->id, id);
  EXPECT_EQ(rescued->state, State::verified);
  EXPECT_EQ(column(id, "crashes || ' ' || error_code || ' ' || error_text"),
            "1 worker_lost the lease of worker host/7.7/1 ran out");
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
  EXPECT_EQ(claim_one().fence, 3);
}

TEST_F(RescueTest, FailsTheThirdCrash) {
  const auto id = add_waiting();
  for (int crash = 1; crash <= 3; ++crash) {
    expire(claim_one());
    EXPECT_EQ(queue::rescue_one(connection)->state, crash < 3 ? State::verified : State::failed);
  }
  EXPECT_EQ(column(id, "error_code"), "worker_crashed");
  EXPECT_EQ(attempts(id), "1:rescued 2:rescued 3:rescued");
}

TEST_F(RescueTest, CountsCrashesFromZeroAfterAReplay) {
  const auto id = add_waiting();
  for (int crash = 1; crash <= 3; ++crash) {
    expire(claim_one());
    static_cast<void>(queue::rescue_one(connection));
  }
  queue::replay(connection, id, {});
  expire(claim_one());
  EXPECT_EQ(queue::rescue_one(connection)->state, State::verified);
}

TEST_F(RescueTest, EndsWhatAPersonHasStopped) {
  const auto id = add_waiting();
  expire(claim_one());
  queue::cancel(connection, id, false, "by ann");
  EXPECT_EQ(queue::rescue_one(connection)->state, State::cancelled);
}

TEST_F(RescueTest, GivesWayToANewerOne) {
  add_waiting("a");
  const auto lease = claim_one();
  add_waiting("b");
  expire(lease);
  EXPECT_EQ(queue::rescue_one(connection)->state, State::cancelled);
}

TEST_F(RescueTest, SkipsALockedLease) {
  add_waiting();
  const auto locked = claim_one();
  const auto other = add_waiting_to(resource("2"));
  const auto free = claim_one();
  expire(locked);
  expire(free);
  auto worker = connect();
  const pg::Transaction publish(worker);
  queue::fence(worker, locked, std::chrono::milliseconds(-1));
  EXPECT_EQ(queue::rescue_one(connection)->id, other);
  EXPECT_EQ(queue::rescue_one(connection), std::nullopt);
}

TEST_F(RescueTest, NamesThisProcess) {
  const auto name = queue::worker_name(4);
  EXPECT_NE(name.find("/" + std::to_string(getpid()) + "."), std::string::npos) << name;
  EXPECT_TRUE(name.ends_with("/4"));
  EXPECT_EQ(name, queue::worker_name(4));
}

TEST_F(RescueTest, ReleasesWhatDeadProcessesOfThisHostHold) {
  const auto alive = queue::worker_name(1);
  const auto process = alive.substr(alive.find('/') + 1);
  const auto host = alive.substr(0, alive.find('/'));
  // The same process id, started at another time: another process.
  const auto reused = host + "/" + process.substr(0, process.find('.')) + ".1/1";
  const auto gone = host + "/4194303.5/1";
  add_waiting();
  claim_one(alive);
  for (const auto& worker : {reused, gone, std::string("elsewhere/4194303.5/1"), host + "/odd"}) {
    add_waiting_to(resource(worker));
    claim_one(worker);
  }
  EXPECT_EQ(queue::release_dead_workers(connection), 2);
  EXPECT_EQ(database.number("select count(*) from devy.lease where worker is not null"), 3);
  EXPECT_EQ(database.number("select count(*) from devy.operation where crashes = 1"), 2);
  EXPECT_EQ(queue::release_dead_workers(connection), 0);
}

TEST_F(RescueTest, ReturnsALostClaimWithoutCountingIt) {
  const auto id = add_waiting();
  claim_one("host/1.1/1");
  EXPECT_EQ(queue::give_back(connection, "host/1.1/1"), 1);
  EXPECT_EQ(column(id, "state || ' ' || attempt || ' ' || crashes"), "verified 0 0");
  EXPECT_EQ(attempts(id), "1:interrupted");
}

}  // namespace rescue_test
}  // namespace devy::testing
