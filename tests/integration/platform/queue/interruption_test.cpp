// Every operation ends: one that is given back again and again is bounded by time, and so is its
// history.
#include "core/platform/queue/unknown_kinds.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace interruption_test {

using queue::Outcome;
using queue::State;
using std::chrono::hours;
using std::chrono::seconds;

class InterruptionTest : public QueueTest {
 protected:
  // Claims it, begins a step, and gives it back because another server wants it.
  State interrupt(std::chrono::milliseconds delay, const std::string& code = "rate_limited",
                  const std::string& name = "fetch") {
    const auto lease = claim_one();
    static_cast<void>(step(lease, name));
    queue::AttemptResult result{.outcome = Outcome::interrupted};
    if (!code.empty()) {
      result.error_code = code;
      result.error_text = "unable to fetch: too many requests";
      result.error_hint = "Wait.";
    }
    result.delay = delay;
    return queue::finish(connection, lease, result);
  }
  void pass(hours time) {
    const auto before = " - interval '" + std::to_string(time.count()) + " hours'";
    database.execute("update devy.operation set run_at = run_at" + before +
                     ", stalled_at = stalled_at" + before);
  }
  void make_all_due() {
    database.execute("update devy.operation set run_at = least(run_at, now())");
  }
};

TEST_F(InterruptionTest, FailsAfterADayWithItsLastReason) {
  const auto id = add_waiting();
  EXPECT_EQ(interrupt(hours(13)), State::verified);
  pass(hours(13));
  EXPECT_EQ(interrupt(hours(12)), State::verified);
  pass(hours(12));
  EXPECT_EQ(interrupt(seconds(1)), State::failed);
  EXPECT_EQ(column(id, "error_code || ': ' || error_text"),
            "rate_limited: unable to fetch: too many requests");
  EXPECT_NE(column(id, "error_hint").find("queue.stalled_max"), std::string::npos);
  queue::replay(connection, id, {});
  EXPECT_EQ(interrupt(seconds(1)), State::verified) << "a replay begins anew";
}

TEST_F(InterruptionTest, FailsWithACodeOfItsOwnWhereNobodyGaveAReason) {
  const auto id = add_waiting();
  interrupt(hours(25), "");
  pass(hours(25));
  EXPECT_EQ(interrupt(seconds(0), ""), State::failed);
  EXPECT_EQ(column(id, "error_code"), "stalled");
}

TEST_F(InterruptionTest, FollowsTheConfiguredTime) {
  add_waiting();
  interrupt(hours(2));
  pass(hours(2));
  const auto lease = claim_one();
  queue::AttemptResult result{.outcome = Outcome::interrupted};
  result.stalled_max = hours(1);
  EXPECT_EQ(queue::finish(connection, lease, result), State::failed);
}

TEST_F(InterruptionTest, DoesNotCountWhatAPauseHoldsBack) {
  const auto id = add_waiting();
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(interrupt(seconds(0), ""), State::verified);
    queue::pause(connection, repository, "maintenance window");
    pass(hours(24 * 10));
    queue::resume(connection, repository);
  }
  EXPECT_EQ(column(id, "stalled_for < interval '1 minute'"), "t");
  complete(claim_one(), "a");
}

TEST_F(InterruptionTest, BeginsAnewWithEachNewStepButNotInACircle) {
  const auto id = add_waiting();
  for (const auto* name : {"fetch", "snapshot", "publish"}) {
    EXPECT_EQ(interrupt(hours(20), "rate_limited", name), State::verified) << name;
    pass(hours(20));
  }
  EXPECT_EQ(interrupt(hours(20), "rate_limited", "fetch"), State::verified);
  pass(hours(20));
  EXPECT_EQ(interrupt(hours(20), "rate_limited", "snapshot"), State::failed)
      << "it has been at both of them before";
  EXPECT_EQ(column(id, "error_code"), "rate_limited");
}

TEST_F(InterruptionTest, ComesBackAtGrowingIntervals) {
  const auto id = add_waiting();
  constexpr const char* delay = "extract(epoch from run_at - stalled_at)::integer";
  interrupt(seconds(1));
  EXPECT_EQ(column(id, delay), "1") << "first as the server says";
  database.execute("update devy.operation set stalled_for = interval '20 minutes'");
  make_all_due();
  interrupt(seconds(1));
  const auto later = std::stoi(column(id, delay));
  EXPECT_GE(later, 4 * 60);
  EXPECT_LE(later, 6 * 60 + 2);
  database.execute("update devy.operation set stalled_for = interval '20 hours'");
  make_all_due();
  interrupt(seconds(1));
  EXPECT_LE(std::stoi(column(id, delay)), 18 * 60 + 2) << "a bound";
  make_all_due();
  interrupt(hours(1));
  EXPECT_EQ(column(id, delay), "3600") << "never sooner than the server says";
  make_all_due();
  interrupt(seconds(0), "");
  EXPECT_EQ(column(id, delay), "0") << "a worker that stops is no reason to wait";
}

TEST_F(InterruptionTest, KeepsOneRowOfEqualOnes) {
  const auto id = add_waiting();
  interrupt(seconds(0));
  const auto events = history(id);
  EXPECT_EQ(events, "verified scheduled processing verified");
  for (int i = 0; i < 43; ++i) {
    make_all_due();
    interrupt(seconds(0));
  }
  EXPECT_EQ(history(id), events);
  EXPECT_EQ(attempts(id), "1:interrupted");
  EXPECT_EQ(
      database.scalar("select repeats || ' ' || fence || ' ' || (repeated_since < started_at) "
                      "from devy.attempt"),
      "43 44 true");
  make_all_due();
  interrupt(seconds(0), "busy");
  make_all_due();
  complete(claim_one(), "a");
  EXPECT_EQ(attempts(id), "1:interrupted 1:interrupted 1:completed")
      << "another reason, another row";
  EXPECT_EQ(history(id), events + " scheduled processing verified scheduled completed");
}

TEST_F(InterruptionTest, KeepsTheHistoryAppendOnlyAllTheSame) {
  add_waiting();
  interrupt(seconds(0));
  EXPECT_EQ(error_code([&] {
              connection.run_script("delete", "delete from devy.operation_event where seq = 4");
            }),
            "DV002");
}

// Claim leaves them to programs that know the kind; when there is none, they would wait for ever.
TEST_F(InterruptionTest, EndsWhatNoProgramRuns) {
  const auto old = add_waiting();
  auto known = event();
  known.resource = resource("2");
  known.kind = "upload";
  add(known);
  auto paused = event();
  paused.resource = resource("3");
  add(paused);
  queue::pause(connection, paused.resource, "maintenance window");
  database.execute("update devy.operation set run_at = now() - interval '25 hours'");
  auto young = event();
  young.resource = resource("4");
  add(young);
  const config::Config config;
  const auto task = queue::end_unknown_kinds({"upload"}).make(config);
  queue::MaintenanceCounts counts;
  EXPECT_FALSE(task->run(connection, counts, {}));
  EXPECT_EQ(counts["unknown_kinds"], 1);
  EXPECT_EQ(column(old, "state || ': ' || cancel_reason"),
            "cancelled: no program runs operations of kind test");
  EXPECT_EQ(state(known.id) + " " + state(paused.id) + " " + state(young.id),
            "verified verified verified");
  database.execute("update devy.operation set run_at = now() where finished_at is null");
}

}  // namespace interruption_test
}  // namespace devy::testing
