// Rule 2 of the queue: who gets what to run, and that nobody gets it twice.
#include <algorithm>
#include <mutex>
#include <set>
#include <thread>

#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace claim_test {

using queue::ClaimOptions;
using queue::Outcome;

// Of this transaction.
constexpr pg::Statement rows_read{"rows_read", R"sql(
  select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint as rows from pg_stat_xact_user_tables)sql"};

class ClaimTest : public QueueTest {
 protected:
  [[nodiscard]] bool is_anything_due() { return claim_now({.worker = "probe"}).has_value(); }
};

TEST_F(ClaimTest, LeasesTheOperationToOneWorker) {
  const auto id = add_waiting("a1");
  const auto sent_at = base::system_clock().monotonic_now();
  const auto lease = claim_one("host/1.2/3");
  EXPECT_EQ(lease.operation, id);
  EXPECT_EQ(lease.resource, repository);
  EXPECT_EQ(lease.fence, 1);
  EXPECT_EQ(lease.kind, "test");
  EXPECT_EQ(lease.attempt, 1);
  EXPECT_EQ(lease.max_attempts, 12);
  EXPECT_EQ(lease.announced_revision, "a1");
  EXPECT_GT(lease.trusted_until, sent_at + std::chrono::seconds(26));
  EXPECT_LT(lease.trusted_until, sent_at + std::chrono::seconds(30));
  EXPECT_EQ(history(id), "verified scheduled");
  EXPECT_EQ(attempts(id), "1:open");
  EXPECT_EQ(database.scalar("select worker from devy.lease"), "host/1.2/3");
  EXPECT_FALSE(is_anything_due());
}

TEST_F(ClaimTest, TakesTheMostUrgentThenTheOldest) {
  const auto later = add_waiting_to(resource("2")), sooner = add_waiting_to(resource("3"));
  const auto urgent = add_waiting_to(resource("4"));
  database.execute("update devy.operation set run_at = now() - interval '1 min' where id = '" +
                   sooner.text() + "'");
  database.execute("update devy.operation set priority = 10 where id = '" + urgent.text() + "'");
  EXPECT_EQ(claim_one().operation, urgent);
  EXPECT_EQ(claim_one().operation, sooner);
  EXPECT_EQ(claim_one().operation, later);
}

TEST_F(ClaimTest, WaitsUntilItIsDue) {
  const auto id = add_waiting();
  database.execute("update devy.operation set run_at = now() + interval '1 h'");
  EXPECT_FALSE(is_anything_due());
  make_due(id);
  EXPECT_EQ(claim_one().operation, id);
}

TEST_F(ClaimTest, RunsOneOfAResourceAtATime) {
  add_waiting("a");
  const auto first = claim_one();
  const auto next = add_waiting("b");
  EXPECT_FALSE(is_anything_due());
  complete(first, "a");
  const auto second = claim_one();
  EXPECT_EQ(second.operation, next);
  EXPECT_EQ(second.fence, 2);
}

TEST_F(ClaimTest, LeavesAPausedResourceAlone) {
  add_waiting();
  const auto other = add_waiting_to(resource("2"));
  queue::pause(connection, repository, "being looked at");
  EXPECT_EQ(claim_one().operation, other);
  EXPECT_FALSE(is_anything_due());
  queue::resume(connection, repository);
  EXPECT_TRUE(is_anything_due());
}

TEST_F(ClaimTest, ContinuesAtTheEndOfAPause) {
  add_waiting();
  database.execute("update devy.resource set paused_until = now() + interval '1 h'");
  EXPECT_FALSE(is_anything_due());
  database.execute("update devy.resource set paused_until = now() - interval '1 s'");
  EXPECT_TRUE(is_anything_due());
}

TEST_F(ClaimTest, TakesNothingWhileTheQueueIsPaused) {
  add_waiting();
  queue::pause(connection, std::nullopt, "upgrade");
  EXPECT_EQ(database.scalar("select reason from devy.queue_control"), "upgrade");
  EXPECT_FALSE(is_anything_due());
  queue::resume(connection, std::nullopt);
  EXPECT_TRUE(is_anything_due());
}

TEST_F(ClaimTest, TakesNothingOfASwitchedOffResource) {
  add_waiting();
  database.execute("update devy.resource set is_enabled = false");
  EXPECT_FALSE(is_anything_due());
}

TEST_F(ClaimTest, TakesOnlyWhatItIsAskedFor) {
  add_waiting();
  const auto asked = add_waiting_to(resource("2"));
  const ClaimOptions options{.worker = "here", .only = asked};
  const auto lease = claim_now(options);
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->operation, asked);
  EXPECT_FALSE(claim_now(options));
}

TEST_F(ClaimTest, IsFairBetweenOwners) {
  for (const std::string key : {"11", "12", "13", "14"})
    add_waiting_to(resource(key, "busy"));
  const auto other = add_waiting_to(resource("21", "other"));
  claim_one();
  claim_one();
  EXPECT_EQ(claim_one().operation, other);
}

TEST_F(ClaimTest, GivesABusyOwnerFreeWorkers) {
  for (const std::string key : {"11", "12", "13", "14"})
    add_waiting_to(resource(key, "busy"));
  for (int i = 0; i < 4; ++i)
    claim_one();
  EXPECT_FALSE(is_anything_due());
}

TEST_F(ClaimTest, PutsAPausedOperationOutOfTheLineAndBack) {
  const auto id = add_waiting(), later = add_waiting_to(resource("2"));
  queue::pause(connection, repository, "being looked at");
  EXPECT_EQ(column(id, "run_at"), "infinity");
  const auto newer = add_waiting("b");
  EXPECT_EQ(state(id), "cancelled");
  EXPECT_EQ(column(newer, "run_at"), "infinity");
  EXPECT_FALSE(queue::next_due(connection, queue::work_lane));
  queue::resume(connection, repository);
  // It has the place of the one that it replaced.
  EXPECT_EQ(claim_one().operation, newer);
  EXPECT_EQ(claim_one().operation, later);
}

TEST_F(ClaimTest, KeepsARetryOfAPausedResourceOutOfTheLine) {
  const auto id = add_waiting();
  const auto lease = claim_one();
  queue::pause(connection, repository, "being looked at");
  EXPECT_EQ(end(lease, Outcome::retry), queue::State::verified);
  EXPECT_EQ(column(id, "run_at"), "infinity");
  queue::resume(connection, repository);
  EXPECT_EQ(claim_one().operation, id);
}

// More than a claim looks at in order.
constexpr int many = 40;

TEST_F(ClaimTest, PassesOverALongLineOfABusyOwner) {
  for (int n = 0; n < many; ++n)
    add_waiting_to(resource("busy-" + std::to_string(n), "busy"));
  claim_one();
  claim_one();
  const auto other = add_waiting_to(resource("other", "other"));
  const auto lease = claim_one();
  EXPECT_EQ(lease.operation, other);
  EXPECT_EQ(lease.after_owner, "other");
  const auto urgent = add_waiting_to(resource("urgent", "other"));
  database.execute("update devy.operation set priority = 50 where id = '" + urgent.text() + "'");
  EXPECT_EQ(claim_one().operation, urgent);
  EXPECT_TRUE(is_anything_due());
}

TEST_F(ClaimTest, ServesEveryOtherOwnerBeforeABusyOne) {
  for (int n = 0; n < many; ++n)
    add_waiting_to(resource("busy-" + std::to_string(n), "busy"));
  claim_one();
  claim_one();
  std::multiset<std::string> expected, found;
  for (int n = 0; n < many; ++n) {
    const auto owner = "owner-" + std::to_string(n);
    for (const std::string key : {"a", "b"}) {
      add_waiting_to(resource(owner + key, owner));
      expected.insert(owner);
    }
  }
  ClaimOptions options{.worker = "tester"};
  for (int n = 0; n < 2 * many; ++n) {
    const auto lease = claim_now(options).value();
    options.after_owner = lease.after_owner;
    found.insert(lease.after_owner.value_or("in order"));
  }
  EXPECT_EQ(found, expected);
}

// However long a backfill of one owner is: a claim for another reads the same rows.
TEST_F(ClaimTest, ReadsNoMoreForOneOwnerWhenAnotherHasManyWaiting) {
  const auto add_backfill = [&](int from, int to) {
    const auto range = std::to_string(from) + ", " + std::to_string(to);
    database.execute(
        "set session_replication_role = replica;"
        "insert into devy.resource (kind, key, owner)"
        " select 'backfill', n::text, 'busy' from generate_series(" +
        range +
        ") n;"
        "insert into devy.lease (resource_id) select id from devy.resource r where kind = "
        "'backfill'"
        " and not exists (select from devy.lease l where l.resource_id = r.id);"
        "insert into devy.operation (id, kind, resource_id, owner, state, source, run_at, "
        "event_count)"
        " select gen_random_uuid(), 'test', id, owner, 'verified', 'webhook',"
        " now() - interval '1 hour', 1 from devy.resource"
        " where kind = 'backfill' and key::integer between " +
        std::to_string(from) + " and " + std::to_string(to) +
        "; analyze devy.operation, devy.lease, devy.resource");
  };
  const auto rows_for_another = [&](const std::string& key) {
    const auto mine = add_waiting_to(resource(key, key));
    pg::Transaction transaction(connection);
    EXPECT_EQ(claim_one().operation, mine);
    const auto read = connection.query(rows_read)[0].integer("rows");
    transaction.commit();
    return read;
  };
  constexpr int few = 100, most = 20'000;
  for (const std::string key : {"running", "running too"}) {
    add_waiting_to(resource(key, "busy"));
    claim_one();
  }
  add_backfill(1, few);
  static_cast<void>(rows_for_another("planned"));
  const auto beside_few = rows_for_another("one");
  add_backfill(few + 1, most);
  const auto beside_most = rows_for_another("two");
  EXPECT_GT(beside_few, 0);
  EXPECT_LE(beside_most, beside_few + few);
  // Nobody is to run it.
  database.execute(
      "set session_replication_role = replica; delete from devy.operation"
      " where state = 'verified' and owner = 'busy'");
}

TEST_F(ClaimTest, FindsWhatIsDueBehindUrgentOperationsThatAreNot) {
  for (int n = 0; n < many; ++n)
    add_waiting_to(resource(std::to_string(n)));
  database.execute("update devy.operation set priority = 10, run_at = now() + interval '1 h'");
  const auto due = add_waiting();
  EXPECT_EQ(claim_one().operation, due);
  EXPECT_FALSE(is_anything_due());
  const auto next = queue::next_due(connection, queue::work_lane);
  EXPECT_GT(next.value(), std::chrono::minutes(59));
}

// Where the line moves fast its front is looked at now and then, and whenever nothing is due
// behind.
TEST_F(ClaimTest, ContinuesAtItsPositionAndReturnsToTheFront) {
  const auto first = add_waiting_to(resource("first"));
  const auto second = add_waiting_to(resource("second"));
  const auto third = add_waiting_to(resource("third"));
  const auto take = [&](const queue::ClaimCursor& line, base::MonotonicTime now) {
    return claim_now({.worker = "tester", .from = line.place(now)}).value_or(queue::Lease{});
  };
  const auto second_lease = claim_now({.worker = "tester", .only = second});
  ASSERT_TRUE(second_lease);
  const base::MonotonicTime now{std::chrono::hours(1)};
  queue::ClaimCursor line;
  EXPECT_FALSE(line.place(now));
  line.note(second_lease, now);
  EXPECT_EQ(take(line, now).operation, third);
  EXPECT_EQ(take(line, now).operation, first);
  EXPECT_EQ(take(line, now).operation, queue::OperationId{});
}

TEST_F(ClaimTest, RemembersItsPositionForAMoment) {
  const auto id = add_waiting();
  const auto lease = claim_now({.worker = "tester"});
  ASSERT_TRUE(lease);
  EXPECT_EQ(std::to_string(lease->place.arrival), column(id, "arrival"));
  const base::MonotonicTime now{std::chrono::hours(1)};
  queue::ClaimCursor line;
  line.note(lease, now);
  const auto soon = now + std::chrono::milliseconds(99),
             late = now + std::chrono::milliseconds(100);
  ASSERT_TRUE(line.place(soon));
  EXPECT_EQ(line.place(soon)->arrival, lease->place.arrival);
  // What is claimed meanwhile does not make the moment longer.
  line.note(lease, soon);
  EXPECT_FALSE(line.place(late));
  // At the front there was nothing.
  line.note(std::nullopt, late);
  EXPECT_FALSE(line.place(late));
}

TEST_F(ClaimTest, KeepsWhatEarlierAttemptsFound) {
  const auto id = add_waiting();
  const auto first = claim_one();
  static_cast<void>(step(first, "diff", true, "a2"));
  end(first, Outcome::retry);
  make_due(id);
  const auto second = claim_one();
  EXPECT_EQ(second.step, "diff");
  EXPECT_EQ(second.fetched_revision, "a2");
  EXPECT_EQ(second.attempt, 2);
  EXPECT_EQ(column(id, "started_at < clock_timestamp()"), "t");
}

TEST_F(ClaimTest, TakesNoLeaseThatIsHeld) {
  const auto id = add_waiting();
  // As it would look between the candidates and the lease: somebody else was faster.
  database.execute(
      "update devy.lease set fence = 7, operation_id = gen_random_uuid(), worker = 'x', "
      "lease_expires_at = now()");
  EXPECT_FALSE(is_anything_due());
  EXPECT_EQ(state(id), "verified");
  database.execute(
      "update devy.lease set operation_id = null, worker = null, "
      "lease_expires_at = null");
  EXPECT_EQ(claim_one().fence, 8);
}

// Whoever holds it may wait for somebody who waits for the operation that the claim has locked.
TEST_F(ClaimTest, WaitsForNoLeaseAndTakesTheNextOperation) {
  const auto first = add_waiting(), next = add_waiting_to(resource("2"));
  auto other = connect();
  pg::Transaction transaction(other);
  other.execute({"hold_lease", "select 1 from lease order by resource_id limit 1 for update"});
  EXPECT_EQ(claim_one().operation, next);
  EXPECT_FALSE(is_anything_due());
  transaction.rollback();
  EXPECT_EQ(claim_one().operation, first);
}

TEST_F(ClaimTest, GivesEachOperationOnceToManyWorkers) {
  constexpr int workers = 6, operations = 120;
  for (int i = 0; i < operations; ++i)
    add_waiting_to(resource("many-" + std::to_string(i), "owner-" + std::to_string(i % 7)));
  std::mutex mutex;
  std::multiset<std::string> claimed;
  {
    std::vector<std::jthread> threads;
    for (int n = 0; n < workers; ++n)
      threads.emplace_back([&, n] {
        auto mine = connect();
        ClaimOptions options;
        options.worker = "worker-" + std::to_string(n);
        for (;;) {
          const auto lease = queue::claim(mine, base::system_clock(), options);
          if (!lease) return;
          queue::finish(mine, *lease, {.revision = "r"});
          const std::scoped_lock lock(mutex);
          claimed.insert(lease->operation.text());
        }
      });
  }
  // A worker may see nothing while the others hold the last ones; none is lost or run twice.
  EXPECT_EQ(std::set<std::string>(claimed.begin(), claimed.end()).size(), claimed.size());
  EXPECT_EQ(claimed.size(), static_cast<std::size_t>(operations));
  EXPECT_EQ(database.number("select count(*) from devy.attempt"), operations);
}

// Somebody has migrated the database below a worker.
TEST_F(ClaimTest, RefusesProgramsOfAnotherSchemaVersion) {
  const auto id = add_waiting();
  database.execute("insert into devy.schema_version (version) values (99)");
  EXPECT_EQ(error_code([&] { static_cast<void>(claim_now({.worker = "old"})); }), "schema_newer");
  EXPECT_EQ(state(id), "verified");
  database.execute("delete from devy.schema_version where version = 99");
  EXPECT_TRUE(claim_now({.worker = "new"}));
}

}  // namespace claim_test
}  // namespace devy::testing
