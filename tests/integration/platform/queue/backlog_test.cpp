// Counts of what waits: exact while it is short, as maintenance counted it when it is long.
#include "core/platform/queue/backlog.hpp"

#include <map>

#include "core/platform/queue/health.hpp"
#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace backlog_test {

class BacklogTest : public QueueTest {
 protected:
  void fill(int from, int to) {
    database.execute(
        "insert into devy.resource (kind, key) select 'backlog', n::text from generate_series(" +
        std::to_string(from) + ", " + std::to_string(to) +
        ") n; insert into devy.operation (id, kind, resource_id, state, source) "
        "select gen_random_uuid(), 'test', r.id, 'verified', 'webhook' from devy.resource r "
        "where r.kind = 'backlog' and r.key::int >= " +
        std::to_string(from));
  }
  [[nodiscard]] std::int64_t waiting() {
    std::int64_t count = 0;
    for (const auto& row : queue::count_open_operations(connection))
      if (row.state == "verified") count += row.count;
    return count;
  }
  [[nodiscard]] bool count() {
    queue::MaintenanceCounts counts;
    return queue::count_backlog().make(config_)->run(connection, counts, {});
  }

 private:
  config::Config config_;
};

TEST_F(BacklogTest, IsCountedExactlyWhileItIsShort) {
  fill(1, queue::open_counted_max);
  EXPECT_EQ(waiting(), queue::open_counted_max);
  EXPECT_FALSE(count());
}

TEST_F(BacklogTest, IsCountedByMaintenanceWhenItIsLong) {
  fill(1, 5 * queue::open_counted_max);
  EXPECT_EQ(waiting(), queue::open_counted_max);
  EXPECT_TRUE(count());
  EXPECT_EQ(waiting(), 5 * queue::open_counted_max);
  // Another daemon has counted.
  fill(5 * queue::open_counted_max + 1, 5 * queue::open_counted_max + 1);
  EXPECT_FALSE(count());
  database.execute("update devy.operation_count set counted_at = now() - interval '2 min'");
  EXPECT_TRUE(count());
  EXPECT_EQ(waiting(), 5 * queue::open_counted_max + 1);
}

TEST_F(BacklogTest, ForgetsTheCountWhenItIsShortAgain) {
  fill(1, 2 * queue::open_counted_max);
  EXPECT_TRUE(count());
  database.execute(
      "update devy.operation set state = 'cancelled', finished_at = now(), cancel_reason = 'test' "
      "where state = 'verified'; "
      "update devy.operation_count set counted_at = now() - interval '2 min'");
  EXPECT_EQ(waiting(), 0);
  EXPECT_TRUE(count());
  EXPECT_EQ(database.scalar("select count(*) from devy.operation_count"), "0");
  EXPECT_FALSE(count());
}

TEST_F(BacklogTest, DoesNotHideWhatCouldBegin) {
  fill(1, 2 * queue::waiting_counted_max);
  EXPECT_EQ(queue::queue_health(connection).waiting, queue::waiting_counted_max);
  EXPECT_GT(queue::queue_health(connection).oldest_waiting_seconds, 0);
  database.execute("update devy.resource set paused_until = 'infinity' where kind = 'backlog'");
  EXPECT_EQ(queue::queue_health(connection).waiting, 0);
  add_waiting();
  EXPECT_EQ(queue::queue_health(connection).waiting, 1);
}

}  // namespace backlog_test
}  // namespace devy::testing
