// Retention of operations: what goes, what stays, and in which steps.
#include "core/platform/queue/prune.hpp"

#include "core/platform/queue/prune_pass.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace prune_test {

using std::chrono::hours;

constexpr base::Duration kept = hours(24);

class PruneTest : public QueueTest {
 protected:
  PruneTest() { config.prune.older_than = hours(24); }

  static std::vector<std::string> none(pg::Connection&, const std::vector<std::string>&) {
    return {};
  }
  [[nodiscard]] static queue::Prunable operations() {
    return queue::prunable_operations({{"test", {"tests", "tests"}}}, {none});
  }
  queue::PruneBatch batch(int rows_max, const std::string& position = {}) {
    return operations().prune(connection, {kept, position, rows_max});
  }
  // All of them, as `prune` does.
  std::int64_t prune() {
    return queue::prune_all(connection, operations(), queue::ages_of(config),
                            queue::ages_of(config), base::system_clock(),
                            [](const queue::PruneCounts&) {})["tests"];
  }
  // Ended ones of one resource, oldest first; a newer one is recorded after them and stays.
  std::vector<queue::OperationId> ended(int count) {
    std::vector<queue::OperationId> ids;
    for (int i = 0; i < count; ++i) {
      ids.push_back(add_waiting("revision " + std::to_string(i)));
      complete(claim_one(), "revision " + std::to_string(i));
      make_old(ids.back(), 200 - i);
    }
    add_waiting("the last");
    return ids;
  }
  void make_old(const queue::OperationId& id, int days) const {
    database.execute("update devy.operation set finished_at = now() - interval '" +
                     std::to_string(days) + " days' where id = '" + id.text() + "'");
  }
  // An ended one that points to `to`.
  queue::OperationId duplicate_of(const queue::OperationId& to, int days_ago) {
    const auto id = queue::OperationId::trusted(base::system_random().uuid());
    database.execute(
        "insert into devy.operation (id, kind, resource_id, source, state, finished_at, "
        "duplicate_of) values ('" +
        id.text() + "', 'test', " + std::to_string(repository) + ", 'poll', 'duplicate', now() - " +
        "interval '" + std::to_string(days_ago) + " days', '" + to.text() + "')");
    return id;
  }
  [[nodiscard]] bool is_there(const queue::OperationId& id) const {
    return database.number("select count(*) from devy.operation where id = '" + id.text() + "'") ==
           1;
  }

  config::Config config;
};

TEST_F(PruneTest, DeletesOldOperationsWithTheirHistory) {
  const auto ids = ended(2);
  EXPECT_EQ(prune(), 1) << "the last completed one stays, however old";
  EXPECT_FALSE(is_there(ids[0]));
  EXPECT_EQ(history(ids[0]) + attempts(ids[0]), "");
  EXPECT_TRUE(is_there(ids[1]));
  EXPECT_EQ(prune(), 0);
}

TEST_F(PruneTest, KeepsWhatARemainingOperationPointsTo) {
  const auto ids = ended(2);
  const auto old = duplicate_of(ids[0], 100);
  const auto young = duplicate_of(old, 0);
  EXPECT_EQ(prune(), 0) << "each is pointed to by the next";
  make_old(young, 50);
  EXPECT_EQ(prune(), 3) << "the first pass finds two of them blocked";
  EXPECT_FALSE(is_there(ids[0]));
}

TEST_F(PruneTest, KeepsWhatASystemNeeds) {
  const auto ids = ended(3);
  static std::string needed;
  needed = ids[0].text();
  const auto operations = queue::prunable_operations(
      {{"test", {"tests", "tests"}}}, {[](pg::Connection&, const std::vector<std::string>&) {
        return std::vector<std::string>{needed};
      }});
  EXPECT_EQ(operations.prune(connection, {kept, {}, 10}).pruned.at("tests"), 1);
  EXPECT_TRUE(is_there(ids[0]));
  EXPECT_EQ(operations.estimate(connection, {kept, {}}, 10).counts.size(), 0U);
}

TEST_F(PruneTest, CountsUnknownKindsApart) {
  ended(2);
  const auto operations = queue::prunable_operations({{"upload", {"uploads", "uploads"}}}, {});
  EXPECT_EQ(operations.prune(connection, {kept, {}, 10}).pruned,
            (queue::PruneCounts{{"other_operations", 1}}));
}

TEST_F(PruneTest, LooksAtNoMoreThanABatchAndGoesOnFromThere) {
  ended(6);
  const auto first = batch(2);
  EXPECT_EQ(first.pruned.at("tests"), 2);
  EXPECT_FALSE(first.is_last);
  // The one that stays is looked at once a pass, not once a batch.
  const auto second = batch(4, first.position);
  EXPECT_EQ(second.pruned.at("tests"), 3);
  EXPECT_FALSE(second.is_last);
  const auto last = batch(4, second.position);
  EXPECT_TRUE(last.pruned.empty());
  EXPECT_TRUE(last.is_last);
}

TEST_F(PruneTest, EstimatesWithoutDeleting) {
  const auto ids = ended(4);
  duplicate_of(ids[0], 100);
  const auto estimate = operations().estimate(connection, {kept, {}}, 100);
  EXPECT_EQ(estimate.counts.at("tests"), 4);
  EXPECT_FALSE(estimate.is_more);
  EXPECT_TRUE(operations().estimate(connection, {kept, {}}, 0).is_more);
  EXPECT_EQ(database.number("select count(*) from devy.operation"), 6);
  EXPECT_EQ(prune(), 4) << "as estimated";
}

TEST_F(PruneTest, WaitsForNobody) {
  const auto ids = ended(2);
  auto ingesting = connect();
  {
    const pg::Transaction transaction(ingesting);
    ingesting.run_script("lock", "select 1 from devy.resource for no key update");
    EXPECT_EQ(prune(), 0) << "its resource is locked: the next pass has it";
  }
  EXPECT_EQ(prune(), 1);
  EXPECT_FALSE(is_there(ids[0]));
}

// The rows that are read for a batch are counted instead of timed.
TEST_F(PruneTest, ReadsNoMoreWhereOneResourceHasMany) {
  constexpr int many = 3'000, some = 200, rows_for_each_max = 40;
  const auto first = ended(1)[0];
  database.execute(
      "insert into devy.operation (id, kind, resource_id, source, state, finished_at, duplicate_of)"
      " select gen_random_uuid(), 'test', " +
      std::to_string(repository) + ", 'poll', 'duplicate', now() - interval '100 days', '" +
      first.text() + "' from generate_series(1, " + std::to_string(many) + ")");
  const pg::Transaction transaction(connection);
  EXPECT_EQ(batch(some).pruned.at("tests"), some - 1);
  constexpr pg::Statement rows_read{"rows_read", R"sql(
    select sum(seq_tup_read + idx_tup_fetch)::bigint as count
      from pg_stat_xact_user_tables
     where schemaname = 'devy')sql"};
  EXPECT_LT(connection.one(rows_read)[0].integer("count"), some * rows_for_each_max);
}

TEST_F(PruneTest, GoesOnInMaintenanceWhereAnotherDaemonStopped) {
  ended(121);
  const auto maintenance = queue::prune_maintenance({operations()});
  const auto one = maintenance.make(config), other = maintenance.make(config);
  queue::MaintenanceCounts counts;
  EXPECT_TRUE(one->run(connection, counts, {}));
  EXPECT_EQ(counts["pruned"], 50);
  EXPECT_EQ(database.scalar("select begun_at is not null and covered_at is null and position <> '' "
                            "from devy.prune_pass"),
            "t");
  while (other->run(connection, counts, {})) {
  }
  EXPECT_EQ(counts["pruned"], 120);
  EXPECT_EQ(database.scalar("select begun_at is null and covered_at is not null and position = '' "
                            "and due_at > now() + interval '50 minutes' and pruned = 120 "
                            "from devy.prune_pass"),
            "t");
}

TEST_F(PruneTest, LetsOneDaemonAtATimePrune) {
  ended(2);
  const auto task = queue::prune_maintenance({operations()}).make(config);
  auto other = connect();
  other.run_script("make", "insert into devy.prune_pass (name) values ('operations')");
  queue::MaintenanceCounts counts;
  const pg::Transaction transaction(other);
  other.run_script("lock", "select 1 from devy.prune_pass for update");
  EXPECT_FALSE(task->run(connection, counts, {}));
  EXPECT_EQ(database.number("select count(*) from devy.operation"), 3);
}

TEST_F(PruneTest, TellsHowLongAgoTheLastPassBegan) {
  database.execute("update devy.schema_version set applied_at = now() - interval '1 day'");
  EXPECT_GE(queue::prune_behind(connection, {"operations"})["operations"], 86'400);
  prune();
  EXPECT_LT(queue::prune_behind(connection, {"operations"})["operations"], 3'600);
  database.execute("update devy.prune_pass set covered_at = now() - interval '1 day'");
  auto longer = queue::ages_of(config);
  longer.older_than += hours(1);
  queue::prune_all(connection, operations(), longer, queue::ages_of(config), base::system_clock(),
                   [](const queue::PruneCounts&) {});
  EXPECT_GE(queue::prune_behind(connection, {"operations"})["operations"], 86'400)
      << "what the configuration lets go has not gone";
}

TEST(BatchSize, FollowsTheTimeThatTheLastOneTook) {
  queue::BatchSize size;
  const auto first = size.rows();
  size.note(std::chrono::milliseconds(10));
  EXPECT_GT(size.rows(), first);
  for (int i = 0; i < 20; ++i)
    size.note(std::chrono::milliseconds(10));
  EXPECT_EQ(size.rows(), 1'000);
  size.note(std::chrono::milliseconds(100));
  EXPECT_EQ(size.rows(), 1'000);
  for (int i = 0; i < 20; ++i)
    size.note(std::chrono::seconds(1));
  EXPECT_GT(size.rows(), 0);
  EXPECT_LT(size.rows(), first);
}

}  // namespace prune_test
}  // namespace devy::testing
