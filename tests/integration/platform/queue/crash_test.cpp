// The server crashes right after a claim. Claims are committed without waiting for the disk; what
// waits for a person or for another system is not.
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace crash_test {

using queue::State;

constexpr int tries_max = 10;  // any server process may write a claim out early

class CrashTest : public QueueTest {
 protected:
  // So that the one process that would write claims out soon does not.
  CrashTest() { delay_writing("10s"); }
  ~CrashTest() override { delay_writing("200ms"); }

  void crash() {
    postgres().restart(cluster::StopMode::immediate);
    connection = connect();
  }

 private:
  void delay_writing(const std::string& delay) const {
    database.execute("alter system set wal_writer_delay = '" + delay + "'");
    database.execute("select pg_reload_conf()");
  }
};

TEST_F(CrashTest, ForgetsAClaimAndNothingElse) {
  for (int n = 0; n < tries_max; ++n) {
    const auto id = add_waiting();
    const auto forgotten = claim_one("first");
    ASSERT_EQ(forgotten.operation, id);
    crash();
    if (state(id) != "verified") {
      ASSERT_EQ(state(id), "scheduled");
      EXPECT_EQ(complete(forgotten, "a"), State::completed);
      continue;
    }
    // To its worker it is as if another had taken over, and another does.
    EXPECT_EQ(error_code([&] { static_cast<void>(step(forgotten, "publish")); }), "lease_lost");
    const auto second = claim_one("second");
    EXPECT_EQ(second.operation, id);
    EXPECT_EQ(second.fence, forgotten.fence);
    EXPECT_EQ(error_code([&] { complete(forgotten, "a"); }), "lease_lost");
    EXPECT_EQ(complete(second, "b"), State::completed);
    EXPECT_EQ(attempts(id), std::to_string(second.fence) + ":completed");
    return;
  }
  FAIL() << "the server wrote every claim out at once";
}

TEST_F(CrashTest, KeepsAClaimOnceItsWorkerHasWritten) {
  const auto id = add_waiting();
  const auto lease = claim_one("first");
  EXPECT_EQ(step(lease, "fetch"), queue::StepVerdict::go_on);
  crash();
  EXPECT_EQ(column(id, "step"), "fetch");
  EXPECT_EQ(complete(lease, "a"), State::completed);
  crash();
  EXPECT_EQ(history(id), "verified scheduled processing completed");
}

TEST_F(CrashTest, KeepsOtherTransactions) {
  const auto synchronous = [&] {
    constexpr pg::Statement show{"show_commit", "show synchronous_commit"};
    return connection.one(show)[0].text("synchronous_commit");
  };
  add_waiting();
  claim_one();
  EXPECT_EQ(synchronous(), "on");
  queue::wake_workers(connection);
  EXPECT_EQ(synchronous(), "on");
  EXPECT_FALSE(claim_now({.worker = "second"}));
  EXPECT_EQ(synchronous(), "on");
}

}  // namespace crash_test
}  // namespace devy::testing
