// Everything at once, bounded in count: no deadlock, and the invariants hold afterwards.
#include <atomic>
#include <barrier>
#include <random>
#include <thread>

#include "core/platform/base/random.hpp"
#include "core/platform/queue/batch.hpp"
#include "core/platform/queue/gate.hpp"
#include "core/platform/queue/rescue.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace stress_test {

using base::Error;
using queue::Lease;
using queue::Outcome;
using queue::State;

constexpr std::chrono::milliseconds short_ttl{40};
constexpr int resources = 4;  // few, so that everybody meets
// Owners with gates: of one nothing may ever run, of the other one at a time.
const std::string closed = "closed", serial = "serial";
constexpr std::array directions{queue::Direction::inbound, queue::Direction::outbound};
const std::array<std::string, 3> lanes{"work", "github", "crm"};

class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(engine_); }
  bool one_in(int n) { return below(n) == 0; }

 private:
  std::mt19937 engine_;
};

constexpr pg::Statement some_operation{"some_operation", R"sql(
  select id from operation where arrival >= $1::bigint order by arrival limit 1)sql"};
constexpr pg::Statement newest_arrival{"newest_arrival", R"sql(
  select coalesce(max(arrival), 0) as arrival from operation)sql"};

class StressTest : public QueueTest {
 protected:
  void SetUp() override {
    for (int i = 0; i < resources; ++i)
      resources_.push_back(resource("stress-" + std::to_string(i), "o" + std::to_string(i % 2)));
    for (const auto direction : directions) {
      queue::set_gate(connection, {closed, direction,
                                   base::system_clock().now() + std::chrono::hours(1), "closed"});
      queue::set_gate(connection, {serial, direction, base::system_clock().now(), "serial", true});
    }
    seed_ = std::random_device()();
    RecordProperty("seed", std::to_string(seed_));
    std::printf("seed %u\n", seed_);
  }

  // Runs `act` in many threads, `rounds` times each; counts deadlocks and what nobody expects.
  using Act = std::function<void(pg::Connection&, Chance&, int round)>;
  void everybody(const std::vector<Act>& acts, int rounds) {
    std::barrier start(static_cast<std::ptrdiff_t>(acts.size()));
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < acts.size(); ++i)
      threads.emplace_back([&, i] {
        auto mine = connect();
        Chance chance(seed_ + static_cast<unsigned>(i));
        start.arrive_and_wait();
        for (int round = 0; round < rounds; ++round)
          guarded([&] { acts[i](mine, chance, round); });
      });
  }
  // What the rules refuse is expected; a deadlock or a timeout is not.
  void guarded(const std::function<void()>& act) {
    try {
      act();
    } catch (const Error& error) {
      if (error.code() == "lease_lost") ++zombies_;
      if (error.code() == "lease_lost" || error.code() == "cancel_requested" ||
          error.code() == "operation_conflict" || error.code() == "newer_upload")
        return;
      ++surprises_;
      ADD_FAILURE() << error.code() << ": " << error.text();
    }
  }

  void record(pg::Connection& session, Chance& chance, int round) {
    auto operation = event("r" + std::to_string(chance.below(6)));
    operation.resource = resources_[static_cast<std::size_t>(chance.below(resources))];
    operation.event_at = at("2026-01-02T00:00:00Z") + std::chrono::seconds(round + chance.below(4));
    operation.event_id = "guid-" + std::to_string(chance.below(200));
    operation.is_forced = chance.one_in(20);
    operation.direction = directions.at(static_cast<std::size_t>(chance.below(2)));
    operation.lane = lanes.at(static_cast<std::size_t>(chance.below(3)));
    operation.owner = some_owner(chance);
    const auto added = queue::ingest(session, operation);
    EXPECT_TRUE(is_terminal(added.state) || added.state == State::verified);
    ++recorded_;
  }
  [[nodiscard]] static std::optional<std::string> some_owner(Chance& chance) {
    if (chance.one_in(6)) return closed;
    if (chance.one_in(4)) return serial;
    return std::nullopt;
  }

  // Several at once, as intake does it.
  void record_batch(pg::Connection& session, Chance& chance, int round) {
    std::vector<queue::BatchEntry> entries(static_cast<std::size_t>(1 + chance.below(6)));
    for (auto& entry : entries) {
      entry.id = event().id;
      entry.kind = "test";
      entry.resource_kind = "repository";
      entry.resource_key = "stress-" + std::to_string(chance.below(resources));
      if (chance.one_in(9)) entry.resource_key = "made-" + std::to_string(chance.below(9));
      entry.owner = some_owner(chance);
      entry.direction = directions.at(static_cast<std::size_t>(chance.below(2)));
      entry.lane = lanes.at(static_cast<std::size_t>(chance.below(3)));
      entry.event_at = at("2026-01-02T00:00:00Z") + std::chrono::seconds(round + chance.below(4));
    }
    const queue::BatchOptions options{.waits_for_locks = chance.one_in(2)};
    for (const auto& answer : queue::ingest_batch(session, entries, options)) {
      EXPECT_FALSE(answer.is_busy && options.waits_for_locks);
      if (!answer.is_busy) ++recorded_;
    }
  }

  // Short gates of the owners that are not named above.
  static void hold_back(pg::Connection& session, Chance& chance, int) {
    const auto owner = "o" + std::to_string(chance.below(2));
    const auto direction = directions.at(static_cast<std::size_t>(chance.below(2)));
    if (chance.one_in(3)) {
      queue::lift_gate(session, owner, direction);
      return;
    }
    queue::set_gate(
        session,
        {owner, direction, base::system_clock().now() + std::chrono::milliseconds(chance.below(20)),
         "stress", chance.one_in(3) ? std::optional(chance.one_in(2)) : std::nullopt});
  }

  // One attempt with everything that can become of it.
  void work(pg::Connection& session, Chance& chance, int) {
    queue::ClaimOptions options;
    options.worker = "stress/1.1/" + std::to_string(chance.below(8));
    options.ttl = short_ttl;
    options.lane = lanes.at(static_cast<std::size_t>(chance.below(3)));
    const auto claimed = queue::claim(session, base::system_clock(), options);
    if (!claimed) return;
    const auto& lease = *claimed;
    queue::StepOptions step{.step = "fetch", .ttl = short_ttl};
    step.fetched_revision = "r" + std::to_string(chance.below(6));
    if (queue::begin_step(session, lease, step) != queue::StepVerdict::go_on) {
      queue::finish(session, lease, {.outcome = Outcome::cancelled});
      return;
    }
    if (chance.one_in(6)) return;  // the worker dies
    if (chance.one_in(4)) static_cast<void>(queue::heartbeat(session, lease, short_ttl));
    if (chance.one_in(3)) {
      end_without_publishing(session, lease, chance);
      return;
    }
    publish(session, lease, chance);
  }

  // What gates promise, whatever else has happened.
  void expect_gates_kept() {
    EXPECT_EQ(database.number("select count(*) from devy.attempt a join devy.operation o on o.id ="
                              " a.operation_id where o.owner = 'closed'"),
              0);
    EXPECT_EQ(database.number(
                  "select count(*) from (select a.started_at, lag(a.ended_at) over (partition by"
                  " o.direction order by a.started_at) as ended_before, row_number() over"
                  " (partition by o.direction order by a.started_at) as place from devy.attempt a"
                  " join devy.operation o on o.id = a.operation_id where o.owner = 'serial') tries"
                  " where place > 1 and (ended_before is null or ended_before > started_at)"),
              0);
  }

  static void end_without_publishing(pg::Connection& session, const Lease& lease, Chance& chance) {
    constexpr std::array outcomes{Outcome::failed, Outcome::retry, Outcome::interrupted,
                                  Outcome::held};
    const auto outcome = outcomes.at(static_cast<std::size_t>(chance.below(4)));
    queue::finish(session, lease,
                  {.outcome = outcome, .error_code = "broken", .error_text = "it broke"});
  }

  static void publish(pg::Connection& session, const Lease& lease, Chance& chance) {
    static_cast<void>(queue::begin_step(
        session, lease, {.step = "publish", .is_interruptible = false, .ttl = short_ttl}));
    pg::Transaction transaction(session);
    queue::fence(session, lease, short_ttl);
    if (chance.one_in(3))
      session.execute({"slow_publish", "select pg_sleep(0.06)"});  // longer than the lease
    try {
      queue::finish(session, lease, {.revision = "r" + std::to_string(chance.below(6))});
    } catch (const Error& error) {
      if (error.code() != "cancel_requested") throw;
      transaction.rollback();
      queue::finish(session, lease, {.outcome = Outcome::cancelled});
      return;
    }
    if (chance.one_in(8)) return;  // dies before its commit
    transaction.commit();
  }

  void meddle(pg::Connection& session, Chance& chance, int) {
    const auto newest = session.one(newest_arrival)[0].integer("arrival");
    const auto from = std::max<std::int64_t>(newest - chance.below(12), 0);
    const auto found = session.maybe(some_operation, pg::Params(from));
    if (!found) return;
    const auto id = queue::OperationId::trusted((*found)[0].text("id"));
    switch (chance.below(8)) {
      case 0: queue::cancel(session, id, true, "stress"); break;
      case 1: queue::cancel(session, id, false, "stress"); break;
      case 2: queue::approve(session, id, "stress", ""); break;
      case 3: switch_off_and_on(session, chance); break;
      default: {
        queue::ReplayOptions options;
        options.is_forced = chance.one_in(3);
        options.is_from_start = chance.one_in(3);
        options.extra_attempts = chance.below(4);
        queue::replay(session, id, options);
      }
    }
  }

  void switch_off_and_on(pg::Connection& session, Chance& chance) {
    const auto chosen = resources_[static_cast<std::size_t>(chance.below(resources))];
    queue::set_enabled(session, chosen, false);
    queue::set_enabled(session, chosen, true);
  }

  static void rescue(pg::Connection& session, Chance& chance, int) {
    if (chance.one_in(10)) queue::give_back(session, "stress/1.1/9");
    else static_cast<void>(queue::rescue_one(session));
  }

  // Whatever is left ends when everything runs well at last.
  void drain() {
    expect_gates_kept();
    database.execute("delete from devy.owner_gate");
    database.execute("update devy.operation set run_at = now() where state = 'verified'");
    for (int round = 0; round < 100; ++round) {
      database.execute(
          "update devy.lease set lease_expires_at = now() - interval '1 s' "
          "where operation_id is not null");
      while (queue::rescue_one(connection)) {
      }
      bool has_run = false;
      for (const auto& lane : lanes)
        while (const auto lease = claim_now({.worker = "drain", .lane = lane})) {
          queue::finish(connection, *lease, {.revision = "end"});
          has_run = true;
        }
      if (!has_run) break;
    }
    EXPECT_EQ(database.number("select count(*) from devy.operation where finished_at is null and "
                              "state <> 'held'"),
              0);
  }

  std::vector<queue::ResourceId> resources_;
  unsigned seed_ = 0;
  std::atomic<int> recorded_{0}, zombies_{0}, surprises_{0};
};

TEST_F(StressTest, CausesNoDeadlock) {
  const Act recording = [&](auto& c, auto& r, int n) { record(c, r, n); };
  const Act working = [&](auto& c, auto& r, int n) { work(c, r, n); };
  const Act meddling = [&](auto& c, auto& r, int n) { meddle(c, r, n); };
  const Act rescuing = [&](auto& c, auto& r, int n) { rescue(c, r, n); };
  const Act batching = [&](auto& c, auto& r, int n) { record_batch(c, r, n); };
  const Act gating = [&](auto& c, auto& r, int n) { hold_back(c, r, n); };
  everybody({recording, recording, batching, working, working, working, working, working, working,
             meddling, gating, rescuing},
            150);
  EXPECT_EQ(surprises_, 0);
  EXPECT_GE(recorded_, 300);
  EXPECT_EQ(database.number("select count(*) from devy.operation"), recorded_);
  drain();
}

// The same with the invariants looked at while it goes on, between any two transactions.
TEST_F(StressTest, KeepsTheInvariantsAtEveryMoment) {
  const Act recording = [&](auto& c, auto& r, int n) { record(c, r, n); };
  const Act working = [&](auto& c, auto& r, int n) { work(c, r, n); };
  const Act meddling = [&](auto& c, auto& r, int n) { meddle(c, r, n); };
  const Act rescuing = [&](auto& c, auto& r, int n) { rescue(c, r, n); };
  const Act batching = [&](auto& c, auto& r, int n) { record_batch(c, r, n); };
  const Act gating = [&](auto& c, auto& r, int n) { hold_back(c, r, n); };
  const Act looking = [&](auto&, auto&, int round) {
    if (round % 20 == 0) TearDown();
  };
  everybody({recording, batching, working, working, working, working, meddling, gating, rescuing,
             looking},
            200);
  EXPECT_EQ(surprises_, 0);
  drain();
}

}  // namespace stress_test
}  // namespace devy::testing
