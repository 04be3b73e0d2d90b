// What ended, counted by the minute for charts.
#include "core/platform/queue/statistics.hpp"

#include <numeric>

#include "tests/integration/platform/queue/queue_fixture.hpp"

namespace devy::testing {
namespace statistics_test {

class Statistics : public QueueTest {
 protected:
  // Operations that were never run have no histories that the invariants could look at.
  void TearDown() override {
    database.execute("set session_replication_role = replica; delete from devy.operation");
    QueueTest::TearDown();
  }
  // So many operations that ended then, after they had waited for so long.
  void make(const std::string& ended_at, int count, const std::string& waited,
            const std::string& state = "completed") const {
    database.execute(
        "set session_replication_role = replica; "
        "insert into devy.operation (id, kind, resource_id, state, source, waiting_since, "
        "started_at, finished_at) select gen_random_uuid(), 'upload', (select min(id) from "
        "devy.resource), '" +
        state + "', 'webhook', t.at - interval '" + waited +
        "', "
        "t.at - interval '10 milliseconds', t.at from (select " +
        ended_at + " as at) t, generate_series(1, " + std::to_string(count) + ")");
  }
  void begin_at(const std::string& minute) const {
    database.execute("update devy.operation_minute_until set minute = date_trunc('minute', " +
                     minute + ")");
  }
  [[nodiscard]] bool count_minutes(const std::string& settle = "0 seconds") const {
    return database.scalar("select devy.operation_minutes_count('" + settle + "', 10000)") == "t";
  }
};

TEST_F(Statistics, CountsEachMinuteOnce) {
  begin_at("now() - interval '10 minutes'");
  make("date_trunc('minute', now()) - interval '3 minutes'", 5, "1 second");
  make("date_trunc('minute', now()) - interval '3 minutes'", 2, "1 second", "failed");
  make("date_trunc('minute', now()) - interval '2 minutes'", 1, "100 milliseconds");
  // The minute that is not over yet.
  make("now()", 1, "1 second");
  EXPECT_TRUE(count_minutes());
  EXPECT_FALSE(count_minutes());
  EXPECT_EQ(database.scalar("select sum(count) from devy.operation_minute"), "8");
  EXPECT_EQ(database.scalar("select string_agg(state || ' ' || count, ', ' order by minute, state) "
                            "from devy.operation_minute"),
            "completed 5, failed 2, completed 1");
  // A second is below 1 024 ms, and 10 ms below 16.
  EXPECT_EQ(database.scalar("select wait_hist[11] || ' ' || run_hist[5] || ' ' || oldest_wait_ms "
                            "from devy.operation_minute order by minute, state limit 1"),
            "5 5 1000");
}

TEST_F(Statistics, AddsOldMinutesToHours) {
  for (const auto* back : {"50 hours", "50 hours 1 minute", "50 hours 2 minutes"})
    make("date_trunc('hour', now()) + interval '30 minutes' - interval '" + std::string(back) + "'",
         3, "2 seconds");
  make("now() - interval '3 hours'", 4, "2 seconds");
  begin_at("now() - interval '60 hours'");
  EXPECT_TRUE(count_minutes());
  EXPECT_EQ(database.scalar("select string_agg(is_hour || ' ' || count, ', ' order by minute) "
                            "from devy.operation_minute"),
            "true 9, false 4");
  EXPECT_EQ(database.scalar("select array_length(wait_hist, 1) || ' ' || (select sum(n) from "
                            "unnest(wait_hist) n) from devy.operation_minute where is_hour"),
            "24 9");
}

TEST_F(Statistics, ReadsSpansWithoutGaps) {
  begin_at("now() - interval '30 minutes'");
  make("date_trunc('minute', now()) - interval '5 minutes'", 2, "3 seconds");
  make("date_trunc('minute', now()) - interval '5 minutes'", 1, "3 seconds", "failed");
  EXPECT_TRUE(count_minutes());
  auto connection = connect();
  const auto spans = queue::read_spans(connection, queue::SpanLength::minute, 20, std::nullopt);
  ASSERT_EQ(spans.size(), 20U);
  for (std::size_t n = 1; n < spans.size(); ++n)
    EXPECT_EQ(spans[n].begins_at - spans[n - 1].begins_at, std::chrono::minutes(1));
  std::int64_t completed = 0, failed = 0;
  queue::Histogram waits{};
  for (const auto& span : spans) {
    completed += span.completed;
    failed += span.failed;
    for (std::size_t n = 0; n < waits.size(); ++n)
      waits[n] += span.wait[n];
  }
  EXPECT_EQ(completed, 2);
  EXPECT_EQ(failed, 1);
  // Between 2 048 and 4 096 ms, of what completed alone.
  EXPECT_EQ(std::accumulate(waits.begin(), waits.end(), std::int64_t{0}), 2);
  EXPECT_GT(queue::quantile_ms(waits, 0.5).value(), 2'047);
  EXPECT_LT(queue::quantile_ms(waits, 0.99).value(), 4'097);
  EXPECT_FALSE(queue::quantile_ms(queue::Histogram{}, 0.5));
  const auto others = queue::read_spans(connection, queue::SpanLength::hour, 2, "mirror_fetch");
  ASSERT_EQ(others.size(), 2U);
  EXPECT_EQ(others[0].completed + others[1].completed, 0);
}

}  // namespace statistics_test
}  // namespace devy::testing
